import type { Jobs } from '../operation/jobs.ts'
import type { CauseNeeds } from './cause.ts'
import { daily, frequent } from './causes.ts'
import { checkCauses } from './check.ts'

export async function scheduleAlerts(ctx: CauseNeeds & { jobs: Jobs }): Promise<void> {
  await ctx.jobs.schedule('alerts', '*/5 * * * *', () => checkCauses(ctx, frequent))
  await ctx.jobs.schedule('certificates', '20 9 * * *', () => checkCauses(ctx, daily))
}
