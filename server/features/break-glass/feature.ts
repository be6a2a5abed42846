import type { Three } from '../../organisation/three/three.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Jobs } from '../../platform/queue/jobs.ts'
import type { CheckpointNeeds } from '../audit-tree/checkpoints/send.ts'
import { endOver } from './break-glass.ts'
import { breakGlassUnclosed } from './causes.ts'
import { closeNotice, showNotices } from './console/notice-calls.ts'
import { breakGlassPersonal, breakGlassRetention } from './retention.ts'

/** Commands of an emergency, without the codes of the three administrators (`break-glass.ts`). */
export const breakGlassFeature = feature<CheckpointNeeds & { jobs: Jobs; three: Three }>()({
  name: 'break-glass',
  causes: { breakGlassUnclosed },
  pageCalls: [showNotices, closeNotice],
  personal: breakGlassPersonal,
  tables: breakGlassRetention,
  schedule(ctx) {
    ctx.jobs.schedule('break-glass', '* * * * *', () => endOver(ctx))
  },
})
