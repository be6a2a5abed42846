import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { integer, optionalStructured, structured } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { AgentCallback, Agents } from '../callbacks/callbacks.ts'
import { keepKeys, rotateKeys } from '../callbacks/rotate.ts'
import { callbackNow, callbackSettings, setUpCallback } from '../callbacks/set-callback.ts'
import { checkForward, setForward, stopForward } from '../forward/set-forward.ts'

type Needs = Core & { agents: Agents; corps: Corps; outbound: Outbound }

const agentId = integer(
  { zh: '应用的 AgentId', en: 'AgentId of the application' },
  { min: 1, max: 2_147_483_647 },
)

const stateShape = Type.Object({
  agentId: Type.Number(),
  verifiedAt: Type.Union([time, Type.Null()], {
    about: { zh: '企业微信验证于；null 为从未', en: 'When WeCom verified it; null for never' },
  }),
  isRotating: Type.Boolean({
    about: { zh: '新的密钥等待企业微信验证', en: 'New keys wait for WeCom to verify them' },
  }),
  forwardUrl: Type.String({
    about: { zh: '推送转发到；空为不转发', en: 'Where pushes are passed on; empty for nowhere' },
  }),
  forwardProblem: Type.String({
    about: { zh: '转发失败的原因；空为正常', en: 'Why passing on fails; empty when it works' },
  }),
})

const valuesShape = Type.Object({
  url: Type.String({ about: { zh: '填到 URL', en: 'For URL' } }),
  token: Type.String({ about: { zh: '填到 Token', en: 'For Token' } }),
  encodingAesKey: Type.String({ about: { zh: '填到 EncodingAESKey', en: 'For EncodingAESKey' } }),
})

const sampleValues = {
  url: 'https://wisp.example.com/api/callback/agent/Zb0…',
  token: 'k3JxQm8ZtR2vWy7BcD4eFg6H',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
}

function stateOf({ agentId, verifiedAt, nextKeys, forwardTo }: AgentCallback, language: Language) {
  const problem = forwardTo?.failing?.problem
  return {
    agentId,
    verifiedAt,
    isRotating: nextKeys !== undefined,
    forwardUrl: forwardTo?.url ?? '',
    forwardProblem: problem ? wordsIn(language, problem) : '',
  } satisfies Static<typeof stateShape>
}

export const adminCallback = adminCall({
  method: 'GET',
  path: '/api/admin/agent/callback',
  summary: { zh: '应用的接收消息', en: 'The callback of an agent' },
  scope: 'admin:read',
  point: 'agent:read',
  reach: 'corp',
  input: { agentId },
  output: stateShape,
  errors: [],
  sample: {
    agentId: 1000002,
    verifiedAt: '2026-11-29T02:00:00.000Z',
    isRotating: false,
    forwardUrl: '',
    forwardProblem: '',
  },
  sampleInput: { agentId: '{agentId}' },
  handle: async (ctx: Needs, { corpId, input, language }) =>
    stateOf(callbackNow(ctx, corpId, input.agentId), language),
})

export const adminSetUpCallback = adminCall({
  method: 'POST',
  path: '/api/admin/agent/callback/set',
  summary: { zh: '开启应用的接收消息', en: 'Set up the callback of an agent' },
  description: {
    zh: '返回填到企业微信「接收消息 → 设置API接收」的值；已开启的返回现有的。',
    en: 'Answers the values to enter in WeCom at 接收消息 → 设置API接收; those that there are for one that is set up.',
  },
  scope: 'admin:apps',
  point: 'agent:edit',
  reach: 'corp',
  input: { agentId },
  output: valuesShape,
  errors: [],
  sample: sampleValues,
  sampleInput: { agentId: '{agentId}' },
  handle: async (ctx: Needs, { corpId, input, caller }) =>
    callbackSettings(ctx, await setUpCallback(ctx, caller.actor, corpId, input.agentId)),
})

export const adminRotateCallback = adminCall({
  method: 'POST',
  path: '/api/admin/agent/callback/rotate',
  summary: { zh: '更换应用接收消息的密钥', en: "Make the keys of an agent's callback anew" },
  description: {
    zh: '旧的一直有效，直到企业微信验证了新的。keep 为 true 时放弃还没有验证的新密钥。',
    en: 'The old ones stay good until WeCom has verified the new ones. With keep, new ones that are not verified yet are forgotten.',
  },
  scope: 'admin:apps',
  point: 'agent:edit',
  reach: 'corp',
  input: {
    agentId,
    keep: optionalStructured({ zh: '放弃新的密钥', en: 'Forget the new keys' }, Type.Boolean()),
  },
  output: valuesShape,
  errors: [],
  sample: sampleValues,
  sampleInput: { agentId: '{agentId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const change = input.keep ? keepKeys : rotateKeys
    return callbackSettings(ctx, await change(ctx, caller.actor, corpId, input.agentId))
  },
})

export const adminSetForward = adminCall({
  method: 'POST',
  path: '/api/admin/agent/forward/set',
  summary: { zh: '设置应用推送的转发', en: 'Set where pushes to an agent are passed on' },
  description: {
    zh: '转发给原来接收消息的系统，它的应答即为给企业微信的应答。不写 token、encodingAesKey 则沿用现有的。',
    en: 'To the system that heard the agent before; what it replies is the reply to WeCom. Without token and encodingAesKey the present ones stay.',
  },
  scope: 'admin:apps',
  point: 'agent:edit',
  reach: 'corp',
  outgoing: 'handler',
  input: {
    agentId,
    url: structured({ zh: '那个系统的 URL', en: 'URL of that system' }, Type.String({ maxLength: 512 })),
    token: optionalStructured({ zh: '那个系统的 Token', en: 'Its Token' }, Type.String({ maxLength: 32 })),
    encodingAesKey: optionalStructured(
      { zh: '那个系统的 EncodingAESKey', en: 'Its EncodingAESKey' },
      Type.String({ maxLength: 43 }),
    ),
  },
  output: Type.Object({
    problem: Type.String({
      about: {
        zh: '已保存，但它没有正确应答验证的原因；空为正常',
        en: 'It is saved, and why it does not answer the verification as it should; empty when it does',
      },
    }),
  }),
  errors: [],
  sample: { problem: '' },
  sampleInput: {
    agentId: '{agentId}',
    url: 'https://oa.example.com/wecom',
    token: sampleValues.token,
    encodingAesKey: sampleValues.encodingAesKey,
  },
  async handle(ctx: Needs, { corpId, input, caller, language, goOut }) {
    const { agentId, url, token, encodingAesKey } = input
    const settings = { url, token, encodingAesKey }
    checkForward(ctx, { corpId, agentId }, settings)
    await goOut()
    const problem = await setForward(ctx, caller.actor, { corpId, agentId }, settings)
    return { problem: problem ? wordsIn(language, problem) : '' }
  },
})

export const adminStopForward = adminCall({
  method: 'POST',
  path: '/api/admin/agent/forward/stop',
  summary: { zh: '停止转发应用推送', en: 'Stop passing on pushes to an agent' },
  scope: 'admin:apps',
  point: 'agent:edit',
  reach: 'corp',
  input: { agentId },
  output: Type.Object({}),
  errors: [],
  sample: {},
  sampleInput: { agentId: '{agentId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    await stopForward(ctx, caller.actor, { corpId, agentId: input.agentId })
    return {}
  },
})
