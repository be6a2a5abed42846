import { Type } from 'typebox'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { type Accounts, accountKinds } from '../accounts/accounts.ts'
import { accountsOf } from './reach.ts'

export const officialAccounts = endpoint({
  methods: ['GET'],
  path: '/api/official/accounts',
  section: 'wisp',
  summary: { zh: '公众号列表', en: 'List official accounts' },
  description: { zh: '开发者可用的公众号和服务号。', en: 'The official accounts that you may use.' },
  access: { by: 'developer', scope: 'official:read' },
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        originalId: Type.String({ about: { zh: '原始 ID', en: 'Original id' } }),
        name: Type.String({ about: { zh: '名称', en: 'Name' } }),
        appId: Type.String({ about: { zh: 'AppID', en: 'AppID' } }),
        kind: Type.Enum(accountKinds, {
          about: {
            zh: 'subscription 公众号（原订阅号）；service 服务号',
            en: 'subscription (订阅号) or service (服务号)',
          },
        }),
        verified: Type.Boolean({ about: { zh: '是否通过微信认证', en: 'Whether WeChat has verified it' } }),
        enabled: Type.Boolean({ about: { zh: '是否启用', en: 'Whether it is enabled' } }),
      }),
    ),
  }),
  errors: [],
  sample: {
    list: [
      {
        originalId: 'gh_3c884a361561',
        name: '示例服务号',
        appId: 'wx0123456789abcdef',
        kind: 'service',
        verified: true,
        enabled: true,
      },
    ],
  },
  handle: (ctx: { accounts: Accounts }, { developer }) => ({
    list: accountsOf(ctx, developer).map(({ originalId, name, appId, kind, verified, enabled }) => ({
      originalId,
      name,
      appId,
      kind,
      verified,
      enabled,
    })),
  }),
})
