import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { pruneDirectory } from '../directory/retention.ts'
import type { Jobs } from '../operation/jobs.ts'
import { describeError } from '../operation/log.ts'
import { pruneEvents } from './events/event-store.ts'
import { requestSync } from './request.ts'
import { pruneRuns } from './runs/run-store.ts'
import type { Sync } from './sync.ts'

const keptDays = 30
const dayMs = 86_400_000

export async function scheduleNightly(ctx: Core & { corps: Corps; jobs: Jobs; sync: Sync }): Promise<void> {
  await ctx.jobs.schedule('nightly', ctx.config.nightly, () => nightly(ctx))
}

/** Reconciles every corp, and lets go of what is older than is kept. */
async function nightly(ctx: Core & { corps: Corps; sync: Sync }): Promise<void> {
  for (const { corpId } of ctx.corps.all()) {
    await requestSync(ctx, 'nightly', corpId, 'reconcile').catch(error => {
      ctx.log.error({ corpId, ...describeError(error) }, 'nightly reconcile not started')
    })
  }
  const before = new Date(ctx.now() - keptDays * dayMs)
  await pruneEvents(ctx.db, before)
  await pruneDirectory(ctx, before)
  await pruneRuns(ctx.db, before)
}
