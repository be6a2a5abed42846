/**
 * A push is proved before it is parsed, because any program may send one. Its declaration checks the head first, reads no more than
 * its own limit, and finds the signed text without a parser. A refusal is never 2xx, because the upstream would not repeat the
 * push.
 */

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'
import { checkAlerts } from '../queue/check-alerts.ts'
import { type AttemptCount, type AttemptLimit, createFloodLimit } from '../security/counters.ts'
import { DatabaseAway } from '../storage/availability.ts'
import { retryAfterAwaySeconds } from './answers/failures.ts'
import { isHangUp, readBody } from './bodies/read-body.ts'
import { ApiError } from './errors.ts'

/** A push or URL verification that is not taken; nothing of it is stored. The message quotes no secret and no content. */
export class PushRefused extends Error {
  override readonly name = 'PushRefused'
  readonly status: number
  /** The corp that it says it is for, where that corp's own secrets refused it. */
  readonly corpId: string | undefined
  /** The corp's official account or agent that it says it is for. */
  readonly account: string | undefined
  constructor(status: number, message: string, corpId?: string, account?: string) {
    super(message)
    this.status = status
    this.corpId = corpId
    this.account = account
  }
}

/** Whose push it is: of a corp's address book ('' is its account), of an official account, a merchant or an agent. */
export type PushOwner = {
  corpId: string
  /** The stream of the queue that works on it. */
  stream: 'directory' | 'official' | 'pay' | 'agent'
  account: string
}

/** Is told of each push that was proved and could not be stored. */
export type Refusals = { refused(owner: PushOwner): void }

/** A request before its body is read. */
export type PushHead = Omit<FastifyRequest, 'body' | 'query'> & { query: Record<string, unknown> }

/** `status` is 200 and `type` is plain text unless stated. */
export type PushAnswer = { status?: number; type?: string; body: string }

/**
 * What an upstream pushes to wisp, in the upstream's own protocol instead of wisp's envelope. The steps run in this order,
 * so that what anybody may send costs little: `check`, reading the body up to `bodyAtMost`, `verify`, the database gate, `handle`.
 * Each of them refuses with PushRefused. What is proved and cannot be stored is noted, to be asked for again.
 *
 * A refusal is never answered 2xx, because the upstream would take the push as delivered and not repeat it.
 */
export type UpstreamPush<Checked, Verified, C> = {
  path: string
  /** Section of the interface document (docs/interface/README.md#sections), or `wisp` for our own. */
  section: string
  /** In bytes. A larger body is refused by its stated length, or while it is read. */
  bodyAtMost: number
  /** Checks what query and headers tell alone: their presence and shape, the time, a signature that covers no body. */
  check: (ctx: C, head: PushHead) => Checked
  /** Answers the GET by which the upstream makes sure that the URL is ours, where it has one. */
  verifyUrl?: (ctx: C, checked: Checked, head: PushHead) => PushAnswer | Promise<PushAnswer>
  /** Proves that the body, which is not empty, comes from the upstream. Nothing is parsed at length before. */
  verify: (ctx: C, checked: Checked, body: Buffer) => Verified | Promise<Verified>
  /** Whose it is, for what cannot be stored; undefined where that is found out without having it noted. */
  owner: (verified: Verified) => PushOwner | undefined
  /** Stores the push, and then answers it. */
  handle: (ctx: C, verified: Verified) => PushAnswer | Promise<PushAnswer>
  /** Words a refusal or failure, whose status is set already, as the upstream expects it. */
  refusal: (reason: string) => Pick<PushAnswer, 'type' | 'body'>
}

/** Any push that a context of type C can serve. */
export type AnyPush<C> = Pick<
  UpstreamPush<never, never, C>,
  'path' | 'section' | 'bodyAtMost' | 'refusal'
> & {
  check: (ctx: C, head: PushHead) => unknown
  verifyUrl?: (ctx: C, checked: never, head: PushHead) => PushAnswer | Promise<PushAnswer>
  verify: (ctx: C, checked: never, body: Buffer) => unknown
  owner: (verified: never) => PushOwner | undefined
  handle: (ctx: C, verified: never) => PushAnswer | Promise<PushAnswer>
}

export function upstreamPush<Checked, Verified, C>(
  declaration: UpstreamPush<Checked, Verified, C>,
): AnyPush<C> {
  return declaration
}

/** For `check`: a query parameter that is there once, as visible ASCII. */
export function queryText({ query }: PushHead, name: string, atMost: number): string {
  const value = query[name]
  if (typeof value !== 'string' || value === '') throw new PushRefused(400, `${name} is missing or repeated`)
  if (value.length > atMost) throw new PushRefused(400, `${name} is too long`)
  if (!/^[\x21-\x7e]+$/.test(value)) throw new PushRefused(400, `${name} holds other than visible ASCII`)
  return value
}

const clockToleranceSeconds = 300

/** For `check`: every upstream signs the time of its push in seconds, so that an old one cannot be sent again. */
export function checkTimestamp({ now }: Pick<Core, 'now'>, timestamp: string): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  if (!(Math.abs(now() / 1000 - seconds) <= clockToleranceSeconds))
    throw new PushRefused(403, 'timestamp is off by more than 5 minutes')
}

/**
 * For one address and path. Only refusals count, and what passes the checks is always taken, so that rubbish which comes through
 * a proxy cannot keep out the upstream behind the same proxy. Beyond the limit a refusal is 429 and leaves no log line.
 */
const refusals: AttemptLimit = { purpose: 'refused-push', atMost: 300, windowMs: 60_000 }

/** For one corp and path: by these refusals administrators learn that both sides have different secrets. */
export const refusalsOfCorp: AttemptLimit = { purpose: 'refused-push-of-corp', atMost: 10, windowMs: 900_000 }

