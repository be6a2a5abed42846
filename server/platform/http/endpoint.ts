import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { type Developer, type Developers, developerNamed } from '../../callers/developers/developers.ts'
import type { Scope } from '../../callers/developers/scope.ts'
import { groupOf } from '../../callers/limits/groups.ts'
import type { Admission, Limits } from '../../callers/limits/limits.ts'
import type { OutgoingClicks } from '../../callers/limits/outgoing-clicks.ts'
import type { CallGroup } from '../../callers/limits/settings.ts'
import { checkMaySend, isPacket, type OpenPacket, type Packets } from '../../callers/packets/packets.ts'
import { badPacket, packetsRequired } from '../../callers/packets/refusals.ts'
import type { Requests } from '../../callers/requests/requests.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { type Caller, calledBy } from '../audit/caller.ts'
import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'
import { DatabaseAway } from '../storage/availability.ts'
import { sendBody, sendJson, sendSealed, sendWire, wholeEnvelope } from './answers/send.ts'
import type { BodiesInProgress } from './bodies/in-progress.ts'
import { type BodyLimits, limitsOfInputs, smallBody } from './bodies/limits-of-inputs.ts'
import { tooLarge } from './bodies/read-body.ts'
import { readJson } from './bodies/read-json.ts'
import { ApiError, type ErrorName, wrongMethod } from './errors.ts'
import { type ApiFields, readInput, type Values } from './input.ts'
import { type Answer, type Answered, ReadyAnswer, writerOf } from './output.ts'
import { toWire } from './wire.ts'
import { languageAsked, type Words } from './words.ts'

type Needs = Core & {
  developers: Developers
  mirrors: Mirrors
  packets: Packets
  requests: Requests
  limits: Limits
  bodies: BodiesInProgress
  outgoingClicks: OutgoingClicks
}

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
export type Call<F extends ApiFields, A extends Access> = {
  input: Values<F>
  developer: A extends { by: 'developer' } ? Developer : undefined
  /** Everything that the caller sent, for calls whose meaning depends on which inputs are present. */
  given: Record<string, unknown>
  request: FastifyRequest
}

export type Endpoint<F extends ApiFields, A extends Access, S extends TSchema, C> = {
  methods: readonly ('GET' | 'POST')[]
  path: string
  /** Section of the interface document (docs/interface/README.md#sections), or `wisp` for our own calls. */
  section: string
  summary: Words
  description?: Words
  access: A
  /** Calls that are limited together; without it, it follows from method and scope (limits/groups.ts). */
  group?: CallGroup
  /** Set by the calls that come before packets can be encrypted. */
  isAlwaysClear?: true
  input: F
  /** The inputs that the request log keeps, as far as they have their field's shape: ids and choices, never content, names, mobiles, secrets or tokens. */
  logged?: readonly (keyof F & string)[]
  /**
   * Shape of `body`; properties that it does not declare are not sent. Ready answers bypass this, so every test that
   * receives one checks it (shape.fixture.ts).
   */
  output: S
  directory?: DirectoryUse | undefined
  /** The call makes wisp call others at once (limits/outgoing-clicks.ts). */
  outgoing?: true
  /** Errors beyond those that every call can return. */
  errors: readonly ErrorName[]
  /** The `body` of a real answer. */
  sample: unknown
  /** Inputs to try the call with; `{userId}` and the like stand for what its developer sees (registry/trial-values.ts). */
  sampleInput?: { readonly [K in keyof F]?: unknown }
  handle: (ctx: C, call: Call<F, A>) => Answered<S> | Promise<Answered<S>>
}

/** Any call that a context of type C can serve. */
export type AnyEndpoint<C> = Omit<Endpoint<ApiFields, Access, TSchema, C>, 'handle'> & {
  handle: (ctx: C, call: never) => unknown
}

/** One declaration per call: validation, authentication, envelope and API pages are all derived from it. */
export function endpoint<
  const F extends ApiFields,
  const A extends Access,
  S extends TSchema,
  C extends UsesDirectory,
>(declaration: Endpoint<F, A, S, C> & { directory: DirectoryUse }): AnyEndpoint<C>
export function endpoint<const F extends ApiFields, const A extends Access, S extends TSchema, C>(
  declaration: Endpoint<F, A, S, C> & { directory?: undefined },
  ..._onlyWithout: C extends UsesDirectory ? [mirrors: never] : []
): AnyEndpoint<C>
export function endpoint<C>(declaration: AnyEndpoint<C>, ..._onlyWithout: unknown[]): AnyEndpoint<C> {
  return declaration
}

