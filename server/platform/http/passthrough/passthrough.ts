/**
 * wisp decides by the address, letter by letter and before it reads the body, what it passes on to a vendor: a path of the
 * catalogue that the developer has, in the name of the developer's own application. Query and body are passed on unchanged;
 * names in them are checked at each place where they occur. Only a call whose token was refused is repeated
 * (upstream/transport/forward.ts). All nodes together count the vendor's limits.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../core.ts'
import type { Words } from '../../words.ts'
import { toApiError } from '../answers/failures.ts'
import { homeHeaders } from '../answers/home.ts'
import type { BodiesInProgress } from '../bodies/in-progress.ts'
import { readBody } from '../bodies/read-body.ts'
import { checkEncoding } from '../bodies/wrong-body.ts'
import type { Caller } from '../caller.ts'
import { senderOf } from '../endpoint.ts'
import { ApiError, type ErrorName, type UpstreamCode, wrongMethod } from '../errors.ts'
import type { CallGroup, Gate, RawInputs } from '../gate.ts'
import { type ApiFields, readInput, type Values } from '../input.ts'
import { noSuchPath } from '../mistakes/not-found.ts'
import type { Scope } from '../scope.ts'
import { pathBehind, type RawQuery, readQuery } from './raw-address.ts'
import { type PassedAnswer, sendPassed } from './send-passed.ts'

type Needs = Core & { bodies: BodiesInProgress }

/** A call of the vendor that may be passed on, as the passthrough knows it. */
export type PassedCall = { readonly path: string; readonly methods: readonly ('GET' | 'POST')[] }

/** What is passed on, without what was meant for wisp. */
export type OutgoingCall = {
  method: 'GET' | 'POST'
  query: RawQuery
  body: { type: string; bytes: Buffer } | undefined
}

/**
 * Calls of a vendor that wisp passes on as they come: query and body are raw, and the answer's `body` is the vendor's. A sibling of
 * `Endpoint`, for what begins with `prefix`. `E` is an entry of what may be called, and `K` on whose behalf it is.
 */
export type Passthrough<F extends ApiFields, E extends PassedCall, K, C> = {
  /** `/api/wecom/`; the vendor's path follows. */
  prefix: string
  /** In which the vendor has all its paths, such as `cgi-bin/`; callers leave it out. */
  folder: string
  summary: Words
  description: Words
  scope: Scope
  group: CallGroup
  /** For wisp alone: these inputs stand in the query and never go upstream. */
  input: F
  /** The request log keeps these. */
  logged: readonly (keyof F & string)[]
  /** In bytes, by what the body is: files come as forms, and JSON of that size would hold everybody else. */
  bodyAtMost: { json: number; form: number }
  errors: readonly ErrorName[]
  /** The vendor's path, the inputs, and the `body` of a real answer. */
  sample: { path: string; input: { readonly [K in keyof F]: unknown }; body: unknown }
  /** What stands behind the prefix. Undefined for a path that is unknown; throws 1009 for one that is closed. */
  find: (path: string) => E | undefined
  /** Paths that callers may have meant. */
  known: () => Iterable<string>
  /** Decides before the body is read. */
  check: (ctx: C, asked: { developer: Caller; entry: E; input: Values<F>; query: RawQuery }) => K | Promise<K>
  handle: (ctx: C, by: K, passed: OutgoingCall) => Promise<PassedAnswer>
}

/** Any passthrough that a context of type C can serve. */
export type AnyPassthrough<C> = Omit<
  Passthrough<ApiFields, PassedCall, unknown, C>,
  'logged' | 'check' | 'handle'
> & {
  logged: readonly string[]
  check: (ctx: C, asked: never) => unknown
  handle: (ctx: C, by: never, passed: OutgoingCall) => Promise<PassedAnswer>
}

export function passthrough<const F extends ApiFields, E extends PassedCall, K, C>(
  declaration: Passthrough<F, E, K, C>,
): AnyPassthrough<C> {
  return declaration
}

/** A call that has been let in, whose body is not read yet. */
type AdmittedCall<D extends Caller> = {
  developer: D
  input: RawInputs
  label: string
  query: RawQuery
  by: unknown
}

type PassthroughRoute<C, D extends Caller> = { ctx: C; gate: Gate<D>; declared: AnyPassthrough<C> }

export function registerPassthroughs<C extends Needs, D extends Caller>(
  app: FastifyInstance,
  ctx: C,
  gate: Gate<D>,
  declarations: readonly AnyPassthrough<C>[],
): void {
  for (const declared of declarations)
    app.register(async scope => registerPassthrough(scope, { ctx, gate, declared }))
}

