import { setTimeout as delay } from 'node:timers/promises'
import pLimit from 'p-limit'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers, OfferedCause } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { dropDue } from '../../platform/queue/queue-store.ts'
import { checkCauses } from './check.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

/** Looks for the causes of each day, or for all others. */
export type LookForCauses = (which: { isDaily: boolean }) => Promise<void>

/** A look waits for the one before: what that one had read before a change would open again what this one has ended. */
export function looksIn(ctx: Needs): LookForCauses {
  const inTurn = pLimit(1)
  return ({ isDaily }) => inTurn(() => checkCauses(ctx, causesOf(ctx, isDaily)))
}

type Looks = { lookForCauses: LookForCauses }

export function scheduleAlerts({ jobs, lookForCauses }: Looks & { jobs: Jobs }): void {
  jobs.schedule('alerts', '*/5 * * * *', () => lookForCauses({ isDaily: false }))
  jobs.schedule('certificates', '20 9 * * *', () => lookForCauses({ isDaily: true }))
}

const longLookMs = 250
const restAtMostMs = 10_000

/** So that looks that follow each other are a small part of what the database does, even where acts never stop. */
function restAfter(tookMs: number): number {
  return tookMs < longLookMs ? 0 : Math.min(tookMs * 4, restAtMostMs)
}

/** Does the checks that `checkAlerts` enqueues. One check covers all corps, so one is enough for all requests at a time. */
export function handleAlertChecks(ctx: Core & Looks & { queue: Queue }): void {
  ctx.queue.handle({
    name: 'alert-check',
    atOnce: 1,
    async work({ signal }) {
      await dropDue(ctx.db, 'alert-check', new Date(ctx.now()))
      const begin = performance.now()
      await ctx.lookForCauses({ isDaily: false })
      await delay(restAfter(performance.now() - begin), undefined, { signal }).catch(() => {})
      return undefined
    },
  })
}

function causesOf({ offered }: Needs, isDaily: boolean): Record<string, OfferedCause> {
  return Object.fromEntries(Object.entries(offered.causes).filter(([, cause]) => cause.isDaily === isDaily))
}
