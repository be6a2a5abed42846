/**
 * CAS 1 to 3 at an address of the corp's choice: tickets that are good once, and single logout. registry/ imports the services
 * of Apereo CAS.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Refusals } from '../../callers/refusals/refusals.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { SignInLog } from '../../callers/sign-in-log/sign-in-log.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import type { Logouts } from '../app-sign-in/logouts/deliver.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Brands } from '../branding/brands.ts'
import { type CasPlaces, createCasPlaces } from './places.ts'
import { casImport } from './registry/commands.ts'
import { casPersonal, casRetention } from './retention.ts'
import { answerCas } from './routes.ts'
import { logoutForm } from './single-logout.ts'

type Needs = Core & {
  apps: Apps
  appSignIns: AppSignIns
  brands: Brands
  corps: Corps
  developers: Developers
  logouts: Logouts
  mirrors: Mirrors
  refusals: Refusals
  roles: Roles
  sessions: Sessions
  signInLog: SignInLog
}

/** Signing in to applications by CAS, at an address of the corp's choice (docs/upstream/cas.md). */
export const casFeature = feature<Needs, { casPlaces: CasPlaces }>()({
  name: 'cas',
  personal: casPersonal,
  tables: casRetention,
  create(ctx) {
    ctx.logouts.speak('cas', logout => logoutForm(ctx, logout))
    return { casPlaces: createCasPlaces(ctx) }
  },
  reloaded: ({ casPlaces }) => casPlaces.readAgain(),
  unrouted: answerCas,
  commands: [casImport],
  commandGroups: {
    cas: { zh: '导入 Apereo CAS 的服务登记', en: 'Import services registered at Apereo CAS' },
  },
  returnTo: ({ casPlaces }, path) => casPlaces.isLogin(path),
})
