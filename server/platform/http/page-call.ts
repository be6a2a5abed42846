import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import { mayManage } from '../../callers/developers/owners/may-manage.ts'
import type { OutgoingClicks, OutgoingUse } from '../../callers/limits/outgoing-clicks.ts'
import { isOwnOrigin } from '../../callers/sessions/cookies.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { roleLevel } from '../../organisation/directory/permissions/person.ts'
import { type Caller, calledBy } from '../audit/caller.ts'
import type { Core } from '../core.ts'
import { sendBody } from './answers/send.ts'
import type { BodiesInProgress } from './bodies/in-progress.ts'
import { limitsOfInputs } from './bodies/limits-of-inputs.ts'
import {
  type DirectoryUse,
  givenInput,
  sendFailure,
  toApiError,
  type UsesDirectory,
  writeBody,
} from './endpoint.ts'
import { ApiError } from './errors.ts'
import { type CallerInput, type Fields, readInput, type Values } from './input.ts'
import { type Answered, writerOf } from './output.ts'
import type { Visitor } from './visitor.ts'
import type { Words } from './words.ts'

type Needs = Core & {
  bodies: BodiesInProgress
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  outgoingClicks: OutgoingClicks
}

/** Levels of administrators; each includes those before it. */
export const administrators = ['system', 'super', 'graded'] as const
export type Administrators = (typeof administrators)[number]

/**
 * Who may call. `anyone`: for signing in itself. `person`: whoever is signed in. `administrator`: this level and
 * those above; graded administrators are admitted where the handler limits them to their departments. `owner`: super
 * administrators, and the owners of the developer that the input `devId` names. `installation`:
 * concerns no single corp and is for the system super administrator alone. `account`: for the system super administrator's
 * own account, also before its initial password has been changed and its second factor set up.
 */
export type PageAccess =
  | { by: 'anyone' }
  | { by: 'person' }
  | { by: 'administrator'; level: Administrators }
  | { by: 'owner' }
  | { by: 'installation' }
  | { by: 'account' }

type VisitorOf<A extends PageAccess> = A extends { by: 'anyone' }
  ? Visitor | undefined
  : A extends { by: 'account' }
    ? Extract<Visitor, { member: undefined }>
    : Visitor
type CorpIdOf<A extends PageAccess> = A extends { by: 'person' | 'administrator' | 'owner' }
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
  input: F
  /** Shape of `body`; properties that it does not declare are not sent. */
  output: S
  /** Size limit of the body in bytes, for calls that upload a file; it else follows from the inputs. */
  bodyAtMost?: number
  directory?: DirectoryUse | undefined
  outgoing?: OutgoingUse
  /** Made by open pages on their own; it does not count as use of the session, which would else never end. */
  unattended?: true
  handle: (ctx: C, call: PageRequest<F, A>) => PageAnswer<S> | Promise<PageAnswer<S>>
}

/** A handler may also have sent the reply itself. */
type PageAnswer<S extends TSchema> = Answered<S> | FastifyReply

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
>(declaration: PageCall<M, P, F, A, S, C> & { directory: DirectoryUse }): PageCall<M, P, F, A, S, C>
export function pageCall<
  const M extends PageMethod,
  const P extends PagePath,
  const F extends Fields,
  const A extends PageAccess,
  S extends TSchema,
  C,
