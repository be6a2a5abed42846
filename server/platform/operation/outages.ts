import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

const kinds = ['upstream', 'channel', 'webhook'] as const

/** Something outside that calls go to: an upstream, a channel of a corp, a webhook. */
export type OutsideService = { kind: (typeof kinds)[number]; name: string; corpId?: string }

/** Keeps in mind what fails, so that the log says once when it begins and once when it ends. */
export type Outages = {
  /** Called at the end of each call; without `why`, it succeeded. */
  note(outside: OutsideService, why: string | undefined): void
  /** What fails now, as this node sees it. */
  failing(): OutsideService[]
}

type Outage = { outside: OutsideService; since: number; failures: number; lastAt: number }

/** Something that works and fails alternately is one outage, until it has not failed for this long. */
const quietMs = 5000
/** At most this many are told apart; by then the log has said enough. */
const outagesAtMost = 5000

export function createOutages(log: Log, now: () => number): Outages {
  const outages = new Map<string, Outage>()
  return {
    note(outside, why) {
      const key = `${outside.kind} ${outside.corpId ?? ''} ${outside.name}`
      const outage = outages.get(key)
      if (why === undefined) {
        if (!outage || now() - outage.lastAt < quietMs) return
        outages.delete(key)
        const seconds = Math.round((outage.lastAt - outage.since) / 1000)
        log.info({ ...outside, failures: outage.failures, seconds }, `${outside.kind} works again`)
      } else if (outage) {
        outage.failures++
        outage.lastAt = now()
      } else if (outages.size < outagesAtMost) {
        outages.set(key, { outside, since: now(), failures: 1, lastAt: now() })
        log.warn({ ...outside, why }, `${outside.kind} begins to fail`)
      }
    },
    failing: () => [...outages.values()].map(one => one.outside),
  }
}

export function addOutageGauges({ metrics, outages }: { metrics: Metrics; outages: Outages }): void {
  metrics.gauge(
    'wisp_failing',
    'upstreams, channels and webhooks that fail, as this node sees it',
    ['kind'],
    () =>
      kinds.map(kind => ({
        labels: { kind },
        value: outages.failing().filter(one => one.kind === kind).length,
      })),
  )
}
