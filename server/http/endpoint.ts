import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { type Caller, calledBy } from '../audit/caller.ts'
import type { Core } from '../core.ts'
import type { Developer, Developers } from '../developers/developers.ts'
import type { Scope } from '../developers/scope.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { describeError } from '../operation/log.ts'
import { checkMaySend, isPacket, type OpenPacket, type Packets } from '../packets/packets.ts'
import { badPacket, packetsRequired, streamsClear } from '../packets/refusals.ts'
import { DatabaseAway } from '../storage/availability.ts'
import { ApiError, type ErrorName, wrongMethod } from './errors.ts'
import { type Fields, readInput, readJson, type Values } from './input.ts'
import { type Answer, type Answered, ReadyAnswer, writerOf } from './output.ts'
import { toWire, wireBytes } from './wire.ts'
import { type Language, languageOf, type Words } from './words.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors; packets: Packets }

/**
 * `developer`: needs a valid devToken, with this scope where there is one. `anyone`: the call checks access itself, or the document
 * leaves it open.
 */
export type Access = { by: 'developer'; scope: Scope | undefined } | { by: 'anyone' }

/**
 * Set by exactly those calls whose handlers take `mirrors`. `true`: the address book of the call's corp is in memory
 * before the handler runs and while it does. `handler`: the handler determines the corp and asks for its address book
 * itself.
 */
export type DirectoryUse = true | 'handler'
export type UsesDirectory = { mirrors: Mirrors }

/** What a handler receives. `developer` is set where the access requires one. */
export type Call<F extends Fields, A extends Access> = {
  input: Values<F>
  developer: A extends { by: 'developer' } ? Developer : undefined
  /** Everything that the caller sent, for calls whose meaning depends on which inputs are present. */
  given: Record<string, unknown>
  request: FastifyRequest
}

export type Endpoint<F extends Fields, A extends Access, S extends TSchema, C> = {
  methods: readonly ('GET' | 'POST')[]
  path: string
  /** Section of the interface document, or `wisp` for our own calls. */
  section: string
  /** Chinese, for the API pages. */
  summary: string
  description?: string
  access: A
  /** Set by the calls that come before packets can be encrypted. */
  isAlwaysClear?: true
  input: F
  /**
   * Shape of `body`; properties that it does not declare are not sent. Ready answers bypass this, so every test that
   * receives one checks it (shape.fixture.ts).
   */
  output: S
  directory?: DirectoryUse | undefined
  /** Errors beyond those that every call can return. */
  errors: readonly ErrorName[]
  /** The `body` of a real answer. */
  sample: unknown
  handle: (ctx: C, call: Call<F, A>) => Answered<S> | Promise<Answered<S>>
}

/** Any call that a context of type C can serve. */
export type AnyEndpoint<C> = Omit<Endpoint<Fields, Access, TSchema, C>, 'handle'> & {
  handle: (ctx: C, call: never) => unknown
}

/** One declaration per call: validation, authentication, envelope and API pages are all derived from it. */
export function endpoint<
  const F extends Fields,
  const A extends Access,
  S extends TSchema,
  C extends UsesDirectory,
>(declaration: Endpoint<F, A, S, C> & { directory: DirectoryUse }): AnyEndpoint<C>
export function endpoint<const F extends Fields, const A extends Access, S extends TSchema, C>(
  declaration: Endpoint<F, A, S, C> & { directory?: undefined },
  ..._onlyWithout: C extends UsesDirectory ? [mirrors: never] : []
): AnyEndpoint<C>
export function endpoint<C>(declaration: AnyEndpoint<C>, ..._onlyWithout: unknown[]): AnyEndpoint<C> {
  return declaration
}

const success: Words = {
  zh: '{"retCode":"0","retMessage":"成功","body":',
  en: '{"retCode":"0","retMessage":"success","body":',
}
const jsonType = 'application/json; charset=utf-8'

const wireSuccess: Words = { zh: toWire(success.zh), en: toWire(success.en) }

/** Wraps a body in the envelope; both are in wire form. */
export function envelope(wire: string, language: Language = 'zh'): string {
  return `${wireSuccess[language]}${wire}}`
}

/** Kept answers have the Chinese envelope; this replaces its beginning with the English one. */
function inEnglish(kept: Buffer): Buffer {
  return Buffer.concat([Buffer.from(wireSuccess.en, 'latin1'), kept.subarray(wireSuccess.zh.length)])
}

/** Reads the raw headers, because most calls need none and `headers` would build an object of all of them. */
function languageAsked({ raw: { rawHeaders } }: FastifyRequest): Language {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (name.length === 15 && name.toLowerCase() === 'accept-language') return languageOf(rawHeaders[at + 1])
  }
  return 'zh'
}