>(
  declaration: PageCall<M, P, F, A, S, C> & { directory?: undefined },
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
export const owner = { by: 'owner' } as const
export const installation = { by: 'installation' } as const
export const account = { by: 'account' } as const
export function administrator<const L extends Administrators>(level: L) {
  return { by: 'administrator', level } as const
}

const levelOf: Record<Administrators, readonly number[]> = {
  system: [roleLevel.system],
  super: [roleLevel.system, roleLevel.superAdministrator],
  graded: [roleLevel.system, roleLevel.superAdministrator, roleLevel.graded],
}

export function registerPageCalls<C extends Needs & { sessions: Sessions }>(
  app: FastifyInstance,
  ctx: C,
  calls: readonly AnyPageCall<C>[],
): void {
  for (const declared of calls) {
    const write = writerOf(declared.output)
    app.route({
      method: declared.method,
      url: declared.path,
      config: { bodyLimits: bodyLimitsOf(declared) },
      onRequest: (request, reply, done) => admit(ctx, declared, request, reply, done),
      handler: (request, reply) => run(ctx, declared, write, request, reply),
    })
  }
}

/** What anybody may send without signing in, in bytes: a name and a password need no more. */
const anonymousBodyAtMost = 16_384

function bodyLimitsOf({
  access,
  input,
  bodyAtMost,
}: Pick<AnyPageCall<never>, 'access' | 'input' | 'bodyAtMost'>) {
  const limits = limitsOfInputs(input)
  const bytes = bodyAtMost ?? (access.by === 'anyone' ? anonymousBodyAtMost : limits.bytes)
  return { ...limits, bytes }
}

/** Nobody's body is read before their session is known. */
function admit<C extends Needs & { sessions: Sessions }>(
  ctx: C,
  { method, path, access }: Pick<AnyPageCall<C>, 'method' | 'path' | 'access'>,
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
  const known = ctx.sessions.visitorOf(request)
  if (known) take(known)
  else ctx.sessions.findVisitor(request).then(take).catch(fail)
}

export function signInFirst(): ApiError {
  return new ApiError('forbidden', { zh: '请先登录', en: 'sign in first' }, { status: 401 })
}

/** Runs synchronously when session and answer are in memory, as is the rule for what pages request often. */
function run<C extends Needs & { sessions: Sessions }>(
  ctx: C,
  declared: AnyPageCall<C>,
  write: (answer: unknown) => string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  reply.header('cache-control', 'no-store')
  const fail = (error: unknown) => {
    ctx.bodies.end(request)
    return sendFailure(request, reply, toApiError(ctx, declared.path, request, error))
  }
  const send = (result: unknown) => {
    ctx.bodies.end(request)
    return reply.sent ? reply : sendBody(request, reply, writeBody(result, write))
  }
  try {
    ctx.availability.check()
    const given = givenInput(request)
    // A page that nobody has touched for a while says so when it refreshes itself (web/ui/data/attended.ts).
    const attended = declared.unattended !== true && request.headers['x-wisp-unattended'] === undefined
    const known = ctx.sessions.visitorOf(request, attended)
    const answer = (visitor: Visitor | undefined) => {
      if (declared.method === 'POST') checkOrigin(ctx, request, visitor)
      const corpId = authorise(ctx, declared.access, visitor, given)
      const input = readInput(declared.input, given)
      const goOut = () => ctx.outgoingClicks.count(clickedFor(visitor, given), corpId)
      const own = () => declared.handle(ctx, { input, visitor, corpId, goOut, request, reply } as never)
      const called = () => (visitor ? calledBy(callerOf(visitor, request), own) : own())
      const handle = () => (declared.outgoing === true ? goOut().then(called) : called())
      return declared.directory === true && corpId !== undefined
        ? ctx.mirrors.during(corpId, handle)
        : handle()
    }
    const result = known ? answer(known) : ctx.sessions.findVisitor(request, attended).then(answer)
    return result instanceof Promise ? result.then(send).catch(fail) : send(result)
  } catch (error) {
    return fail(error)
  }
}

/** A developer's owners and administrators share what goes out for it. */
function clickedFor(visitor: Visitor | undefined, { devId }: Record<string, unknown>): string {
  return typeof devId === 'string' ? `developer:${devId}` : (visitor?.actor ?? '')
}

function callerOf({ actor, member }: Visitor, { ip: address }: FastifyRequest): Caller {
  return { actor, name: member?.name ?? '', address }
}

/** Checks the access and returns the corp. Throws 401 or 403. */
function authorise(
  ctx: Needs,
  access: PageAccess,
  visitor: Visitor | undefined,
  given: Record<string, unknown>,
): string | undefined {
  const asked = typeof given['corpId'] === 'string' && given['corpId'] !== '' ? given['corpId'] : undefined
  if (access.by === 'anyone') return asked
  if (!visitor) throw signInFirst()
  if (access.by === 'account') {
    if (visitor.member) throw refused({ zh: '企业微信成员没有密码', en: 'WeCom members have no password' })
    return asked
  }
  if (visitor.mustChangePassword)
    throw refused({ zh: '请先修改初始密码', en: 'change the initial password first' })
  if (visitor.mustEnrol) throw refused({ zh: '请先设置两步验证', en: 'set up the second factor first' })
  const { roleLevel: level } = visitor
  if (access.by === 'installation') {
    if (level !== roleLevel.system)
      throw refused({
        zh: '只有系统超级管理员可以这样做',
        en: 'only the system super administrator may do this',
      })
    return asked
  }
  if (access.by === 'administrator' && !levelOf[access.level].includes(level))
    throw refused({ zh: '您的管理员等级不能这样做', en: 'your administrator level does not allow this' })
  if (access.by === 'owner' && !managesNamed(ctx, visitor, given))
    throw refused({
      zh: '只有超级管理员和这个开发者的负责人可以这样做',
      en: 'only super administrators and the owners of this developer may do this',
    })
  if (visitor.member) {
    if (asked !== undefined && asked !== visitor.corpId)
      throw refused({ zh: `企业 ${asked} 不是您所在的企业`, en: `you do not belong to corp ${asked}` })
    return visitor.corpId
  }
  const corpId = asked ?? ctx.corps.all()[0]?.corpId
  if (corpId === undefined)
    throw new ApiError('badParameter', { zh: '还没有接入企业', en: 'no corp is connected yet' })
  return ctx.corps.get(corpId).corpId
}

/** Whoever may manage all is answered by the handler when there is no such developer. */
function managesNamed(ctx: Needs, visitor: Visitor, { devId }: Record<string, unknown>): boolean {
  return mayManage(visitor, typeof devId === 'string' ? ctx.developers.get(devId) : undefined)
}

export function refused(why: Words): ApiError {
  return new ApiError('forbidden', why, { status: 403 })
}

/**
 * An act must come from our own page: browsers state where a request comes from, and the page sends back a token that
 * other sites cannot read.
 */
function checkOrigin(ctx: Needs, request: FastifyRequest, visitor: Visitor | undefined): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const isForeign = typeof site === 'string' && site !== 'same-origin' && site !== 'none'
  if (isForeign || (origin !== undefined && !isOwnOrigin(ctx, origin, request)))
    throw refused({ zh: '请求来自其他网站', en: 'the request comes from another site' })
  if (visitor && request.headers['x-wisp-csrf'] !== visitor.csrf)
    throw refused({ zh: '页面已过期，请刷新后重试', en: 'the page is out of date: reload it and try again' })
}
