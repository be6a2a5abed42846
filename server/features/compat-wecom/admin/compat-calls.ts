import { Type } from 'typebox'
import { devIdInput } from '../../../callers/developers/admin/developer-calls.ts'
import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { optionalStructured, optionalText } from '../../../platform/http/input.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Apps } from '../../apps/catalog.ts'
import { compatOf, compatShape } from '../overview.ts'
import { revokeCompatSecret, rotateCompatSecret } from '../secrets/change-secrets.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; offered: FeatureOffers }

const sampleView = {
  isOn: true,
  base: 'https://wisp.example.com/compat/wecom',
  corpid: 'ww8d1f3a5c7e9b2046',
  agents: [{ agentid: 1000002, name: '报修系统' }],
  secrets: [{ id: 'Xk3…', createdAt: '2026-12-01T08:00:00.000Z', lastUsedAt: null }],
}

export const adminCompat = adminCall({
  method: 'GET',
  path: '/api/admin/developer/compat',
  summary: { zh: '兼容企业微信接口的设置', en: 'What sends in WeCom’s form need' },
  scope: 'admin:read',
  point: 'developer:read',
  reach: 'corp',
  input: { devId: devIdInput },
  output: Type.Object(compatShape),
  errors: ['unknownDeveloper'],
  sample: sampleView,
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Needs, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    return compatOf(ctx, input.devId)
  },
})

export const adminRotateCompat = adminCall({
  method: 'POST',
  path: '/api/admin/developer/compat/rotate',
  summary: { zh: '给开发者一个兼容密钥', en: 'Give a developer a compat secret' },
  description: {
    zh: '旧的继续有效，至多两个；revoke 为 true 时立即吊销旧的。corpsecret 只返回这一次。',
    en: 'The old one stays good, and there are two at most; with revoke it ends at once. The corpsecret is returned only here.',
  },
  scope: 'admin:developers',
  point: 'developer:secret',
  reach: 'corp',
  input: {
    devId: devIdInput,
    revoke: optionalStructured(
      {
        zh: '立即吊销旧的兼容密钥及其 access_token',
        en: 'End the old compat secrets, and their access_tokens, at once',
      },
      Type.Boolean(),
    ),
  },
  output: Type.Object({
    base: Type.String(),
    corpid: Type.String(),
    corpsecret: Type.String({ about: { zh: '只返回这一次', en: 'Returned only here' } }),
    revoked: Type.Number({ about: { zh: '吊销了几个', en: 'How many were ended' } }),
  }),
  errors: ['unknownDeveloper', 'forbidden'],
  sample: { base: sampleView.base, corpid: sampleView.corpid, corpsecret: 'Zb0…', revoked: 0 },
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    checkDeveloper(ctx, corpId, input.devId)
    const { devId, revoke = false } = input
    const made = await rotateCompatSecret(ctx, caller.actor, devId, revoke, caller.person.member?.id)
    const { base, corpid } = await compatOf(ctx, devId)
    return { base, corpid, ...made }
  },
})

export const adminRevokeCompat = adminCall({
  method: 'POST',
  path: '/api/admin/developer/compat/revoke',
  summary: { zh: '吊销开发者的一个兼容密钥', en: 'End a compat secret of a developer' },
  scope: 'admin:developers',
  point: 'developer:secret',
  reach: 'corp',
  input: {
    devId: devIdInput,
    secretId: optionalText(
      { zh: '密钥的 id；不填则为两个中较旧的', en: 'Id of the secret; the older of two unless given' },
      { max: 64 },
    ),
  },
  output: Type.Object({}),
  errors: ['unknownDeveloper'],
  sample: {},
  sampleInput: { devId: '{devId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    checkDeveloper(ctx, corpId, input.devId)
    await revokeCompatSecret(ctx, caller.actor, input.devId, input.secretId)
    return {}
  },
})
