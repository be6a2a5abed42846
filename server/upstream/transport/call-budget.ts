/**
 * How often calls that are passed on may still be made, by the vendor's own limits: of one call, for one corp or account, and for the
 * address from which all of them are made (docs/upstream/wecom-calls.md#limits-of-calls). Counted by each node for itself; what the
 * vendor says with 45009 comes on top.
 */
export type CallBudget = {
  /** Throws LimitReached for a call that the vendor would refuse. */
  check(owner: string, path: string): void
  /** As `check`, and counts the call. */
  take(owner: string, path: string): void
  /** The vendor has refused the call with 45009. */
  noteUsedUp(owner: string, path: string): void
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
const blockedMs = minuteMs
const countedAtMost = 100_000

type Window = { until: number; count: number }

export function createCallBudget(limits: CallLimits | undefined, now: () => number): CallBudget {
  const blocked = new Map<string, number>()
  const windows = new Map<string, Window>()

  function rules(owner: string, path: string) {
    if (!limits) return []
    const { perOwner, perAddress } = limits
    return [
      { key: `m ${owner} ${path}`, ms: minuteMs, atMost: perOwner.perMinute },
      { key: `h ${owner} ${path}`, ms: hourMs, atMost: perOwner.perHour },
      { key: `m * ${path}`, ms: minuteMs, atMost: perAddress.perMinute },
      { key: `h * ${path}`, ms: hourMs, atMost: perAddress.perHour },
    ]
  }

  function check(owner: string, path: string) {
    const at = now()
    const until = blocked.get(`${owner} ${path}`) ?? 0
    if (until > at) throw reached(path, until - at)
    for (const { key, atMost } of rules(owner, path)) {
      const window = windows.get(key)
      if (window && window.until > at && window.count >= atMost) throw reached(path, window.until - at)
    }
  }

  /** What is over is dropped when there is much, so that a thousand corps leave nothing behind. */
  function dropOld(at: number) {
    if (windows.size > countedAtMost)
      for (const [key, { until }] of windows) if (until <= at) windows.delete(key)
    if (blocked.size > countedAtMost) for (const [key, until] of blocked) if (until <= at) blocked.delete(key)
  }

  return {
    check,
    take(owner, path) {
      check(owner, path)
      const at = now()
      dropOld(at)
      for (const { key, ms } of rules(owner, path)) {
        const window = windows.get(key)
        if (window && window.until > at) window.count++
        else windows.set(key, { until: at + ms, count: 1 })
      }
    },
    noteUsedUp(owner, path) {
      blocked.set(`${owner} ${path}`, now() + blockedMs)
    },
  }
}

function reached(path: string, ms: number): LimitReached {
  return new LimitReached(path, Math.max(1, Math.ceil(ms / 1000)))
}
