import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { knownOf } from '../../platform/http/scope.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'

export const developerSelf = endpoint({
  methods: ['GET'],
  path: '/api/developer/self',
  section: 'wisp',
  summary: { zh: '当前开发者', en: 'Who is calling' },
  description: {
    zh: 'devToken 属于哪个开发者、它的权限，以及数据范围内可用于试调用的值。',
    en: 'Which developer the devToken is of, its permissions, and values within its data scope to try calls with.',
  },
  access: { by: 'developer', scope: undefined },
  directory: true,
  input: {},
  output: Type.Object({
    devId: Type.String({ about: { zh: '开发者 id', en: 'Id of the developer' } }),
    name: Type.String({ about: { zh: '名称', en: 'Name' } }),
    corpId: Type.String({ about: { zh: '企业 id', en: 'Id of the corp' } }),
    scopes: Type.Array(Type.String(), { about: { zh: '权限', en: 'Permissions' } }),
    features: Type.Array(Type.String(), {
      about: {
        zh: '企业开启的功能：official 公众号、payments 统一支付、webhooks 事件订阅、mcp、packets 报文加密',
        en: 'Features that the corp has on: official (accounts), payments, webhooks, mcp, packets',
      },
    }),
    packets: Type.Enum(['off', 'allowed', 'required'], {
      about: {
        zh: '报文加密：off 关闭；allowed 允许；required 必须',
        en: 'Encrypted packets: off, allowed or required',
      },
    }),
    samples: Type.Record(Type.String(), Type.Unknown(), {
      about: {
        zh: '在数据范围内存在的值，按输入的名称；没有权限或不存在的不列出',
        en: 'Values that exist within the data scope, by the names of inputs; without those that do not exist or are not permitted',
      },
    }),
  }),
  errors: [],
  sample: {
    devId: 'wd3f9c2a7be1d04865',
    name: '报修系统',
    corpId: 'wwb1d5c0ffee123456',
    scopes: ['directory:read', 'message:send'],
    features: ['official', 'payments'],
    packets: 'off',
    samples: { orgId: '12', userId: 'zhangsan', tagId: '1' },
  },
  async handle(
    { corps, offered }: Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers },
    { developer },
  ) {
    const { devId, name, corpId, scopes, packets } = developer
    const features = [...corps.get(corpId).features].filter(one => offered.optional.has(one))
    const samples = await offered.trialValues(developer)
    return { devId, name, corpId, scopes: knownOf([...scopes]), features, packets, samples }
  },
})
