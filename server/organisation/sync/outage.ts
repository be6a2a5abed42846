/**
 * Work that no person waits for backs off from a silent WeCom, per corp. A row says since when WeCom has not answered and when
 * it is asked again, up to an hour apart. One question shows whether WeCom is back, before all that waits asks its own. A run
 * stays open during that time.
 */

import type { Core } from '../../platform/core.ts'
import { inForeground } from '../../platform/operation/background.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { growingDelayMs } from '../../platform/queue/growing-delay.ts'
import type { Words } from '../../platform/words.ts'
import { WecomUnavailable } from '../../upstream/wecom/errors.ts'
import type { Corp } from '../corps/corps.ts'
import { unavailableText } from '../corps/doctor/probe.ts'
import { dropOutage, type Outage, putOutage, readOutage } from './outage-store.ts'
import { unreachableMs } from './thresholds.ts'

const delays = { first: 5000, longest: 3_600_000 }

/** Twice as long each time, up to an hour; between half and all of it, so that a thousand corps do not come at once. */
export function delayAfter(attempts: number): number {
  const full = growingDelayMs(attempts - 1, delays)
  return full * (0.5 + Math.random() / 2)
}

/**
 * Whether WeCom is there for one corp, as far as the work on its address book knows. What people wait for (messages, sign-in,
 * the doctor) asks WeCom regardless of this.
 */
export type UpstreamReach = {
  /** When WeCom is asked again; undefined when it may be asked now. */
  pausedUntil(): Date | undefined
  isOut(): boolean
  since(): Date | undefined
  /** An answer came, whatever it said. */
  heard(): Promise<void>
  /** No answer comes, but the attempt goes on. `since`: when the last one came. */
  missed(why: Words, since: Date): Promise<void>
  /** The attempt is given up. */
  failed(error: WecomUnavailable): Promise<void>
  /** Asks WeCom one plain question, and notes whether it answers. Returns why there was no answer. */
  probe(corp: Corp): Promise<WecomUnavailable | undefined>
}

export async function openReach(ctx: Core, corpId: string): Promise<UpstreamReach> {
  let outage = await readOutage(ctx.db, corpId)
  let last: Promise<void> = Promise.resolve()

  /** One after the other: what was noted last must be what is stored. */
  function write(next: Outage | undefined): Promise<void> {
    const isNew = outage === undefined
    outage = next
    const store = () =>
      ctx.db.transaction().execute(async tx => {
        if (!next) {
          await checkAlerts(ctx, tx, corpId)
          return dropOutage(tx, corpId)
        }
        if (isNew) await checkAlerts(ctx, tx, corpId, next.since.getTime() + unreachableMs - ctx.now())
        await putOutage(tx, corpId, next)
      })
    last = last.then(store, store)
    return last
  }

  const reach: UpstreamReach = {
    pausedUntil: () =>
      outage && outage.attempts > 0 && outage.nextAt.getTime() > ctx.now() ? outage.nextAt : undefined,
    isOut: () => outage !== undefined,
    since: () => outage?.since,
    heard: () => (outage ? write(undefined) : last),
    missed: (reason, since) =>
      outage ? last : write({ since, attempts: 0, nextAt: new Date(ctx.now()), reason }),
    failed(error) {
      const attempts = (outage?.attempts ?? 0) + 1
      const now = ctx.now()
      const since = outage?.since ?? new Date(now)
      return write({
        since,
        attempts,
        nextAt: new Date(now + delayAfter(attempts)),
        reason: reasonOf(ctx, error),
      })
    },
    async probe({ contact }) {
      const failure = await inForeground(() => contact.departmentGet(1)).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (!(failure instanceof WecomUnavailable)) {
        await reach.heard()
        return undefined
      }
      await reach.failed(failure)
      return failure
    },
  }
  return reach
}

/** What could not be reached, at which address, and how that shows. */
export function reasonOf({ config: { wecomUrl } }: Core, error: WecomUnavailable): Words {
  const { zh, en } = unavailableText(error)
  return { zh: `${zh}：${wecomUrl}`, en: `${en}: ${wecomUrl}` }
}

export function silence({ config: { wecomUrl } }: Core): Words {
  return { zh: `企业微信没有应答：${wecomUrl}`, en: `WeCom does not answer: ${wecomUrl}` }
}
