import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Apps } from '../apps/catalog.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { aboutInstallation } from './about.ts'
import { consoleOverview } from './overview.ts'
import { overviewPersonal, overviewRetention } from './retention.ts'
import { consoleSearch } from './search-everywhere.ts'
import { consoleStart } from './start.ts'
import { listViews, removeViewCall, saveViewCall } from './views/view-calls.ts'

type Needs = Core & {
  apps: Apps
  corps: Corps
  developers: Developers
  messageSettings: MessageSettingsOfCorps
  mirrors: Mirrors
  offered: FeatureOffers
}

/** The console’s first page, the page of day one, search, and saved filters of its lists. */
export const overviewFeature = feature<Needs>()({
  name: 'overview',
  pageCalls: [
    consoleSearch,
    consoleOverview,
    consoleStart,
    aboutInstallation,
    listViews,
    saveViewCall,
    removeViewCall,
  ],
  personal: overviewPersonal,
  tables: overviewRetention,
})
