import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { schemasOf } from '../../../platform/acts/settings.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import { addDeveloper, setDeveloper } from '../developer-admin.ts'
import type { Developers } from '../developers.ts'
import { describeDevelopers } from '../overview.ts'
import { noRefunds } from '../scopes/refund-limits.ts'
import { developerSettings, developerSettingsOf } from './settings.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
  offered: FeatureOffers
}

const { name, ...rest } = schemasOf(developerSettings)

/** A new developer has a secret that nobody has seen; `wisp developer rotate --revoke` gives it one that somebody has. */
export const developerSection = settingsSection({
  key: 'devId',
  isLarge: true,
  byPeople: { refundLimits: noRefunds },
  shape: Type.Object(
    {
      devId: Type.Optional(Type.String({ maxLength: 64 })),
      name,
      ...Type.Partial(Type.Object(rest)).properties,
    },
    { additionalProperties: false },
  ),
  read: async (ctx: Needs, corpId) =>
    (await describeDevelopers(ctx, corpId)).map(view => ({
      devId: view.devId,
      ...developerSettingsOf(view),
    })),
  add: async (ctx, actor, corpId, { devId: _of, ...settings }) =>
    (await addDeveloper(ctx, actor, corpId, settings)).devId,
  set: (ctx, actor, _corpId, key, { devId: _devId, ...change }) => setDeveloper(ctx, actor, key, change),
})