/** The same for one official account, by its original id, or for one agent. */
export const refusalsOfAccount: AttemptLimit = { ...refusalsOfCorp, purpose: 'refused-push-of-account' }

/** Upstreams repeat what was refused three times, so one push that does not fit is enough for administrators to be told. */
export const refusalsTold = 3

export function registerPushes<C extends Core & { missed: Refusals }>(
  app: FastifyInstance,
  ctx: C,
  pushes: readonly AnyPush<C>[],
): void {
  const ofAddress = createFloodLimit(ctx, refusals)
  const ofCorp = createFloodLimit(ctx, refusalsOfCorp)
  const ofAccount = createFloodLimit(ctx, refusalsOfAccount)
  const countRefusal: CountRefusal = async ({ path }, { ip }, error) => {
    const counted = await ofAddress({ corpId: '', of: `${path} ${ip}` })
    if (counted.isOver || !(error instanceof PushRefused) || error.corpId === undefined) return counted
    const { corpId, account } = error
    const { count } = await (account === undefined
      ? ofCorp({ corpId, of: path })
      : ofAccount({ corpId, of: account }))
    if (count === refusalsTold) await checkAlerts(ctx, ctx.db, corpId)
    return counted
  }
  for (const declared of pushes) app.register(async scope => registerPush(scope, ctx, declared, countRefusal))
}

type CountRefusal = (push: { path: string }, request: FastifyRequest, error: unknown) => Promise<AttemptCount>

function registerPush<C extends Core & { missed: Refusals }>(
  scope: FastifyInstance,
  ctx: C,
  declared: AnyPush<C>,
  countRefusal: CountRefusal,
): void {
  const { path, bodyAtMost } = declared
  const checked = new WeakMap<FastifyRequest, never>()
  const send = (reply: FastifyReply, { status = 200, type = plainText, body }: PushAnswer) => {
    ctx.metrics.countCall(path, String(status), reply.elapsedTime)
    return reply.code(status).header('content-type', type).send(body)
  }
  scope.addHook('onRequest', async request => {
    checked.set(request, declared.check(ctx, request as PushHead) as never)
    // Proxies and older senders send wrong content types, nonsense or none, which Fastify would refuse.
    request.headers['content-type'] = 'application/octet-stream'
  })
  scope.removeAllContentTypeParsers()
  // They are not counted by address: rubbish that comes through a proxy would keep out the upstream behind the same proxy.
  scope.addContentTypeParser('*', (request, payload, done) =>
    readBody(undefined, request, payload, bodyAtMost, done),
  )
  scope.setErrorHandler(async (error, request, reply) => {
    if (isHangUp(error, request)) return reply
    const about = { requestId: request.id, path, address: request.ip }
    // What memory says of it may be out of date by now, and a refusal could not be counted.
    const why = whyAway(ctx) ?? error
    const { status, reason, retryAfterSeconds } = await judge(ctx, declared, request, why, countRefusal)
    if (status >= 500) ctx.log.error({ ...about, ...describeError(why) }, 'push not taken')
    else if (status !== 429) ctx.log.warn({ ...about, reason }, 'push refused')
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
    return send(reply, { status, ...declared.refusal(reason) })
  })
  const { verifyUrl } = declared
  scope.get(path, async (request, reply) => {
    // Only POST is answered here, because a page may be served at all addresses around it.
    if (!verifyUrl) throw new PushRefused(405, 'only POST')
    ctx.availability.check()
    return send(reply, await verifyUrl(ctx, checked.get(request)!, request as PushHead))
  })
  scope.post(path, async (request, reply) => {
    const body = request.body as Buffer
    if (body.length === 0) throw new PushRefused(400, 'body is empty')
    const verified = (await declared.verify(ctx, checked.get(request)!, body)) as never
    try {
      ctx.availability.check()
      return send(reply, await declared.handle(ctx, verified))
    } catch (error) {
      // The upstream gives up after a few times, whyever it could not be stored.
      const owner = statusOf(error) >= 500 ? declared.owner(verified) : undefined
      if (owner) ctx.missed.refused(owner)
      throw error
    }
  })
}

function whyAway({ availability }: Core): unknown {
  try {
    availability.check()
    return undefined
  } catch (error) {
    return error
  }
}

const plainText = 'text/plain; charset=utf-8'

type Verdict = { status: number; reason: string; retryAfterSeconds?: number }

async function judge<C extends Core>(
  ctx: C,
  declared: AnyPush<C>,
  request: FastifyRequest,
  error: unknown,
  countRefusal: CountRefusal,
): Promise<Verdict> {
  const status = statusOf(error)
  const reason = status < 500 ? reasonOf(error) : 'internal error'
  if (status === 503) return { status, reason, retryAfterSeconds: retryAfterAwaySeconds }
  if (status >= 500) return { status, reason }
  try {
    const { isOver, retryAfterSeconds } = await countRefusal(declared, request, error)
    return isOver ? { status: 429, reason: 'too many refused pushes', retryAfterSeconds } : { status, reason }
  } catch (failure) {
    // The refusal stands even if it could not be counted.
    ctx.log.warn(describeError(failure), 'refusal not counted')
    return { status, reason }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof ApiError ? error.reasonIn('en') : (error as Error).message
}

/** What carries a status of its own besides refusals is a body that is too large or did not arrive. */
function statusOf(error: unknown): number {
  if (error instanceof PushRefused || error instanceof ApiError) return error.status
  if (error instanceof DatabaseAway) return 503
  const { statusCode = 500 } = error as Partial<FastifyError>
  return Math.min(statusCode, 500)
}
