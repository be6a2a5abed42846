import { type Static, Type } from 'typebox'
import { record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { ApiError } from '../../http/errors.ts'
import { optionalChoice, optionalIds, optionalText } from '../../http/input.ts'
import { orderOf, pageOf, paging, requiredId, sorting } from '../../http/list-input.ts'
import { administrator, pageCall } from '../../http/page-call.ts'
import { type Language, languageOf } from '../../http/words.ts'
import {
  changeTypes,
  countEvents,
  type EventFilter,
  eventOrders,
  eventRowSchema,
  eventSources,
  eventStates,
  pageEvents,
  reopenEvents,
} from '../../inbox/event-list-store.ts'
import { eventIn } from '../../inbox/event-store.ts'
import type { Queue } from '../../queue/queue.ts'
import { wakeDirectory } from '../request.ts'
import { describeEvent } from '../status.ts'

type Needs = Core & { queue: Queue }

/**
 * Lists and replays what WeCom sent and third parties reported (spec §4.1, §4.2). This is personal data, so graded
 * administrators have no access.
 */
const access = administrator('super')

const filterInput = {
  state: optionalChoice('状态', eventStates),
  source: optionalChoice('来源', eventSources),
  changeType: optionalText('类型', { max: 64 }),
  entity: optionalText('对象', { max: 128 }),
  text: optionalText('内容中的文字', { max: 128 }),
  from: optionalText('不早于，ISO 时间', { max: 40 }),
  to: optionalText('早于，ISO 时间', { max: 40 }),
}

type FilterInput = {
  state: EventFilter['state']
  source: EventFilter['source']
  changeType: string | undefined
  entity: string | undefined
  text: string | undefined
  from: string | undefined
  to: string | undefined
}

function filterOf(input: FilterInput, language: Language): EventFilter {
  const { state, source, changeType, entity } = input
  const text = input.text === undefined ? undefined : { sought: input.text, language }
  return { state, source, changeType, entity, text, from: timeOf(input, 'from'), to: timeOf(input, 'to') }
}

function timeOf(input: FilterInput, name: 'from' | 'to'): Date | undefined {
  const given = input[name]
  if (given === undefined) return undefined
  const at = new Date(given)
  if (Number.isNaN(at.getTime()))
    throw new ApiError('badParameter', { zh: `${name} 应为 ISO 时间`, en: `${name} should be an ISO time` })
  return at
}

const eventListSchema = Type.Object({
  list: Type.Array(eventRowSchema),
  total: Type.Number(),
  /** Id of the newest matching event. A replay of all matches passes it, so that later events are not included. */
  lastId: Type.Number(),
  changeTypes: Type.Array(Type.String()),
})
export type EventList = Static<typeof eventListSchema>

export const listContactEvents = pageCall({
  method: 'GET',
  path: '/web/sync/events',
  access,
  input: {
    ...filterInput,
    ...paging,
    sort: sorting,
  },
  output: eventListSchema,
  async handle(ctx: Core, { corpId, input, request }): Promise<EventList> {
    const language = languageOf(request.headers['accept-language'])
    const filter = filterOf(input, language)
    const order = orderOf(input.sort, eventOrders, '-id')
    const [rows, counted, types] = await Promise.all([
      pageEvents(ctx.db, corpId, 'directory', filter, order, pageOf(input)),
      countEvents(ctx.db, corpId, 'directory', filter),
      changeTypes(ctx.db, corpId, 'directory'),
    ])
    return { list: rows.map(row => eventIn(language, row)), ...counted, changeTypes: types }
  },
})

const eventDetailSchema = Type.Object({
  ...eventRowSchema.properties,
  /** The encrypted XML as WeCom sent it; null for hints. */
  raw: Type.Union([Type.String(), Type.Null()]),
  /** The decrypted XML. */
  plain: Type.Union([Type.String(), Type.Null()]),
})
export type EventDetail = Static<typeof eventDetailSchema>

export const showContactEvent = pageCall({
  method: 'GET',
  path: '/web/sync/event',
  access,
  input: { id: requiredId('事件编号') },
  output: eventDetailSchema,
  async handle(ctx: Core & { corps: Corps }, { corpId, input, request }): Promise<EventDetail> {
    const [{ raw, plain }, rows] = await Promise.all([
      describeEvent(ctx, corpId, input.id),
      pageEvents(
        ctx.db,
        corpId,
        'directory',
        { ids: [input.id] },
        { by: 'id', descending: true },
        { limit: 1, offset: 0 },
      ),
    ])
    const [row] = rows
    if (!row)
      throw new ApiError('badParameter', { zh: `没有事件 ${input.id}`, en: `there is no event ${input.id}` })
    return { ...eventIn(languageOf(request.headers['accept-language']), row), raw, plain }
  },
})

const idsAtMost = 1000
const replayedAtMost = 20_000

/** Replaying an event is harmless, because wisp asks WeCom for the current state again. */
export const replayContactEvents = pageCall({
  method: 'POST',
  path: '/web/sync/replay',
  access,
  input: { ids: optionalIds('事件编号', { max: idsAtMost }) },
  output: Type.Object({
    count: Type.Number(),
  }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    if (input.ids.length === 0) throw new ApiError('missingParameter', 'ids')
    const ids = input.ids.map(Number)
    const wrong = ids.findIndex(id => !Number.isSafeInteger(id) || id < 1)
    if (wrong >= 0)
      throw new ApiError('badParameter', {
        zh: `ids[${wrong}] 不是事件编号`,
        en: `ids[${wrong}] is not the number of an event`,
      })
    const target = ids.length === 1 ? String(ids[0]) : `${ids.length} 个事件`
    return { count: await replay(ctx, visitor.actor, corpId, { ids }, ids.length, target) }
  },
})

/**
 * Replays everything that a filter matches: exactly as many events as the administrator was shown, up to the newest of
 * them.
 */
export const replayFilteredEvents = pageCall({
  method: 'POST',
  path: '/web/sync/replay-filtered',
  access,
  input: {
    ...filterInput,
    upTo: requiredId('列表中最新的事件编号'),
    expected: requiredId('将重放的个数'),
  },
  output: Type.Object({
    count: Type.Number(),
  }),
  async handle(ctx: Needs, { corpId, input, visitor, request }) {
    const { upTo, expected } = input
    if (expected > replayedAtMost)
      throw new ApiError('badParameter', {
        zh: `一次最多重放 ${replayedAtMost} 个事件，请缩小筛选范围`,
        en: `at most ${replayedAtMost} events can be replayed at once: narrow the filter`,
      })
    const language = languageOf(request.headers['accept-language'])
    const filter = { ...filterOf(input, language), upTo }
    return { count: await replay(ctx, visitor.actor, corpId, filter, expected, `至 ${upTo}`) }
  },
})

/** The audit log gets only the names of the filter's fields, because the search text may be somebody's mobile number. */
function replay(
  ctx: Needs,
  actor: string,
  corpId: string,
  filter: EventFilter,
  expected: number,
  target: string,
): Promise<number> {
  const fields = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return ctx.db
    .transaction()
    .execute(async tx => {
      const opened = await reopenEvents(tx, corpId, 'directory', filter, new Date(ctx.now()))
      if (opened !== expected) {
        throw new ApiError('badParameter', {
          zh: `符合条件的事件现在有 ${opened} 个，不是 ${expected} 个，请刷新后重新确认；没有重放`,
          en: `the filter now finds ${opened} events, not ${expected}, so none was replayed: reload and confirm again`,
        })
      }
      await record(tx, ctx, { corpId, actor, act: 'sync.replay', target, detail: { opened, fields } })
      await wakeDirectory(ctx, tx, corpId)
      return opened
    })
    .then(count => {
      ctx.queue.kick(corpId)
      return count
    })
}
