/**
 * A page call, such as `GET /web/directory/members`: `app.ts` → this file (input) → `callers/gate/page-gate.ts` (session from
 * memory, role, corp; for a POST also its origin) → `directory/console` (what the administrator's departments allow) → the
 * mirror → the envelope of http/endpoint.ts.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Core } from '../core.ts'
import type { Words } from '../words.ts'
import type { CallRange } from './admin/grant.ts'
import type { Point } from './admin/points.ts'
import { sendFailure, toApiError } from './answers/failures.ts'
import { sendBody } from './answers/send.ts'
import { sizeOfInputs } from './bodies/body-size.ts'
import type { BodiesInProgress } from './bodies/in-progress.ts'
import { type DirectoryUse, givenInput, type UsesDirectory, writeBody } from './endpoint.ts'
import { ApiError } from './errors.ts'
import type { Administrators, PageAccess, PageGate, RawInputs } from './gate.ts'
import { type CallerInput, type Fields, readInput, type Values } from './input.ts'
import { type HandlerAnswer, writerOf } from './output.ts'
import { wordsOfOthers } from './told.ts'
import type { Visitor } from './visitor.ts'

type Needs = Core & { bodies: BodiesInProgress }

type VisitorOf<A extends PageAccess> = A extends { by: 'anyone' }
  ? Visitor | undefined
  : A extends { by: 'account' | 'operator' }
    ? Extract<Visitor, { member: undefined }>
    : Visitor
type CorpIdOf<A extends PageAccess> = A extends { by: 'person' | 'administrator' | 'helpDesk' | 'owner' }
  ? string
  : string | undefined

export type PageRequest<F extends Fields, A extends PageAccess> = {
  input: Values<F>
  visitor: VisitorOf<A>
  /**
   * The corp that the call is about. Members always get their own; the system super administrator gets the one named
   * by `corpId` in query or body, or else the first.
   */
  corpId: CorpIdOf<A>
  /** Counts an outgoing call of a declaration with `outgoing: 'handler'`. Throws 1010. */
  goOut(): Promise<void>
  request: FastifyRequest
  reply: FastifyReply
}

/**
 * Set by calls with which somebody makes wisp call others at once: tests, doctors, previews, syncs by hand. `true`: each call counts.
 * `handler`: the handler counts, by `goOut`, when something really goes out.
 */
export type OutgoingUse = true | 'handler'

/** What these calls show or change is their caller's own, or for everybody: no point is needed for it. */
type WithoutPoint = { by: 'anyone' | 'person' | 'account' | 'self' }
/** The point that administrators need for a call; owners of a developer (`owner`) need none for their own. */
type PointOf<A extends PageAccess> = A extends WithoutPoint ? { point?: undefined } : { point: Point }

type PageMethod = 'GET' | 'POST'
type PagePath = `/web/${string}`

/**
 * A call made by our own pages: GET reads, POST acts. It is not part of the documented API. It authenticates by the
 * session cookie and uses the same envelope, with 401 when nobody is signed in and 403 when the role does not
 * suffice.
 */
export type PageCall<
  M extends PageMethod,
  P extends PagePath,
  F extends Fields,
  A extends PageAccess,
  S extends TSchema,
  C,
> = {
  method: M
  path: P
  access: A
  point?: Point | undefined
  /**
   * Set where a role whose range is single apps may make the call: its `id` is an app, or it is a list. Calls for graded administrators
   * can be restricted to departments, and those for owners to developers, without it. All others refuse a role whose range is narrower
   * than the corp.
   */
  range?: Exclude<CallRange, 'departments'>
  input: F
  /** Shape of `body`; properties that it does not declare are not sent. */
  output: S
  /** Size limit of the body in bytes, for calls that upload a file; it else follows from the inputs. */
  bodyAtMost?: number
  directory?: DirectoryUse | undefined
  outgoing?: OutgoingUse
  /** Made by open pages on their own; it does not count as use of the session, which would else never end. */
  unattended?: true
  /** Answers and acts also for a corp that is suspended: it ends something. Whatever the system account reads, it may read then. */
  whileSuspended?: true
  /** Finds what the call is about, which its handler gets as `of` (pages/calls-about.ts). */
  find?: (ctx: never, call: never) => unknown
  handle: (ctx: C, call: PageRequest<F, A>) => PageAnswer<S> | Promise<PageAnswer<S>>
}

