import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Offered } from '../../platform/manifest/offered.ts'
import type { Refusals } from '../refusals/refusals.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { checkGivenPassword } from './administrator.ts'
import { accountCommands } from './commands.ts'
import { signInRetention } from './retention.ts'
import { signInSealed } from './sealed.ts'
import * as secondFactor from './second-factor-calls.ts'
import * as signIn from './sign-in-calls.ts'
import { registerWecomSignIn } from './wecom-sign-in.ts'

type Needs = Core & {
  corps: Corps
  inbox: Inbox
  mirrors: Mirrors
  offered: Offered
  refusals: Refusals
  roles: Roles
  sessions: Sessions
}

/** Signing in by WeCom, and by the local administrator’s password. */
export const signInFeature = feature<Needs>()({
  name: 'sign-in',
  pageCalls: [
    signIn.getSession,
    signIn.signInOptions,
    signIn.wecomSignIn,
    signIn.passwordSignIn,
    signIn.passwordChange,
    signIn.passwordStrength,
    secondFactor.secondStep,
    secondFactor.factorStatus,
    secondFactor.factorBegin,
    secondFactor.factorFinish,
    secondFactor.factorCodes,
    secondFactor.factorRemove,
    secondFactor.factorRequire,
    signIn.signOut,
    signIn.signOutEverywhere,
    signIn.ownSessions,
    signIn.endOwnSessionCall,
  ],
  routes: registerWecomSignIn,
  commands: accountCommands,
  commandGroups: { 'admin second-factor': '系统超级管理员的两步验证' },
  checkConfig: checkGivenPassword,
  tables: signInRetention,
  sealed: signInSealed,
})
