import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { rowsPurpose } from '../../platform/deleted/deleted.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Apps } from '../apps/catalog.ts'
import * as calls from './calls.ts'
import { deletedCommands } from './commands.ts'
import { deletedPersonal, deletedRetention } from './retention.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; offered: FeatureOffers }

/** Apps and developers that were deleted, and bringing them back. */
export const deletedFeature = feature<Needs>()({
  name: 'deleted',
  pageCalls: [calls.listDeletedCall, calls.restoreDeletedCall],
  adminCalls: [calls.adminDeleted, calls.adminRestoreApp, calls.adminRestoreDeveloper],
  commands: deletedCommands,
  commandGroups: {
    deleted: { zh: '列出和恢复删除的应用和开发者', en: 'List and restore deleted apps and developers' },
  },
  personal: deletedPersonal,
  tables: deletedRetention,
  sealed: [{ table: 'deleted_object', key: ['corp_id', 'kind', 'id'], column: 'rows', purpose: rowsPurpose }],
})
