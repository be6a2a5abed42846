import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Core } from '../../core.ts'
import { type Language, languageOf, type Words } from '../../words.ts'
import { sendCallFailure, toApiError } from '../answers/failures.ts'
import { sendBody } from '../answers/send.ts'
import { sizeOfInputs } from '../bodies/body-size.ts'
import type { BodiesInProgress } from '../bodies/in-progress.ts'
import { type DirectoryUse, givenInput, type UsesDirectory, writeBody } from '../endpoint.ts'
import type { ErrorName } from '../errors.ts'
import { type ApiFields, optionalText, readInput, type Values } from '../input.ts'
import { type KnownNames, knownNames, unknownInputs, unknownNames } from '../mistakes/unknown-names.ts'
import { type HandlerAnswer, writerOf } from '../output.ts'
import type { AdminCaller, AdminGate, AdminReach } from './admin-gate.ts'
import type { AdminScope } from './admin-scope.ts'
import type { CallRange } from './grant.ts'
import type { Point } from './points.ts'

type Needs = Core & { bodies: BodiesInProgress }

export type AdminRequest<F extends ApiFields, R extends AdminReach> = {
  input: Values<F>
  caller: AdminCaller
  corpId: R extends 'corp' ? string : string | undefined
  /** Counts an outgoing call of a declaration with `outgoing: 'handler'`. Throws 1010. */
  goOut(): Promise<void>
  language: Language
  reply: FastifyReply
}

/**
 * A call of management: what the command line and the console do, for programs with an admin token. GET reads and POST acts. It has
 * the envelope and the documents of the API, and none of its developers' business: no packets, data scopes or request log.
 */
export type AdminCall<F extends ApiFields, R extends AdminReach, S extends TSchema, C> = {
  method: 'GET' | 'POST'
  path: `/api/admin/${string}`
  summary: Words
  description?: Words
  scope: AdminScope
  point: Point
  reach: R
  /** What a token whose maker's role has a narrower range than the corp is restricted to; without it, such a token is refused. */
  range?: CallRange
  input: F
  /** Shape of `body`; properties that it does not declare are not sent. */
  output: S
  directory?: DirectoryUse | undefined
  /** The call makes wisp call others at once: each time, or when the handler says so. */
  outgoing?: true | 'handler'
  /** Errors beyond those that every call can return. */
  errors: readonly ErrorName[]
  /** The `body` of a real answer. */
  sample: unknown
  /** An example of the inputs. */
  sampleInput?: { readonly [K in keyof F]?: unknown }
  handle: (ctx: C, call: AdminRequest<F, R>) => AdminAnswer<S> | Promise<AdminAnswer<S>>
}

/** A handler may also have sent the reply itself. */
type AdminAnswer<S extends TSchema> = HandlerAnswer<S> | FastifyReply

/** Any such call that a context of type C can serve. */
export type AnyAdminCall<C> = Omit<AdminCall<ApiFields, AdminReach, TSchema, C>, 'handle' | 'sampleInput'> & {
  sampleInput?: Readonly<Record<string, unknown>>
  handle: (ctx: C, call: never) => unknown
}

const corpIdInput = optionalText(
  {
    zh: '企业 ID；令牌只用于一个企业，或平台只有一个企业时可省略',
    en: 'Id of the corp; may be left out with a token for one corp, and where there is only one',
  },
  { max: 64 },
)

export function adminCall<
  const F extends ApiFields,
  const R extends AdminReach,
  S extends TSchema,
  C extends UsesDirectory,
>(declaration: AdminCall<F, R, S, C> & { directory: DirectoryUse }): AnyAdminCall<C>
export function adminCall<const F extends ApiFields, const R extends AdminReach, S extends TSchema, C>(
  declaration: AdminCall<F, R, S, C> & { directory?: undefined },
  ..._onlyWithout: C extends UsesDirectory ? [mirrors: never] : []
): AnyAdminCall<C>
export function adminCall<C>(declaration: AnyAdminCall<C>, ..._onlyWithout: unknown[]): AnyAdminCall<C> {
  const { reach, input, sampleInput } = declaration
  if (reach === 'installation') return declaration
  return {
    ...declaration,
    input: { corpId: corpIdInput, ...input },
    sampleInput: sampleInput ?? { corpId: '{corpId}' },
  }
}

/** A call with all that serving it takes. `callers` are those whose token was checked, until they are answered. */
type Route<C> = {
  ctx: C
  gate: AdminGate
  declared: AnyAdminCall<C>
  write: (answer: unknown) => string
  known: KnownNames
  callers: WeakMap<FastifyRequest, AdminCaller>
}

export function registerAdminCalls<C extends Needs>(
  app: FastifyInstance,
  ctx: C,
  gate: AdminGate,
  calls: readonly AnyAdminCall<C>[],
): void {
  const callers = new WeakMap<FastifyRequest, AdminCaller>()
  for (const declared of calls) {
    const { method, path, input, output } = declared
    const known = knownNames(input, [])
    const served = { ctx, gate, declared, write: writerOf(output), known, callers }
    app.route({
      method,
      url: path,
      config: { bodySize: sizeOfInputs(input) },
      onRequest: (request, reply, done) => meet(served, request, reply, done),
      handler: (request, reply) => run(served, request, reply),
    })
  }
}

/** Runs before the body is read, which nobody may send without a live token. */
function meet<C extends Needs>(
  served: Route<C>,
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  const { ctx, gate, callers } = served
  const identify = async () => {
    ctx.availability.check()
    const caller = await gate.identify(request)
    callers.set(request, caller)
    if (request.method === 'POST') ctx.bodies.belongsTo(request, `admin token ${caller.tokenId}`)
  }
  identify().then(done, error => fail(served, request, reply, error))
}

async function run<C extends Needs>(
  served: Route<C>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { ctx, declared, write } = served
  try {
    const result = await answerOf(served, request, reply)
    ctx.bodies.end(request)
    ctx.metrics.countCall(declared.path, '0', reply.elapsedTime)
    if (reply.sent) return reply
    return sendBody(request, reply.header('cache-control', 'no-store'), writeBody(result, write))
  } catch (error) {
    return fail(served, request, reply, error)
  }
}

function fail<C extends Needs>(
  { ctx, declared }: Route<C>,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  ctx.bodies.end(request)
  const known = toApiError(ctx, declared.path, request, error)
  ctx.metrics.countCall(declared.path, known.code, reply.elapsedTime)
  return sendCallFailure(ctx, request, reply.header('cache-control', 'no-store'), known)
}

async function answerOf<C extends Needs>(
  { ctx, gate, declared, known, callers }: Route<C>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const met = callers.get(request)
  if (!met) throw new Error('a call without its caller')
  const given = givenInput(request)
  const { corpId, caller } = gate.authorise(met, declared, given)
  if (corpId !== undefined) {
    gate.checkOpen(corpId, caller, request.method)
    gate.checkOn(corpId, declared.path)
  }
  // A mistyped name of a setting must not be taken for a setting that stays as it is.
  const unknown = unknownNames(known, given)
  if (unknown) throw unknownInputs(unknown)
  const input = readInput(declared.input, given)
  const language = languageOf(request.headers['accept-language'])
  const goOut = () => gate.goOut(caller, corpId)
  if (declared.outgoing === true) await goOut()
  const own = () => declared.handle(ctx, { input, caller, corpId, goOut, language, reply } as never)
  const called = () => gate.acting(caller, request, own)
  return declared.directory === true && corpId !== undefined ? gate.during(corpId, called) : called()
}
