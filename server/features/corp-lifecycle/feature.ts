import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { lifecycleCommands } from './commands.ts'
import * as calls from './console/lifecycle-calls.ts'
import { handleRemovals } from './removal/work.ts'
import { lifecyclePersonal, lifecycleRetention } from './retention.ts'

/** Suspending a corp, its export, and deleting it whole, for whoever operates the installation. */
export const corpLifecycleFeature = feature<Core & { corps: Corps; offered: FeatureOffers; queue: Queue }>()({
  name: 'corp-lifecycle',
  pageCalls: [
    calls.corpStateRead,
    calls.corpSuspend,
    calls.corpResume,
    calls.corpExportTake,
    calls.corpDelete,
    calls.corpRemovals,
  ],
  commands: lifecycleCommands,
  personal: lifecyclePersonal,
  tables: lifecycleRetention,
  work: handleRemovals,
})