export function registerEndpoints<C extends Needs>(
  app: FastifyInstance,
  ctx: C,
  endpoints: readonly AnyEndpoint<C>[],
): void {
  for (const declared of endpoints) {
    const write = writerOf(declared.output)
    for (const method of methodsOf(declared)) {
      app.route({
        method,
        url: declared.path,
        onRequest: (request, reply, done) => {
          try {
            if (method === 'POST') checkBeforeBody(ctx, declared, request, reply)
            done()
          } catch (error) {
            const known = inClear(request, toApiError(ctx, declared.path, request, error))
            ctx.metrics.countCall(declared.path, known.code, reply.elapsedTime)
            sendFailure(request, reply, known)
          }
        },
        handler: (request, reply) => run(ctx, declared, write, request, reply),
      })
    }
  }
}

/** A call of the API is taken by POST too, as a packet. */
function methodsOf({ methods, path }: AnyEndpoint<never>): ('GET' | 'POST')[] {
  return path.startsWith('/api/') ? [...new Set([...methods, 'POST' as const])] : [...methods]
}

/** The answer in the clear to a packet that was not opened: whatever is wrong with its parts is one error. */
function inClear(request: FastifyRequest, known: ApiError): ApiError {
  return isPacket(request) && known.error === 'badParameter' && known.status === 200 ? badPacket() : known
}

/** What is read of a body, in bytes, before its sender is known. */
const strangersBodyAtMost = 65_536

/**
 * A token in the query or a header is checked before the body is read. Who carries it in the body, as the document allows,
 * has to keep the body small, and to say how large it is.
 */
function checkBeforeBody(
  { availability, developers }: Needs,
  { access, path, methods, isAlwaysClear }: Omit<AnyEndpoint<never>, 'handle'>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const query = request.query as Record<string, unknown>
  if (isPacket(request)) {
    availability.check()
    if (isAlwaysClear) throw badPacket()
    checkMaySend(developers.identify(query, request))
    return
  }
  if (!methods.includes('POST')) {
    reply.header('allow', methods.join(', '))
    throw wrongMethod(path, methods)
  }
  availability.check()
  if (access.by === 'developer' && (query['devToken'] || request.headers.authorization)) {
    developers.identify(query, request)
    return
  }
  const length = request.headers['content-length']
  if (length !== undefined ? Number(length) <= strangersBodyAtMost : !request.headers['transfer-encoding'])
    return
  throw new ApiError(
    'badParameter',
    {
      zh: `请求体超过 ${strangersBodyAtMost} 字节时，devToken 应在地址或 Authorization 头里`,
      en: `with a body of more than ${strangersBodyAtMost} bytes, devToken belongs in the query or the Authorization header`,
    },
    { status: 413 },
  )
}

function run<C extends Needs>(
  ctx: C,
  declared: AnyEndpoint<C>,
  write: Writer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  let developer: Developer | undefined
  let packet: OpenPacket | undefined
  const started = performance.now()
  const finish = (code: string) => {
    ctx.metrics.countCall(declared.path, code, performance.now() - started)
    if (developer) ctx.developers.countCall(developer, declared.path, code !== '0')
  }
  const fail = (error: unknown) => {
    const known = toApiError(ctx, declared.path, request, error)
    finish(known.code)
    if (packet && known.status === 200)
      return sendSealed(request, reply, packet.answer(Buffer.from(failureText(request, known))))
    return sendFailure(request, reply, packet ? known : inClear(request, known))
  }
  const send = (result: unknown) => {
    const body = writeBody(result, write)
    const sealed = packet?.answer(wholeEnvelope(request, body))
    finish('0')
    return sealed ? sendSealed(request, reply, sealed) : sendBody(request, reply, body)
  }
  const handle = (given: Record<string, unknown>) => {
    const input = readInput(declared.input, given)
    const own = () => declared.handle(ctx, { input, developer, given, request } as never)
    const called = () =>
      developer && request.method === 'POST' ? calledBy(callerOf(developer, request), own) : own()
    return declared.directory === true && developer ? ctx.mirrors.during(developer.corpId, called) : called()
  }
  try {
    ctx.availability.check()
    const isSealed = isPacket(request)
    const given = isSealed ? (request.query as Record<string, unknown>) : givenInput(request)
    const { access } = declared
    if (access.by === 'developer') developer = ctx.developers.authenticate(given, request, access.scope)
    else if (isSealed) developer = ctx.developers.identify(given, request)
    if (!isSealed && developer?.packets === 'required' && !declared.isAlwaysClear) throw packetsRequired()
    const open = async (sender: Developer) => {
      packet = await ctx.packets.open(sender, declared.path, request)
      return handle(objectOf(readJson(packet.plain)))
    }
    const work = () => (isSealed && developer ? open(developer) : handle(given))
    const result = developer ? ctx.developers.inTurn(developer, work) : work()
    return result instanceof Promise ? result.then(send).catch(fail) : send(result)
  } catch (error) {
    return fail(error)
  }
}

