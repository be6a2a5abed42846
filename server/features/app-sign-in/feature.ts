/**
 * app-sign-in/ is how each app signs people in; oidc/ and cas/ are built on it. Its folders: claims/ what an app gets about a
 * person; grants/ and logouts/ the sessions that an app has, and telling it of their end; trial/ the client by which sign-in is
 * tried; configurations/ the programs that wisp knows: what wisp is set to for them, and what they are set up with.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Refusals } from '../../callers/refusals/refusals.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { SignInLog } from '../../callers/sign-in-log/sign-in-log.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Brands } from '../branding/brands.ts'
import { signInSection } from './admin/settings-section.ts'
import { adminRenewClientSecret, adminSetSignIn, adminSignIn } from './admin/sign-in-calls.ts'
import { claimsAskedFor, signInAttention, signInChangedByOwner } from './attention.ts'
import { type AppSignIns, createAppSignIns } from './catalog.ts'
import { signInCommands } from './commands/sign-in.ts'
import * as owners from './console/owner-calls.ts'
import * as sessions from './console/session-calls.ts'
import * as settings from './console/sign-in-calls.ts'
import { endAppsOfMembers, endAppsOfSessions } from './end-sessions.ts'
import { handleEarlierConsents } from './grants/earlier-consents.ts'
import { signInGrants } from './grants/granted-store.ts'
import { ownGrants, withdrawGrant } from './grants/own-calls.ts'
import { createLogouts, handleLogouts, type Logouts } from './logouts/deliver.ts'
import { registerConsent } from './pages/consent-answer.ts'
import { appSignInPersonal, appSignInRetention } from './retention.ts'
import { appSignInSealed } from './sealed.ts'
import { appsToldOfGroups } from './store.ts'
import { addressesTied } from './tied.ts'
import { beginTrial } from './trial/trial-calls.ts'

type Needs = Core & {
  apps: Apps
  bodies: BodiesInProgress
  brands: Brands
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
  refusals: Refusals
  roles: Roles
  sessions: Sessions
  signInLog: SignInLog
}
type Services = { appSignIns: AppSignIns; logouts: Logouts }

/** How apps sign people in, whom they may, what they are told of a person, and that somebody was signed out. */
export const appSignInFeature = feature<Needs, Services>()({
  name: 'app-sign-in',
  pageCalls: [
    settings.showSignIn,
    settings.saveSignIn,
    settings.renewSecret,
    settings.reviewSignIn,
    settings.previewSignIn,
    settings.signInConfigurations,
    settings.listPrograms,
    settings.addProgramCall,
    settings.connectProgramCall,
    sessions.listAppSessions,
    sessions.listAppLogouts,
    owners.ownSignIns,
    owners.saveOwnAddresses,
    owners.askForClaim,
    ownGrants,
    withdrawGrant,
    beginTrial,
  ],
  adminCalls: [adminSignIn, adminSetSignIn, adminRenewClientSecret],
  settings: { appSignIns: signInSection },
  commands: signInCommands,
  attention: signInAttention,
  tied: addressesTied,
  causes: { claimsAskedFor, signInChangedByOwner },
  async groupUses(_ctx, tx, corpId) {
    const apps = await appsToldOfGroups(tx, corpId)
    return apps.map(({ appId, name }) => ({
      zh: `应用“${name}”登录时获得的所有人群名称`,
      en: `the names of all groups that the app "${name}" is told at sign-in`,
      point: 'app:sign-in',
      appId,
      isOfAll: true,
    }))
  },
  personal: appSignInPersonal,
  grants: [signInGrants],
  tables: appSignInRetention,
  sealed: appSignInSealed,
  kept: [{ of: 'app', table: 'app_sign_in', column: 'app_id' }],
  create: ctx => ({ appSignIns: createAppSignIns(ctx), logouts: createLogouts() }),
  routes: registerConsent,
  readers: ({ appSignIns }) => [appSignIns],
  work(ctx) {
    handleLogouts(ctx)
    handleEarlierConsents(ctx)
  },
  endAccess: endAppsOfMembers,
  endSessions: endAppsOfSessions,
})
