import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { optionalInteger, optionalText } from '../../../platform/http/input.ts'
import { officialEventsAfter } from '../../../platform/inbox/push-store.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { pushSchema, pushWire, samplePush } from './push-wire.ts'
import { accountOf, accountsOf } from './reach.ts'

/** Numbers are given before a push is stored with its answer, which takes four seconds at most. */
const settledMs = 5000

export const officialEvents = endpoint({
  methods: ['GET'],
  path: '/api/official/event/list',
  section: 'wisp',
  summary: { zh: '公众号推送的消息和事件', en: 'Messages and events of official accounts' },
  description: {
    zh: '按编号递增，每个推送一次（微信的重复推送只算一次）；收到 5 秒后可见，保留期同事件记录。用返回的 nextSince 作为下次的 since。',
    en: 'In rising numbers, each push once (what WeChat repeats counts once); visible 5 seconds after it came, and kept as long as the log of events. nextSince is the next since.',
  },
  access: { by: 'developer', scope: 'official:read' },
  input: {
    since: optionalInteger(
      { zh: '返回编号大于它的，默认 0', en: 'Those with higher numbers; 0 by default' },
      { min: 0, max: Number.MAX_SAFE_INTEGER },
    ),
    originalId: optionalText(
      { zh: '只要这个公众号的', en: 'Of this account only' },
      { max: 64, pattern: /^gh_[0-9a-f]{12}$/ },
    ),
    limit: optionalInteger(
      { zh: '最多返回多少个，默认 100', en: 'At most so many; 100 by default' },
      { min: 1, max: 500 },
    ),
  },
  logged: ['since', 'originalId', 'limit'],
  output: Type.Object({ list: Type.Array(pushSchema), nextSince: Type.Integer() }),
  errors: [],
  sample: {
    list: [samplePush],
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