/** A handler may also have sent the reply itself. */
type PageAnswer<S extends TSchema> = HandlerAnswer<S> | FastifyReply

/** Any page call that a context of type C can serve. */
export type AnyPageCall<C> = Omit<
  PageCall<PageMethod, PagePath, Fields, PageAccess, TSchema, C>,
  'handle'
> & { handle: (ctx: C, call: never) => unknown }

export function pageCall<
  const M extends PageMethod,
  const P extends PagePath,
  const F extends Fields,
  const A extends PageAccess,
  S extends TSchema,
  C extends UsesDirectory,
>(
  declaration: PageCall<M, P, F, A, S, C> & PointOf<A> & { directory: DirectoryUse },
): PageCall<M, P, F, A, S, C>
export function pageCall<
  const M extends PageMethod,
  const P extends PagePath,
  const F extends Fields,
  const A extends PageAccess,
  S extends TSchema,
  C,
>(
  declaration: PageCall<M, P, F, A, S, C> & PointOf<A> & { directory?: undefined },
  ..._onlyWithout: C extends UsesDirectory ? [mirrors: never] : []
): PageCall<M, P, F, A, S, C>
export function pageCall<D>(declaration: D, ..._onlyWithout: unknown[]): D {
  return declaration
}

/**
 * Input and answer of each call by path, derived from the list of declarations; the pages import it as a type only.
 * `corpId` is for those who may choose the corp.
 */
export type CallsOf<D extends Pick<AnyPageCall<never>, 'method' | 'path' | 'input' | 'output'>> = {
  [One in D as One['path']]: {
    method: One['method']
    given: CallerInput<One['input']> & { corpId?: string }
    answer: OverJson<Static<One['output']>>
  }
}

/** The type of a value after a trip through JSON, where a Date becomes text. */
export type OverJson<T> = T extends { toJSON(): infer J }
  ? J
  : T extends object
    ? { [K in keyof T]: OverJson<T[K]> }
    : T

export const person = { by: 'person' } as const
export const helpDesk = { by: 'helpDesk' } as const
export const owner = { by: 'owner' } as const
export const installation = { by: 'installation' } as const
export const operator = { by: 'operator' } as const
export const account = { by: 'account' } as const
export const self = { by: 'self' } as const
export function administrator<const L extends Administrators>(level: L) {
  return { by: 'administrator', level } as const
}

/** A call with all that serving it takes. */
type Route<C> = { ctx: C; gate: PageGate; declared: AnyPageCall<C>; write: (answer: unknown) => string }

export function registerPageCalls<C extends Needs>(
  app: FastifyInstance,
  ctx: C,
  gate: PageGate,
  calls: readonly AnyPageCall<C>[],
): void {
  for (const declared of calls) {
    const served = { ctx, gate, declared, write: writerOf(declared.output) }
    app.route({
      method: declared.method,
      url: declared.path,
      config: { bodySize: bodySizeOf(declared) },
      onRequest: (request, reply, done) => admit(served, request, reply, done),
      handler: (request, reply) => run(served, request, reply),
    })
  }
}

/** The largest body of a call without a session, in bytes: a name and a password need no more. */
const anonymousBodyAtMost = 16_384

function bodySizeOf({
  access,
  input,
  bodyAtMost,
}: Pick<AnyPageCall<never>, 'access' | 'input' | 'bodyAtMost'>) {
  const size = sizeOfInputs(input)
  const bytes = bodyAtMost ?? (access.by === 'anyone' ? anonymousBodyAtMost : size.bytes)
  return { ...size, bytes }
}

