import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers, OfferedCause } from '../../platform/manifest/offered.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { dropDue } from '../../platform/queue/queue-store.ts'
import { checkCauses } from './check.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

export function scheduleAlerts(ctx: Needs & { jobs: Jobs }): void {
  ctx.jobs.schedule('alerts', '*/5 * * * *', () => checkCauses(ctx, causesOf(ctx, false)))
  ctx.jobs.schedule('certificates', '20 9 * * *', () => checkCauses(ctx, causesOf(ctx, true)))
}

/** Does the checks that `checkAlerts` enqueues. One check covers all corps, so one is enough for all requests at a time. */
export function handleAlertChecks(ctx: Needs & { queue: Queue }): void {
  ctx.queue.handle({
    name: 'alert-check',
    atOnce: 1,
    async work() {
      await dropDue(ctx.db, 'alert-check', new Date(ctx.now()))
      await checkCauses(ctx, causesOf(ctx, false))
      return undefined
    },
  })
}

function causesOf({ offered }: Needs, isDaily: boolean): Record<string, OfferedCause> {
  return Object.fromEntries(Object.entries(offered.causes).filter(([, cause]) => cause.isDaily === isDaily))
}
