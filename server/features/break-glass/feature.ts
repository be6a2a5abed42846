import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import { type BreakGlassNeeds, endOver } from './break-glass.ts'
import { breakGlassPersonal, breakGlassRetention } from './retention.ts'

/** Commands of an emergency, without the codes of the three administrators (`break-glass.ts`). */
export const breakGlassFeature = feature<BreakGlassNeeds & { jobs: Jobs }>()({
  name: 'break-glass',
  personal: breakGlassPersonal,
  tables: breakGlassRetention,
  schedule(ctx) {
    ctx.jobs.schedule('break-glass', '* * * * *', () => endOver(ctx))
  },
})
