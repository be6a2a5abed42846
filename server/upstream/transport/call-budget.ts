import { LRUCache } from 'lru-cache'
import {
  type AttemptLimit,
  type CounterNeeds,
  countAttempt,
  countTogether,
} from '../../platform/security/counters.ts'

/**
 * How often calls that are passed on may still be made, by the vendor's own limits: of one call, for one corp or account, and for the
 * address from which all of them are made (docs/upstream/wecom-calls.md#limits-of-calls). All nodes count together, in the database; a
 * node cannot know by which address the vendor sees it, so that all nodes count as one. What the vendor says with 45009 comes on top.
 */
export type CallBudget = {
  /** Throws LimitReached for a call that this node knows to be refused, without asking anybody. */
  check(path: string): void
  /** Counts the call. Throws LimitReached for one that the vendor would refuse. */
  take(path: string): Promise<void>
  /** The vendor has refused the call with 45009. */
  noteUsedUp(path: string): Promise<void>
}

/** The vendor was not asked, because it would refuse. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached'
  readonly path: string
  readonly retryAfterSeconds: number

  constructor(path: string, retryAfterSeconds: number) {
    super(`${path}: the vendor's limit of calls is reached`)
    this.path = path
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export type CallLimits = {
  perOwner: { perMinute: number; perHour: number }
  perAddress: { perMinute: number; perHour: number }
}

const minuteMs = 60_000
const hourMs = 3_600_000
/** The vendor blocks for a minute at least. */
const blocked: AttemptLimit = { purpose: 'upstream-blocked', atMost: 1, windowMs: minuteMs }
/** More than any catalogue has calls. */
const pathsKept = 2000

const perMinute = (atMost: number): AttemptLimit => ({
  purpose: 'upstream-minute',
  atMost,
  windowMs: minuteMs,
})
const perHour = (atMost: number): AttemptLimit => ({ purpose: 'upstream-hour', atMost, windowMs: hourMs })

/** `origin`: the vendor's address; `owner`: whose limits count there. Without limits only 45009 is kept. */
export function createCallBudget(
  ctx: CounterNeeds,
  { origin, owner }: { origin: string; owner: string },
  limits?: CallLimits,
): CallBudget {
  const overUntil = new LRUCache<string, number>({ max: pathsKept })
  const subject = (who: string, path: string) => ({ corpId: '', of: `${origin} ${who} ${path}` })

  function countedBy(path: string) {
    if (!limits) return []
    const { perOwner, perAddress } = limits
    const [own, all] = [subject(owner, path), subject('*', path)]
    return [
      { limit: perMinute(perOwner.perMinute), subject: own },
      { limit: perHour(perOwner.perHour), subject: own },
      { limit: perMinute(perAddress.perMinute), subject: all },
      { limit: perHour(perAddress.perHour), subject: all },
    ]
  }

  function check(path: string) {
    const leftMs = (overUntil.get(path) ?? 0) - ctx.now()
    if (leftMs > 0) throw new LimitReached(path, Math.ceil(leftMs / 1000))
  }

  return {
    check,
    async take(path) {
      check(path)
      const looked = [{ limit: blocked, subject: subject(owner, path) }]
      const seconds = await countTogether(ctx, countedBy(path), looked)
      if (seconds === undefined) return
      overUntil.set(path, ctx.now() + seconds * 1000)
      throw new LimitReached(path, seconds)
    },
    async noteUsedUp(path) {
      overUntil.set(path, ctx.now() + blocked.windowMs)
      await countAttempt(ctx, blocked, subject(owner, path))
    },
  }
}