/** A body is read only after the session is known. */
function admit<C extends Needs>(
  { ctx, gate, declared: { method, path, access } }: Route<C>,
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  if (method === 'GET' || access.by === 'anyone') {
    done()
    return
  }
  const take = (visitor: Visitor | undefined) => {
    if (!visitor) throw signInFirst()
    ctx.bodies.belongsTo(request, `person ${visitor.corpId ?? ''} ${visitor.actor}`)
    done()
  }
  const fail = (error: unknown) => {
    sendFailure(request, reply, toApiError(ctx, path, request, error))
  }
  const known = gate.visitorOf(request)
  if (known) take(known)
  else gate.findVisitor(request).then(take).catch(fail)
}

export function signInFirst(): ApiError {
  return new ApiError(
    'forbidden',
    {
      zh: '没有登录或登录已失效，请先登录',
      en: 'you are not signed in, or the sign-in has expired: sign in first',
    },
    { status: 401 },
  )
}

/** A page call that is being answered, with what is known of its caller so far. */
type Run<C> = Route<C> & {
  request: FastifyRequest
  reply: FastifyReply
  visitor: Visitor | undefined
  corpId: string | undefined
}

/** Runs synchronously when session and answer are in memory, as is the rule for what pages request often. */
function run<C extends Needs>(
  route: Route<C>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  reply.header('cache-control', 'no-store')
  const call: Run<C> = { ...route, request, reply, visitor: undefined, corpId: undefined }
  try {
    const result = begin(call)
    return result instanceof Promise
      ? result.then(answer => succeed(call, answer)).catch(error => fail(call, error))
      : succeed(call, result)
  } catch (error) {
    return fail(call, error)
  }
}

function begin<C extends Needs>(call: Run<C>): unknown {
  const { ctx, gate, declared, request } = call
  ctx.availability.check()
  const given = givenInput(request)
  // A page that nobody has touched for a while says so when it refreshes itself (web/ui/data/attended.ts).
  const attended = declared.unattended !== true && request.headers['x-wisp-unattended'] === undefined
  const known = gate.visitorOf(request, attended)
  return known
    ? handle(call, known, given)
    : gate.findVisitor(request, attended).then(found => handle(call, found, given))
}

/** Decides whether the visitor may make the call, reads the inputs and calls the handler. */
function handle<C extends Needs>(call: Run<C>, visitor: Visitor | undefined, given: RawInputs): unknown {
  const { ctx, gate, declared, request, reply } = call
  call.visitor = visitor
  if (declared.method === 'POST') gate.checkOrigin(request, visitor)
  const { corpId, visitor: restricted } = gate.authorise(declared, visitor, given, request)
  call.corpId = corpId
  gate.checkAddress(declared.access, visitor, request)
  if (corpId !== undefined) {
    gate.checkOpen(corpId, declared, visitor)
    gate.checkOn(corpId, declared.path)
  }
  const input = readInput(declared.input, given)
  const goOut = () => gate.goOut(visitor, given, corpId)
  const asked = { input, visitor: restricted, corpId, goOut, request, reply }
  const { find } = declared
  const own = () =>
    declared.handle(ctx, (find ? { ...asked, of: find(ctx as never, asked as never) } : asked) as never)
  const called = () => (visitor ? gate.acting(visitor, request, own) : own())
  const counted = () => (declared.outgoing === true ? goOut().then(called) : called())
  return declared.directory === true && corpId !== undefined ? gate.during(corpId, counted) : counted()
}

function succeed<C extends Needs>({ ctx, write, request, reply }: Run<C>, result: unknown): FastifyReply {
  ctx.bodies.end(request)
  return reply.sent ? reply : sendBody(request, reply, writeBody(result, write))
}

function fail<C extends Needs>(call: Run<C>, thrown: unknown): FastifyReply {
  const { ctx, gate, declared, visitor, corpId, request, reply } = call
  ctx.bodies.end(request)
  const error = toApiError(ctx, declared.path, request, thrown)
  gate.noteRefusal({ path: declared.path, request, visitor, corpId, error })
  return sendFailure(request, reply, error)
}

export function refused(why: Words): ApiError {
  return new ApiError('forbidden', wordsOfOthers(why), { status: 403 })
}
