import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { optionalInteger, optionalText } from '../../../platform/http/input.ts'
import { officialEventsAfter } from '../../../platform/inbox/official-feed-store.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { pushWire } from './push-wire.ts'
import { accountOf, accountsOf } from './reach.ts'

/** Numbers are given before a push is stored with its answer, which takes four seconds at most. */
const settledMs = 5000

export const officialEvents = endpoint({
  methods: ['GET'],
  path: '/api/official/event/list',
  section: 'wisp',
  summary: '公众号推送的消息和事件',
  description:
    '按编号递增，每个推送一次（微信的重复推送只算一次）；收到 5 秒后可见，保留期同事件记录。用返回的 nextSince 作为下次的 since。',
  access: { by: 'developer', scope: 'official:read' },
  input: {
    since: optionalInteger('返回编号大于它的，默认 0', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    originalId: optionalText('只要这个公众号的', { max: 64, pattern: /^gh_[0-9a-f]{12}$/ }),
    limit: optionalInteger('最多返回多少个，默认 100', { min: 1, max: 500 }),
  },
  logged: ['since', 'originalId', 'limit'],
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        id: Type.Integer({ description: '编号' }),
        originalId: Type.String({ description: '公众号' }),
        type: Type.String({ description: '消息的 MsgType；事件的 Event' }),
        openid: Type.String({ description: '粉丝的 openid' }),
        at: Type.String({ description: '微信给出的时间' }),
        fields: Type.Unknown({ description: '推送的全部字段，名称同微信；数字为字符串' }),
      }),
    ),
    nextSince: Type.Integer(),
  }),
  errors: [],
  sample: {
    list: [
      {
        id: 42,
        originalId: 'gh_3c884a361561',
        type: 'text',
        openid: 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc',
        at: '2026-11-25T02:00:00.000Z',
        fields: { MsgType: 'text', Content: '你好', MsgId: '23483901923801238' },
      },
    ],
    nextSince: 42,
  },
  sampleInput: { since: 0, limit: 10 },
  async handle(ctx: Core & { accounts: Accounts }, { input, developer }) {
    const { since = 0, originalId, limit = 100 } = input
    const reached = originalId ? [accountOf(ctx, developer, originalId)] : accountsOf(ctx, developer)
    const ids = reached.map(account => account.originalId)
    const before = new Date(ctx.now() - settledMs)
    const rows = await officialEventsAfter(ctx.db, developer.corpId, ids, since, before, limit)
    const list = rows.map(row => pushWire(row.id, row.plain))
    return { list, nextSince: list.at(-1)?.id ?? since }
  },
})
