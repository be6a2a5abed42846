import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'
import { checkAlerts } from '../queue/check-alerts.ts'
import { growingDelayMs } from '../queue/growing-delay.ts'
import { holdLease, type Lease } from '../queue/queue-store.ts'
import { storable } from '../storage/foreign-text.ts'
import type { Words } from '../words.ts'
import { type DueEvent, postponeEvents } from './event-store.ts'

const parkAfter = 8
const delays = { first: 1000, longest: 300_000 }
/** How many characters of an error are stored, in each language. */
const errorAtMost = 500

/** How one stream reports events that could not be applied. */
export type FailureReport = {
  log: string
  /** What administrators are shown instead of the error's own message. */
  wordsOf?(error: Error): Words | string
  /** Whether the upstream is away. No event is to blame for that, so it is retried until the upstream is back. */
  isOutage?(error: Error): boolean
}

export type Failure = { events: readonly DueEvent[]; error: Error }

/** Postpones events. Those that failed too often are parked: they wait for a person, who is told. */
export async function postpone(
  ctx: Core,
  lease: Lease,
  failures: readonly Failure[],
  telling: FailureReport,
): Promise<void> {
  const rows = failures.flatMap(({ events, error }) => {
    const mayPark = !telling.isOutage?.(error)
    const { error: said, stack } = describeError(error)
    // Not logged: during an outage every event fails, and no code of wisp is to blame.
    ctx.log.warn({ entity: events[0]?.entity, error: said, ...(mayPark && { stack }) }, telling.log)
    const why = shortened(telling.wordsOf?.(error) ?? error.message)
    return events.map(event => {
      const attempts = event.attempts + 1
      const at = new Date(ctx.now() + growingDelayMs(event.attempts, delays))
      return { id: event.id, at, error: why, attempts, parked: mayPark && attempts >= parkAfter }
    })
  })
  await ctx.db.transaction().execute(async tx => {
    if (rows.some(row => row.parked)) await checkAlerts(ctx, tx, lease.corpId)
    await postponeEvents(tx, lease.corpId, rows)
    await holdLease(tx, lease)
  })
}

function shortened(words: Words | string): Words | string {
  const cut = (text: string) => storable(text.slice(0, errorAtMost))
  return typeof words === 'string' ? cut(words) : { zh: cut(words.zh), en: cut(words.en) }
}