function registerPassthrough<C extends Needs, D extends Caller>(
  scope: FastifyInstance,
  served: PassthroughRoute<C, D>,
): void {
  const { ctx, declared } = served
  const labels = new WeakMap<FastifyRequest, string>()
  const opened = new WeakMap<FastifyRequest, AdmittedCall<D>>()
  const began = new WeakMap<FastifyRequest, number>()
  const msOf = (request: FastifyRequest) => performance.now() - (began.get(request) ?? performance.now())
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (request, payload, done) => {
    try {
      checkEncoding(request)
      checkType(request)
    } catch (error) {
      done(error as Error)
      return
    }
    const { json, form } = declared.bodyAtMost
    readBody(ctx.bodies, request, payload, isForm(request.headers['content-type']) ? form : json, done)
  })
  scope.addHook('onRequest', async (request, reply) => {
    began.set(request, performance.now())
    opened.set(request, await open(served, labels, request, reply))
  })
  // The whole application answers the failure; here it is only noted, under the name of the call.
  scope.setErrorHandler((error, request) => {
    ctx.bodies.end(request)
    // What the framework itself says, such as that the caller hung up, is nobody's call.
    if (!(error instanceof ApiError) && (error as { code?: unknown }).code !== undefined) throw error
    const path = labels.get(request) ?? unknownLabel
    const failure = toApiError(ctx, path, request, error)
    note(served, request, { path, opened: opened.get(request), failure, ms: msOf(request) })
    throw failure
  })
  scope.route({
    method: ['GET', 'POST'],
    url: `${declared.prefix}*`,
    handler: async (request, reply) => {
      const call = opened.get(request)!
      const answer = await run(served, call, request)
      ctx.bodies.end(request)
      note(served, request, { path: call.label, opened: call, upstream: answer.upstream, ms: msOf(request) })
      return sendPassed(request, reply, answer)
    },
  })
}

/** How the log names a path that nothing is known of, because the address itself is the caller's. */
const unknownLabel = '/api/…'

/** Everything that can be decided without the body, so that nobody's body is read in vain. */
async function open<C extends Needs, D extends Caller>(
  { ctx, gate, declared }: PassthroughRoute<C, D>,
  labels: WeakMap<FastifyRequest, string>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<AdmittedCall<D>> {
  const { prefix, folder, scope, find, known, input: fields } = declared
  const given = request.query as RawInputs
  await gate.prepare(given, request)
  const path = pathBehind(prefix, folder, request.url)
  const entry = find(path)
  if (!entry) throw noSuchPath(`${prefix}${path}`, known())
  const label = `${prefix}${entry.path}`
  labels.set(request, label)
  ctx.availability.check()
  if (gate.packets.isPacket(request)) throw noPackets()
  const developer = gate.authenticate(given, request, scope)
  ctx.bodies.belongsTo(request, senderOf(developer))
  const { headers, refusal } = gate.admit(developer, declared.group)
  reply.headers(headers).headers(homeHeaders(ctx, developer))
  if (refusal) throw refusal
  gate.packets.checkMayBeClear(developer)
  if (!entry.methods.includes(request.method as 'GET' | 'POST')) {
    reply.header('allow', entry.methods.join(', '))
    throw wrongMethod(label, entry.methods)
  }
  const query = readQuery(request.url, ['devToken', ...Object.keys(fields)])
  const asked = { developer, entry, input: readInput(fields, given), query }
  const by = await declared.check(ctx, asked as never)
  return { developer, input: given, label, query, by }
}

async function run<C extends Needs, D extends Caller>(
  { ctx, gate, declared }: PassthroughRoute<C, D>,
  { developer, query, by }: AdmittedCall<D>,
  request: FastifyRequest,
): Promise<PassedAnswer> {
  const bytes = request.body as Buffer | undefined
  const type = request.headers['content-type'] ?? ''
  const body = bytes?.length ? { type, bytes } : undefined
  const method = request.method as 'GET' | 'POST'
  return gate.withSlot(developer, () => declared.handle(ctx, by as never, { method, query, body }))
}

type CallEnd<D extends Caller> = {
  path: string
  opened: AdmittedCall<D> | undefined
  failure?: ApiError
  upstream?: UpstreamCode | undefined
  ms: number
}

function note<C extends Needs, D extends Caller>(
  { ctx, gate, declared }: PassthroughRoute<C, D>,
  request: FastifyRequest,
  { path, opened, failure, upstream, ms }: CallEnd<D>,
): void {
  ctx.metrics.countCall(path, failure?.code ?? '0', ms)
  const { logged, input } = declared
  const given = opened?.input
  const said = upstream ?? failure?.upstream
  gate.note({ path, logged, input }, request, {
    developer: opened?.developer,
    given,
    failure,
    upstream: said,
    ms,
  })
}

/** Whether a body of this content type is a form and not JSON. */
export function isForm(type = ''): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(type)
}

function checkType(request: FastifyRequest): void {
  const type = request.headers['content-type'] ?? ''
  if (isForm(type) || /^application\/json\s*(;|$)/i.test(type)) return
  throw new ApiError(
    'badParameter',
    {
      zh: 'Content-Type 应为 application/json 或 multipart/form-data',
      en: 'Content-Type should be application/json or multipart/form-data',
    },
    { status: 415 },
  )
}

function noPackets(): ApiError {
  return new ApiError('forbidden', {
    zh: '代调用不接受加密报文，请去掉 x-wisp-session 直接调用',
    en: 'passthrough takes no packets: leave out x-wisp-session and call it in the clear',
  })
}
