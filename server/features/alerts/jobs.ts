import type { Jobs } from '../../platform/queue/jobs.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { dropDue } from '../../platform/queue/queue-store.ts'
import type { CauseNeeds } from './cause.ts'
import { daily, frequent } from './causes.ts'
import { checkCauses } from './check.ts'

export function scheduleAlerts(ctx: CauseNeeds & { jobs: Jobs }): void {
  ctx.jobs.schedule('alerts', '*/5 * * * *', () => checkCauses(ctx, frequent))
  ctx.jobs.schedule('certificates', '20 9 * * *', () => checkCauses(ctx, daily))
}

/** Looks for what `checkAlerts` was told of. A check is of all corps, so that one is enough for all that ask at a time. */
export function handleAlertChecks(ctx: CauseNeeds & { queue: Queue }): void {
  ctx.queue.handle({
    name: 'alert-check',
    atOnce: 1,
    async work() {
      await dropDue(ctx.db, 'alert-check', new Date(ctx.now()))
      await checkCauses(ctx, frequent)
      return undefined
    },
  })
}