export function registerEndpoints<C extends Needs>(
  app: FastifyInstance,
  ctx: C,
  endpoints: readonly AnyEndpoint<C>[],
): void {
  for (const declared of endpoints) {
    const limits = limitsOfInputs(declared.input)
    const made = { write: writerOf(declared.output), group: groupOf(declared), limits }
    for (const method of methodsOf(declared)) {
      app.route({
        method,
        url: declared.path,
        config: { bodyLimits: limits },
        onRequest: (request, reply, done) => {
          const reading = ctx.developers.lenderToRead(request.query as Record<string, unknown>, request)
          if (!reading) return meet(ctx, declared, limits, request, reply, done)
          reading.then(
            () => meet(ctx, declared, limits, request, reply, done),
            error => refuse(ctx, declared, request, reply, error),
          )
        },
        handler: (request, reply) => {
          const reading = lenderInBody(ctx, request)
          const answer = () => run(ctx, declared, made, request, reply)
          if (!reading) return answer()
          return reading.then(answer, error => refuse(ctx, declared, request, reply, error))
        },
      })
    }
  }
}

/** Before the body is read. */
function meet<C extends Needs>(
  ctx: C,
  declared: AnyEndpoint<C>,
  limits: BodyLimits,
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  try {
    if (request.method === 'POST') checkBeforeBody(ctx, declared, limits, request, reply)
    done()
  } catch (error) {
    refuse(ctx, declared, request, reply, error)
  }
}

function refuse<C extends Needs>(
  ctx: C,
  declared: AnyEndpoint<C>,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  const known = inClear(request, toApiError(ctx, declared.path, request, error))
  ctx.metrics.countCall(declared.path, known.code, reply.elapsedTime)
  ctx.requests.note(declared, request, { code: known.code, ms: reply.elapsedTime })
  return sendCallFailure(ctx, request, reply, known)
}

/** A token that came with the body is met only once that has been read. */
function lenderInBody({ developers }: Needs, request: FastifyRequest): Promise<void> | undefined {
  const { body } = request
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined
  return given && 'devToken' in given ? developers.lenderToRead(given, request) : undefined
}

/** A call of the API is taken by POST too, as a packet. */
function methodsOf({ methods, path }: AnyEndpoint<never>): ('GET' | 'POST')[] {
  return path.startsWith('/api/') ? [...new Set([...methods, 'POST' as const])] : [...methods]
}

/** The answer in the clear to a packet that was not opened: whatever is wrong with its parts is one error. */
function inClear(request: FastifyRequest, known: ApiError): ApiError {
  return isPacket(request) && known.error === 'badParameter' && known.status === 200 ? badPacket() : known
}

/**
 * A token in the query or a header is checked before the body is read. Who carries it in the body, as the document allows,
 * has to keep the body small, and to say how large it is.
 */
function checkBeforeBody(
  { availability, developers, bodies }: Needs,
  { access, path, methods, isAlwaysClear }: Omit<AnyEndpoint<never>, 'handle'>,
  limits: BodyLimits,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const query = request.query as Record<string, unknown>
  if (isPacket(request)) {
    availability.check()
    if (isAlwaysClear) throw badPacket()
    const developer = developers.identify(query, request)
    checkMaySend(developer)
    bodies.belongsTo(request, senderOf(developer))
    return
  }
  if (!methods.includes('POST')) {
    reply.header('allow', methods.join(', '))
    throw wrongMethod(path, methods)
  }
  availability.check()
  if (access.by === 'developer' && (query['devToken'] || request.headers.authorization)) {
    bodies.belongsTo(request, senderOf(developers.identify(query, request)))
    return
  }
  const length = request.headers['content-length']
  if (length !== undefined ? Number(length) <= smallBody : !request.headers['transfer-encoding']) return
  if (limits.bytes <= smallBody && length !== undefined) throw tooLarge(limits.bytes)
  throw new ApiError(
    'badParameter',
    {
      zh: `请求体超过 ${smallBody} 字节时，devToken 应在地址或 Authorization 头里`,
      en: `with a body of more than ${smallBody} bytes, devToken belongs in the query or the Authorization header`,
    },
    { status: 413 },
  )
}

