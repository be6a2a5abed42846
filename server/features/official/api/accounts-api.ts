import { Type } from 'typebox'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { type Accounts, accountKinds } from '../accounts/accounts.ts'
import { accountsOf } from './reach.ts'

export const officialAccounts = endpoint({
  methods: ['GET'],
  path: '/api/official/accounts',
  section: 'wisp',
  summary: '公众号列表',
  description: '开发者可用的公众号和服务号。',
  access: { by: 'developer', scope: 'official:read' },
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        originalId: Type.String({ description: '原始 ID' }),
        name: Type.String({ description: '名称' }),
        appId: Type.String({ description: 'AppID' }),
        kind: Type.Enum(accountKinds, { description: 'subscription 公众号（原订阅号）；service 服务号' }),
        verified: Type.Boolean({ description: '是否通过微信认证' }),
        enabled: Type.Boolean({ description: '是否启用' }),
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
      ...{ originalId, name, appId, kind, verified, enabled },
    })),
  }),
})
