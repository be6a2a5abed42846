import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  optionalChoice,
  optionalNumbers,
  optionalText,
  optionalTime,
  text,
} from '../../../platform/http/input.ts'
import { orderOf, pageOf, paging, requiredId, sorting } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, languageOf } from '../../../platform/http/words.ts'
import {
  changeTypes,
  countEvents,
  type EventFilter,
  eventOrders,
  eventStates,
} from '../../../platform/inbox/event-list-store.ts'
import { pushContents } from '../../../platform/inbox/push-store.ts'
import { replayChosen, replayFiltered } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Answer } from '../callback/answer.ts'
import { pushesOf, pushSchema } from './pushes.ts'
import { pushReplay } from './replay.ts'

type Needs = Core & { accounts: Accounts; queue: Queue }

/** What WeChat pushed to an account, for everyone who may work with it, because they see the same messages in 会话. */
const access = administrator('graded')

const originalId = text('原始 ID（gh_…）', { max: 64 })
const idsAtMost = 1000

const filterInput = {
  state: optionalChoice('状态', eventStates),
  kind: optionalText('消息类型或事件', { max: 64 }),
  text: optionalText('openid 或内容中的文字', { max: 128 }),
  from: optionalTime('不早于，ISO 时间'),
  to: optionalTime('早于，ISO 时间'),
}

type FilterInput = {
  state: EventFilter['state']
  kind: string | undefined
  text: string | undefined
  from: Date | undefined
  to: Date | undefined
}

function filterOf({ state, kind, text, from, to }: FilterInput, language: Language): EventFilter {
  return {
    ...{ state, from, to },
    changeType: kind,
    text: text === undefined ? undefined : { sought: text, language },
  }
}

export const listPushes = pageCall({
  method: 'GET',
  path: '/web/official/pushes',
  point: 'official:inspect',
  access,
  input: { originalId, ...filterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(pushSchema),
    total: Type.Number(),
    /** Id of the newest matching push. A replay of all matches passes it, so that later ones are not included. */
    lastId: Type.Number(),
    kinds: Type.Array(Type.String()),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const within = { account: account.originalId }
    const filter = filterOf(input, language)
    const page = { ...pageOf(input), order: orderOf(input.sort, eventOrders, '-id') }
    const [list, counted, kinds] = await Promise.all([
      pushesOf(ctx.db, account, filter, language, page),
      countEvents(ctx.db, corpId, 'official', { ...filter, ...within }),
      changeTypes(ctx.db, corpId, 'official', within),
    ])
    return { list, ...counted, kinds }
  },
})

export const showPush = pageCall({
  method: 'GET',
  path: '/web/official/push',
  point: 'official:inspect',
  access,
  input: { originalId, id: requiredId('推送编号') },
  output: Type.Object({
    ...pushSchema.properties,
    /** As WeChat sent it: the encrypted part, but for plain mode. */
    raw: Type.String(),
    /** Decrypted, XML or JSON. */
    plain: Type.String(),
    /** What was answered, and which rule decided it; null when nothing was. */
    answer: Type.Union([
      Type.Object({
        by: Type.String(),
        /** The type of the passive reply; '' without one. */
        passive: Type.String(),
        /** How many customer-service messages followed. */
        later: Type.Number(),
        /** Handed to a person in 会话. */
        person: Type.Boolean(),
      }),
      Type.Null(),
    ]),
  }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const { id } = input
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const language = languageOf(request.headers['accept-language'])
    const [[row], found] = await Promise.all([
      pushesOf(ctx.db, account, { ids: [id] }, language, { limit: 1, offset: 0 }),
      pushContents(ctx.db, corpId, account.originalId, id),
    ])
    if (!row || !found)
      throw new ApiError('badParameter', { zh: told`没有推送 ${id}`, en: told`there is no push ${id}` })
    const answer = found.answer as Answer | null
    return {
      ...row,
      raw: found.raw ?? '',
      plain: found.plain ?? '',
      answer: answer && {
        by: answer.by ?? '',
        passive: answer.passive?.type ?? '',
        later: answer.later.length,
        person: answer.person ?? false,
      },
    }
  },
})

export const replayPushes = pageCall({
  method: 'POST',
  path: '/web/official/push/replay',
  point: 'official:replay',
  access,
  input: { originalId, ids: optionalNumbers('推送编号', { max: idsAtMost }) },
  output: Type.Object({ count: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    return { count: await replayChosen(ctx, pushReplay(ctx, visitor.actor, account), input.ids) }
  },
})

export const replayFilteredPushes = pageCall({
  method: 'POST',
  path: '/web/official/push/replay-filtered',
  point: 'official:replay',
  access,
  input: {
    originalId,
    ...filterInput,
    upTo: requiredId('列表中最新的推送编号'),
    expected: requiredId('将重放的个数'),
  },
  output: Type.Object({ count: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const { upTo, expected } = input
    const filter = { ...filterOf(input, languageOf(request.headers['accept-language'])), upTo }
    return { count: await replayFiltered(ctx, pushReplay(ctx, visitor.actor, account), filter, expected) }
  },
})
