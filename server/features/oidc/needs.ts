import type { Developers } from '../../callers/developers/developers.ts'
import type { Refusals } from '../../callers/refusals/refusals.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { SignInLog } from '../../callers/sign-in-log/sign-in-log.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import type { Logouts } from '../app-sign-in/logouts/deliver.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Brands } from '../branding/brands.ts'

/** What signing in by OpenID Connect takes of the rest. */
export type Needs = Core & {
  appSignIns: AppSignIns
  apps: Apps
  bodies: BodiesInProgress
  brands: Brands
  corps: Corps
  developers: Developers
  logouts: Logouts
  mirrors: Mirrors
  offered: FeatureOffers
  refusals: Refusals
  roles: Roles
  sessions: Sessions
  signInLog: SignInLog
}
