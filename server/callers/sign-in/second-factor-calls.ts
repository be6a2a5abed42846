import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { flag, text } from '../../platform/http/input.ts'
import { account, installation, pageCall } from '../../platform/http/page-call.ts'
import { openSession, type Sessions } from '../sessions/sessions.ts'
import {
  beginEnrolment,
  finishEnrolment,
  removeSecondFactor,
  renewRecoveryCodes,
  requireSecondFactor,
  secondFactorStatus,
} from './second-factor.ts'
import { signInByCode } from './second-step.ts'

type Needs = Core & { sessions: Sessions }

const code = text('验证码', { max: 64 })
const recoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) })

export const secondStep = pageCall({
  method: 'POST',
  path: '/web/sign-in/second-factor',
  access: { by: 'anyone' },
  input: { state: text('登录状态', { max: 1000 }), code },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, request, reply }) {
    const adminName = await signInByCode(ctx, request.ip, input)
    if (visitor) await ctx.sessions.end(visitor.sessionId)
    await openSession(ctx, { adminName }, { acr: 3, amr: ['pwd', 'totp'] }, request, reply)
    return {}
  },
})

export const factorStatus = pageCall({
  method: 'GET',
  path: '/web/second-factor',
  access: account,
  input: {},
  output: Type.Object({
    isOn: Type.Boolean(),
    isRequired: Type.Boolean(),
    /** How many are left. */
    recoveryCodes: Type.Number(),
  }),
  handle: (ctx: Core, { visitor }) => secondFactorStatus(ctx, visitor.adminName),
})

export const factorBegin = pageCall({
  method: 'POST',
  path: '/web/second-factor/begin',
  access: account,
  input: { proof: text('密码或验证码', { max: 200 }) },
  output: Type.Object({
    /** Goes back with the first code. */
    setup: Type.String(),
    /** Base32, for those who cannot scan. */
    secret: Type.String(),
    /** otpauth://, for the QR code. */
    uri: Type.String(),
  }),
  handle: (ctx: Needs, { input, visitor: { adminName, sessionId }, request }) =>
    beginEnrolment(ctx, { adminName, sessionId, address: request.ip }, input.proof),
})

export const factorFinish = pageCall({
  method: 'POST',
  path: '/web/second-factor/finish',
  access: account,
  input: { setup: text('设置', { max: 1000 }), code },
  output: recoveryCodes,
  async handle(ctx: Needs, { input, visitor: { adminName, sessionId }, request }) {
    const who = { adminName, sessionId, address: request.ip }
    return { recoveryCodes: await finishEnrolment(ctx, who, input) }
  },
})

export const factorCodes = pageCall({
  method: 'POST',
  path: '/web/second-factor/recovery-codes',
  access: account,
  input: { code },
  output: recoveryCodes,
  handle: async (ctx: Needs, { input, visitor }) => ({
    recoveryCodes: await renewRecoveryCodes(ctx, visitor.adminName, input.code),
  }),
})

export const factorRemove = pageCall({
  method: 'POST',
  path: '/web/second-factor/remove',
  access: account,
  input: { code },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    await removeSecondFactor(ctx, visitor.adminName, input.code)
    return {}
  },
})

export const factorRequire = pageCall({
  method: 'POST',
  path: '/web/second-factor/require',
  access: installation,
  input: { required: flag('要求所有系统账号') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    await requireSecondFactor(ctx, visitor.actor, input.required)
    return {}
  },
})
