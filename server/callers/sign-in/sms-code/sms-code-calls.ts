import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import type { Three } from '../../../organisation/three/three.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Protection } from '../../protection/protection.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import type { SignInLog } from '../../sign-in-log/sign-in-log.ts'
import { enterMember } from '../member-session.ts'
import { askForCode, takeCode } from './sms-code.ts'

type Needs = Core & {
  corps: Corps
  mirrors: Mirrors
  offered: FeatureOffers
  protection: Protection
  roles: Roles
  three: Three
  sessions: Sessions
  signInLog: SignInLog
}

export const smsCodeAsk = pageCall({
  method: 'POST',
  path: '/web/sign-in/sms',
  access: { by: 'anyone' },
  directory: 'handler',
  input: { corpId: text('企业', { max: 64 }), mobile: text('手机号', { max: 32 }) },
  output: Type.Object({
    /** Goes back with the code. */
    state: Type.String(),
  }),
  handle: (ctx: Needs, { input, request }) => askForCode(ctx, request, input),
})

export const smsCodeTake = pageCall({
  method: 'POST',
  path: '/web/sign-in/sms/code',
  access: { by: 'anyone' },
  directory: 'handler',
  input: { state: text('登录状态', { max: 1000 }), code: text('验证码', { max: 32 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, request, reply }) {
    const found = await takeCode(ctx, request, input)
    await enterMember(ctx, found, { acr: 2, amr: ['sms'] }, true, request, reply)
    return {}
  },
})
