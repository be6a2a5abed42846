/**
 * The folders of sign-in/: ways/ has the ways of signing in of a corp, in its order; sms-code/ codes by SMS; passkeys/; factor/
 * second factors of members and accounts. proof.ts is what a person has yet to do for what they want.
 */

import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { OwnRoles } from '../../organisation/roles/kept-roles.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Protection } from '../protection/protection.ts'
import type { Refusals } from '../refusals/refusals.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { SignInLog } from '../sign-in-log/sign-in-log.ts'
import type { Strangers } from '../strangers/strangers.ts'
import { accountGrants } from './account-store.ts'
import { checkGivenPassword } from './administrator.ts'
import { accountCommands } from './commands.ts'
import { memberFactorReset, resetMemberCommand } from './factor/member-factor.ts'
import * as secondFactor from './factor/second-factor-calls.ts'
import { dropFactorsOfLeavers } from './factor/second-factor-store.ts'
import * as passkeys from './passkeys/passkey-calls.ts'
import { signInPersonal, signInRetention } from './retention.ts'
import { signInSealed } from './sealed.ts'
import * as signIn from './sign-in-calls.ts'
import { smsCodesFailed } from './sms-code/failures.ts'
import { smsCodesGuessed } from './sms-code/guessed.ts'
import { codesSent } from './sms-code/sms-code.ts'
import * as smsCode from './sms-code/sms-code-calls.ts'
import * as ways from './ways/ways-calls.ts'
import { wayCommands } from './ways/ways-commands.ts'
import { registerWecomSignIn } from './wecom-sign-in.ts'

type Needs = Core & {
  corps: Corps
  inbox: Inbox
  mirrors: Mirrors
  offered: FeatureOffers
  ownRoles: OwnRoles
  protection: Protection
  refusals: Refusals
  roles: Roles
  three: Three
  sessions: Sessions
  signInLog: SignInLog
  strangers: Strangers
}

/** Signing in: by WeCom, codes by SMS and passkeys, and by the local administrator’s password; second factors. */
export const signInFeature = feature<Needs>()({
  name: 'sign-in',
  pageCalls: [
    signIn.getSession,
    signIn.signInOptions,
    signIn.signInRefusal,
    signIn.wecomSignIn,
    signIn.passwordSignIn,
    signIn.passwordChange,
    signIn.passwordStrength,
    secondFactor.secondStep,
    passkeys.passkeySignInBegin,
    passkeys.passkeySignIn,
    smsCode.smsCodeAsk,
    smsCode.smsCodeTake,
    ways.waysRead,
    ways.waysSave,
    secondFactor.factorStatus,
    secondFactor.factorProve,
    passkeys.passkeyProveBegin,
    passkeys.passkeyProve,
    passkeys.passkeyList,
    passkeys.passkeyBegin,
    passkeys.passkeyFinish,
    passkeys.passkeyRemove,
    secondFactor.factorBegin,
    secondFactor.factorFinish,
    secondFactor.factorCodes,
    secondFactor.factorRemove,
    secondFactor.factorRequire,
    memberFactorReset,
    signIn.signOut,
    signIn.signOutEverywhere,
  ],
  routes: registerWecomSignIn,
  commands: [...accountCommands, ...wayCommands, resetMemberCommand],
  commandGroups: {
    'admin second-factor': {
      zh: '要求或关闭系统账号的两步验证',
      en: 'Require or reset two-step sign-in of system accounts',
    },
    'sign-in': {
      zh: '设置成员怎样登录，查看登录记录',
      en: 'Set how members sign in, and read the sign-in log',
    },
    'sign-in ways': { zh: '显示和设置登录方式', en: 'Show and set the ways of signing in' },
    'sign-in second-factor': { zh: '关闭成员的两步验证', en: 'Reset two-step sign-in of members' },
  },
  checkConfig: checkGivenPassword,
  personal: signInPersonal,
  grants: [accountGrants],
  tables: signInRetention,
  sealed: signInSealed,
  causes: { smsCodesFailed, smsCodesGuessed },
  endAccess: (tx, corpId, memberIds) => dropFactorsOfLeavers(tx, corpId, memberIds),
  close: codesSent,
})