function run<C extends Needs>(
  ctx: C,
  declared: AnyEndpoint<C>,
  { write, group, limits }: { write: Writer; group: CallGroup | undefined; limits: BodyLimits },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  let developer: Developer | undefined
  let packet: OpenPacket | undefined
  let sent: Record<string, unknown> | undefined
  let admission: Admission | undefined
  const started = performance.now()
  const finish = (code: string) => {
    ctx.bodies.end(request)
    const ms = performance.now() - started
    ctx.metrics.countCall(declared.path, code, ms)
    ctx.requests.note(declared, request, { developer, given: sent, code, ms })
    if (developer) ctx.developers.countCall(developer, declared.path, code !== '0')
  }
  const admit = (caller: Developer | undefined) => {
    if (!caller || !group) return
    admission = ctx.limits.admit(caller, group)
    if (admission.refusal) throw admission.refusal
  }
  const fail = (error: unknown) => {
    const known = toApiError(ctx, declared.path, request, error)
    finish(known.code)
    if (packet && known.status === 200) {
      const text = Buffer.from(failureText(request, known))
      return sendSealed(request, reply, packet.answer(text), admission?.headers)
    }
    const told = packet ? known : inClear(request, known)
    const headers = { ...admission?.headers, ...failureHeaders(ctx, request, told) }
    return sendWire(request, reply, toWire(failureText(request, told)), headers, told.status)
  }
  const send = (result: unknown) => {
    // Who asks for a token is counted once the secret was right: nobody uses up what is another's.
    if (!developer) admit(developerNamed(ctx.developers, sent))
    const body = writeBody(result, write)
    const sealed = packet?.answer(wholeEnvelope(request, body))
    finish('0')
    const { headers } = admission ?? {}
    return sealed ? sendSealed(request, reply, sealed, headers) : sendBody(request, reply, body, headers)
  }
  const handle = (given: Record<string, unknown>) => {
    sent = given
    const input = readInput(declared.input, given)
    const own = () => declared.handle(ctx, { input, developer, given, request } as never)
    const counted = () =>
      declared.outgoing && developer
        ? ctx.outgoingClicks.count(`developer:${developer.devId}`, developer.corpId).then(own)
        : own()
    const called = () =>
      developer && request.method === 'POST' ? calledBy(actorOf(developer, request), counted) : counted()
    return declared.directory === true && developer ? ctx.mirrors.during(developer.corpId, called) : called()
  }
  try {
    ctx.availability.check()
    const isSealed = isPacket(request)
    const given = isSealed ? (request.query as Record<string, unknown>) : givenInput(request)
    sent = given
    developer = callerOf(ctx, declared.access, given, request)
    if (developer && request.method === 'POST') ctx.bodies.belongsTo(request, senderOf(developer))
    admit(developer)
    if (!isSealed && developer?.packets === 'required' && !declared.isAlwaysClear) throw packetsRequired()
    const open = async (sender: Developer) => {
      packet = await ctx.packets.open(sender, declared.path, request)
      return handle(objectOf(readJson(packet.plain, limits.elements)))
    }
    const work = () => (isSealed && developer ? open(developer) : handle(given))
    const result = developer ? ctx.developers.inTurn(developer, work) : work()
    return result instanceof Promise ? result.then(send).catch(fail) : send(result)
  } catch (error) {
    return fail(error)
  }
}

/** Undefined for calls that anybody may make in the clear. */
function callerOf(
  { developers }: Needs,
  access: Access,
  given: Record<string, unknown>,
  request: FastifyRequest,
): Developer | undefined {
  if (access.by === 'developer') return developers.authenticate(given, request, access.scope)
  return isPacket(request) ? developers.identify(given, request) : undefined
}

/** Whose bodies are counted together. */
export function senderOf({ devId }: Developer): string {
  return `developer ${devId}`
}

function actorOf({ devId, name }: Developer, { ip: address }: FastifyRequest): Caller {
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

export function sendFailure(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
  return sendJson(reply.code(error.status), failureText(request, error))
}

function failureHeaders(
  ctx: Pick<Core, 'publicUrl'>,
  request: FastifyRequest,
  { code, retryAfterSeconds }: ApiError,
): Record<string, string> {
  const place = languageAsked(request) === 'en' ? '/docs/en/errors/' : '/docs/errors/'
  const link = `<${ctx.publicUrl()}${place}${code}>; rel="help"`
  return retryAfterSeconds === undefined ? { link } : { link, 'retry-after': String(retryAfterSeconds) }
}

/** A failure of the API, with the address of the page about its code. */
export function sendCallFailure(
  ctx: Pick<Core, 'publicUrl'>,
  request: FastifyRequest,
  reply: FastifyReply,
  error: ApiError,
): FastifyReply {
  return sendFailure(request, reply.headers(failureHeaders(ctx, request, error)), error)
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
      'unavailable',
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
