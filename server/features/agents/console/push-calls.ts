import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  integer,
  optionalChoice,
  optionalNumbers,
  optionalText,
  optionalTime,
} from '../../../platform/http/input.ts'
import { orderOf, pageOf, paging, requiredId, sorting } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/http/words.ts'
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
import { pushesOf, pushReplay, pushSchema } from '../pushes/pushes.ts'
import type { AgentAnswer } from '../replies/answer.ts'

type Needs = Core & { corps: Corps; queue: Queue }

/** What WeCom pushed to an agent. */
const access = administrator('super')

const agentId = integer('企业微信自建应用的 AgentId', { min: 1, max: 2_147_483_647 })
const idsAtMost = 1000

const filterInput = {
  state: optionalChoice('状态', eventStates),
  kind: optionalText('消息类型或事件', { max: 64 }),
  text: optionalText('userId 或内容中的文字', { max: 128 }),
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
  path: '/web/agents/pushes',
  access,
  input: { agentId, ...filterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(pushSchema),
    total: Type.Number(),
    /** Id of the newest matching push. A replay of all matches passes it, so that later ones are not included. */
    lastId: Type.Number(),
    kinds: Type.Array(Type.String()),
  }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const agent = { corpId, agentId: input.agentId }
    const within = { account: String(input.agentId) }
    const filter = filterOf(input, language)
    const page = { ...pageOf(input), order: orderOf(input.sort, eventOrders, '-id') }
    const [list, counted, kinds] = await Promise.all([
      pushesOf(ctx.db, agent, filter, language, page),
      countEvents(ctx.db, corpId, 'agent', { ...filter, ...within }),
      changeTypes(ctx.db, corpId, 'agent', within),
    ])
    return { list, ...counted, kinds }
  },
})

export const showPush = pageCall({
  method: 'GET',
  path: '/web/agents/push',
  access,
  input: { agentId, id: requiredId('推送编号') },
  output: Type.Object({
    ...pushSchema.properties,
    /** As WeCom sent it: the encrypted part. */
    raw: Type.String(),
    /** Decrypted. */
    plain: Type.String(),
    /** The passive reply in the clear; '' for none. */
    reply: Type.String(),
    /** What the system said that it was passed on to; null when it was not. */
    forwarded: Type.Union([
      Type.Object({
        at: time,
        /** Whether its reply is the answer. */
        replied: Type.Boolean(),
        ms: Type.Union([Type.Number(), Type.Null()]),
        problem: Type.String(),
      }),
      Type.Null(),
    ]),
  }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const { id } = input
    const agent = { corpId, agentId: input.agentId }
    const language = languageOf(request.headers['accept-language'])
    const [[row], found] = await Promise.all([
      pushesOf(ctx.db, agent, { ids: [id] }, language, { limit: 1, offset: 0 }),
      pushContents(ctx.db, corpId, String(agent.agentId), id),
    ])
    if (!row || !found)
      throw new ApiError('badParameter', { zh: told`没有推送 ${id}`, en: told`there is no push ${id}` })
    const { xml = '', forwarded } = (found.answer ?? {}) as AgentAnswer
    return {
      ...row,
      ...{ raw: found.raw ?? '', plain: found.plain ?? '', reply: xml },
      forwarded: forwarded
        ? {
            ...{ at: new Date(forwarded.at), replied: forwarded.replied ?? false, ms: forwarded.ms ?? null },
            problem: forwarded.problem ? wordsIn(language, forwarded.problem) : '',
          }
        : null,
    }
  },
})

export const replayPushes = pageCall({
  method: 'POST',
  path: '/web/agents/push/replay',
  access,
  input: { agentId, ids: optionalNumbers('推送编号', { max: idsAtMost }) },
  output: Type.Object({ count: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const replaying = pushReplay(ctx, visitor.actor, { corpId, agentId: input.agentId })
    return { count: await replayChosen(ctx, replaying, input.ids) }
  },
})

export const replayFilteredPushes = pageCall({
  method: 'POST',
  path: '/web/agents/push/replay-filtered',
  access,
  input: {
    agentId,
    ...filterInput,
    upTo: requiredId('列表中最新的推送编号'),
    expected: requiredId('将重放的个数'),
  },
  output: Type.Object({ count: Type.Number() }),
  async handle(ctx: Needs, { input, visitor, corpId, request }) {
    const { upTo, expected, agentId } = input
    const filter = { ...filterOf(input, languageOf(request.headers['accept-language'])), upTo }
    const replaying = pushReplay(ctx, visitor.actor, { corpId, agentId })
    return { count: await replayFiltered(ctx, replaying, filter, expected) }
  },
})
