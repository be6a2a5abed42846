import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { type Caller, calledBy } from '../audit/caller.ts'
import type { Core } from '../core.ts'
import type { Developer, Developers } from '../developers/developers.ts'
import type { Scope } from '../developers/scope.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { describeError } from '../operation/log.ts'
import { DatabaseAway } from '../storage/availability.ts'
import { ApiError, type ErrorName } from './errors.ts'
import { type Fields, readInput, type Values } from './input.ts'
import { type Answer, type Answered, ReadyAnswer, writerOf } from './output.ts'
import { toWire } from './wire.ts'
import { type Language, languageOf, type Words } from './words.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors }

/**
 * `developer`: needs a valid devToken with this scope. `anyone`: the call checks access itself, or the document
 * leaves it open.
 */
export type Access = { by: 'developer'; scope: Scope } | { by: 'anyone' }

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
    for (const method of declared.methods) {
      app.route({
        method,
        url: declared.path,
        onRequest: (request, reply, done) => {
          try {
            if (method === 'POST') checkBeforeBody(ctx, declared.access, request)
            done()
          } catch (error) {
            const known = toApiError(ctx, declared.path, request, error)
            ctx.metrics.countCall(declared.path, known.code, reply.elapsedTime)
            sendFailure(request, reply, known)
          }
        },
        handler: (request, reply) => run(ctx, declared, write, request, reply),
      })
    }
  }
}

/** What is read of a body, in bytes, before its sender is known. */
const strangersBodyAtMost = 65_536

/**
 * A token in the query or a header is checked before the body is read. Who carries it in the body, as the document allows,
 * has to keep the body small, and to say how large it is.
 */
function checkBeforeBody({ availability, developers }: Needs, access: Access, request: FastifyRequest): void {
  availability.check()
  const query = request.query as Record<string, unknown>
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
  const started = performance.now()
  const finish = (code: string) => {
    ctx.metrics.countCall(declared.path, code, performance.now() - started)
    if (developer) ctx.developers.countCall(developer, declared.path, code !== '0')
  }
  const fail = (error: unknown) => {
    const known = toApiError(ctx, declared.path, request, error)
    finish(known.code)
    return sendFailure(request, reply, known)
  }
  const send = (result: unknown) => {
    const body = writeBody(result, write)
    finish('0')
    return sendBody(request, reply, body)
  }
  try {
    ctx.availability.check()
    const given = givenInput(request)
    if (declared.access.by === 'developer') {
      developer = ctx.developers.authenticate(given, request, declared.access.scope)
    }
    const input = readInput(declared.input, given)
    const own = () => declared.handle(ctx, { input, developer, given, request } as never)
    const handle = () =>
      developer && request.method === 'POST' ? calledBy(callerOf(developer, request), own) : own()
    const work = () =>
      declared.directory === true && developer ? ctx.mirrors.during(developer.corpId, handle) : handle()
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
  const body = request.body
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('badParameter', {
      zh: '请求体应为 JSON 对象',
      en: 'the body should be a JSON object',
    })
  }
  return { ...query, ...body }
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
function sendWire(request: FastifyRequest, reply: FastifyReply, wire: string): FastifyReply {
  reply.hijack()
  const headers = {
    'content-type': jsonType,
    'content-length': wire.length,
    'x-request-id': request.id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  reply.raw.writeHead(200, headers).end(wire, 'latin1')
  return reply
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
  const message = JSON.stringify(error.messageIn(languageAsked(request)))
  return sendJson(reply.code(error.status), `{"retCode":"${error.code}","retMessage":${message}}`)
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