function callerOf({ devId, name }: Developer, { ip: address }: FastifyRequest): Caller {
  return { actor: `developer:${devId}`, name, address }
}

export function givenInput(request: FastifyRequest): Record<string, unknown> {
  const query = request.query as Record<string, unknown>
  if (request.method === 'GET' || request.body === undefined) return query
  return { ...query, ...objectOf(request.body) }
}

function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('badParameter', {
      zh: '请求体应为 JSON 对象',
      en: 'the body should be a JSON object',
    })
  }
  return body as Record<string, unknown>
}

type Writer = (answer: unknown) => string

/**
 * Writes the declared parts of an answer as JSON, or returns a ready answer. Throws when the answer does not match
 * its declaration.
 */
export function writeBody(result: unknown, write: Writer): string | Answer {
  return result instanceof ReadyAnswer ? result.answer : write(result)
}

export function sendBody(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: string | Answer,
): FastifyReply {
  const language = languageAsked(request)
  if (typeof answer === 'string') return sendJson(reply, `${success[language]}${answer}}`)
  if ('wire' in answer) return sendWire(request, reply, envelope(answer.wire, language))
  if ('stream' in answer) {
    answer.stream(reply.hijack().raw, request.id)
    return reply
  }
  if ('file' in answer) {
    return reply
      .header('content-type', answer.type)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', `private, max-age=${answer.maxAgeSeconds}`)
      .send(answer.file)
  }
  const isKept = language === 'zh'
  const etag = isKept ? answer.etag : answer.etag.replace(/"$/, `-${language}"`)
  reply
    .header('etag', etag)
    .header('cache-control', 'private, no-cache')
    .header('vary', 'accept-language')
    .header('x-content-type-options', 'nosniff')
  if (isCurrent(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.header('content-type', jsonType).send(isKept ? answer.envelope : inEnglish(answer.envelope))
}

/** A cache may offer several ETags, and a compressing proxy turns ours into weak ones. */
function isCurrent(offered: string | undefined, etag: string): boolean {
  if (!offered) return false
  return offered === '*' || offered.split(',').some(one => one.trim().replace(/^W\//, '') === etag)
}

/** Bypasses Fastify's send, which writes header and body to the socket separately; here they leave together. */
function sendWire(
  request: FastifyRequest,
  reply: FastifyReply,
  wire: string,
  more: Record<string, string> = {},
): FastifyReply {
  reply.hijack()
  const headers = {
    ...more,
    'content-type': jsonType,
    'content-length': wire.length,
    'x-request-id': request.id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  reply.raw.writeHead(200, headers).end(wire, 'latin1')
  return reply
}

function sendSealed(
  request: FastifyRequest,
  reply: FastifyReply,
  { headers, body }: ReturnType<OpenPacket['answer']>,
): FastifyReply {
  return sendWire(request, reply, body, headers)
}

/** The answer as it is encrypted; a file is a body of its type and its bytes in base64. */
function wholeEnvelope(request: FastifyRequest, answer: string | Answer): Buffer {
  const language = languageAsked(request)
  if (typeof answer === 'string') return Buffer.from(`${success[language]}${answer}}`)
  if ('stream' in answer) throw streamsClear()
  if ('wire' in answer) return wireBytes(envelope(answer.wire, language))
  if ('envelope' in answer) return language === 'zh' ? answer.envelope : inEnglish(answer.envelope)
  const body = JSON.stringify({ type: answer.type, data: answer.file.toString('base64') })
  return Buffer.from(`${success[language]}${body}}`)
}

/** Answers carry tokens and people, which no cache on the way may keep. */
function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply
    .header('content-type', jsonType)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(json)
}

export function sendFailure(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  return sendJson(reply.code(error.status), failureText(request, error))
}

function failureText(request: FastifyRequest, error: ApiError): string {
  return `{"retCode":"${error.code}","retMessage":${JSON.stringify(error.messageIn(languageAsked(request)))}}`
}

/** Retry-After while the database is away, in seconds. */
export const retryAfterAwaySeconds = 5

/** Turns any unexpected error into 9999: its text goes to the log, and the caller gets the request id. */
export function toApiError(ctx: Core, path: string, request: FastifyRequest, error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof DatabaseAway) {
    ctx.log.warn({ requestId: request.id, path, error: error.message }, 'call failed')
    return new ApiError(
      'internal',
      {
        zh: '数据库暂时不可用，请稍后再试',
        en: 'the database is unavailable for the moment: try again later',
      },
      { status: 503, retryAfterSeconds: retryAfterAwaySeconds },
    )
  }
  ctx.log.error({ requestId: request.id, path, ...describeError(error) }, 'call failed')
  return new ApiError('internal', { zh: `请求编号 ${request.id}`, en: `request ${request.id}` })
}
