import { Type } from 'typebox'
import { roleLevel } from '../../../organisation/directory/permissions/person.ts'
import type { Core } from '../../../platform/core.ts'
import { flag, optionalText, text } from '../../../platform/http/input.ts'
import { installation, pageCall, self } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import { callerAddress } from '../../../platform/security/caller-address.ts'
import { checkConsoleAddress, type Protection } from '../../protection/protection.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { ownerOf, signedOf } from './factor-owner.ts'
import {
  beginEnrolment,
  finishEnrolment,
  giveSecondFactor,
  isFactorRequired,
  isFresh,
  removeSecondFactor,
  renewRecoveryCodes,
  requireSecondFactor,
  secondFactorStatus,
} from './second-factor.ts'
import { signInByCode } from './second-step.ts'

type Needs = Core & { protection: Protection; sessions: Sessions }

const code = text('验证码', { max: 64 })
const recoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) })

/** Plain members need none, whatever the switch says. */
export async function isRequiredOf(ctx: Core, visitor: Visitor): Promise<boolean> {
  const { separated, ofInstallation } = visitor
  // One of the three administrators cannot be without, whatever the switch says.
  if (separated?.as || ofInstallation) return true
  const isMember = visitor.roleLevel === roleLevel.member && visitor.grants === undefined
  return !isMember && (await isFactorRequired(ctx.db))
}

export const secondStep = pageCall({
  method: 'POST',
  path: '/web/sign-in/second-factor',
  access: { by: 'anyone' },
  input: { state: text('登录状态', { max: 1000 }), code },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, request, reply }) {
    checkConsoleAddress(ctx, '', callerAddress(request))
    const { adminName, kind } = await signInByCode(ctx, request.ip, input)
    if (visitor) await ctx.sessions.end(visitor.sessionId)
    await ctx.sessions.open({ adminName }, { acr: 3, amr: ['pwd', kind] }, request, reply)
    return {}
  },
})

export const factorStatus = pageCall({
  method: 'GET',
  path: '/web/second-factor',
  access: self,
  input: {},
  output: Type.Object({
    /** By an authenticator or a passkey. */
    isOn: Type.Boolean(),
    hasAuthenticator: Type.Boolean(),
    isRequired: Type.Boolean(),
    /** Whether everybody is asked for one who administrates. */
    isRule: Type.Boolean(),
    /** How many are left. */
    recoveryCodes: Type.Number(),
    passkeys: Type.Number(),
    /** The person proved themselves lately enough to change how they do it. */
    isFresh: Type.Boolean(),
  }),
  async handle(ctx: Core, { visitor }) {
    const [status, isRequired, isRule] = await Promise.all([
      secondFactorStatus(ctx, ownerOf(visitor)),
      isRequiredOf(ctx, visitor),
      isFactorRequired(ctx.db),
    ])
    return { ...status, isRequired, isRule, isFresh: isFresh(ctx, visitor.proof, status) }
  },
})

/** Gives the second factor in a session that has begun without it. */
export const factorProve = pageCall({
  method: 'POST',
  path: '/web/second-factor/prove',
  access: self,
  input: { code },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, request }) {
    await giveSecondFactor(ctx, signedOf(visitor, request), input.code)
    return {}
  },
})

export const factorBegin = pageCall({
  method: 'POST',
  path: '/web/second-factor/begin',
  access: self,
  input: { proof: optionalText('密码或验证码，刚刚证明过自己时为空', { max: 200 }) },
  output: Type.Object({
    /** Goes back with the first code. */
    setup: Type.String(),
    /** Base32, for those who cannot scan. */
    secret: Type.String(),
    /** otpauth://, for the QR code. */
    uri: Type.String(),
  }),
  handle: (ctx: Needs, { input, visitor, request }) =>
    beginEnrolment(ctx, signedOf(visitor, request), input.proof ?? ''),
})

export const factorFinish = pageCall({
  method: 'POST',
  path: '/web/second-factor/finish',
  access: self,
  input: { setup: text('设置', { max: 1000 }), code },
  output: recoveryCodes,
  async handle(ctx: Needs, { input, visitor, request }) {
    return { recoveryCodes: await finishEnrolment(ctx, signedOf(visitor, request), input) }
  },
})

export const factorCodes = pageCall({
  method: 'POST',
  path: '/web/second-factor/recovery-codes',
  access: self,
  input: { code },
  output: recoveryCodes,
  handle: async (ctx: Needs, { input, visitor }) => ({
    recoveryCodes: await renewRecoveryCodes(ctx, ownerOf(visitor), input.code),
  }),
})

export const factorRemove = pageCall({
  method: 'POST',
  path: '/web/second-factor/remove',
  access: self,
  input: { code },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    await removeSecondFactor(ctx, ownerOf(visitor), await isRequiredOf(ctx, visitor), input.code)
    return {}
  },
})

export const factorRequire = pageCall({
  method: 'POST',
  path: '/web/second-factor/require',
  access: installation,
  point: 'installation:account',
  input: { required: flag('要求所有系统账号和管理员') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    await requireSecondFactor(ctx, visitor.actor, input.required)
    return {}
  },
})
