import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { roleSection } from '../../organisation/roles/settings-section.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { settingsFileCommands } from './commands.ts'
import { adminApplySettings, adminSettings } from './settings-calls.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers; three: Three }

/** The settings of a corp as a file, and a file as its settings. */
export const settingsFileFeature = feature<Needs>()({
  name: 'settings-file',
  // It names apps and developers, so that it comes after theirs.
  settings: { roles: roleSection },
  adminCalls: [adminSettings, adminApplySettings],
  commands: settingsFileCommands,
  commandGroups: { export: { zh: '导出企业的设置', en: 'Export the settings of a corp' } },
})
