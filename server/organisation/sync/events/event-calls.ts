import { Type } from 'typebox'
import { recordExport } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { sendCsv } from '../../../platform/http/answers/csv.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalNumbers, optionalText, optionalTime } from '../../../platform/http/input.ts'
import {
  exporting,
  orderOf,
  pageOf,
  paging,
  requiredId,
  several,
  sorting,
} from '../../../platform/http/list-input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import {
  allEvents,
  changeTypes,
  countEvents,
  type EventFilter,
  eventOrders,
  eventRowSchema,
  eventSources,
  eventStates,
  pageEvents,
} from '../../../platform/inbox/event-list-store.ts'
import { eventIn } from '../../../platform/inbox/event-store.ts'
import { replayChosen, replayFiltered } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { type Language, languageOf } from '../../../platform/words.ts'
import type { Corps } from '../../corps/corps.ts'
import { describeEvent } from '../status.ts'
import { directoryReplay } from './replay.ts'

type Needs = Core & { queue: Queue }

/**
 * Lists and replays what WeCom sent and third parties reported (docs/interface/address-book.md#mirror). This is personal data, so
 * graded administrators have no access.
 */
const access = administrator('super')

const filterInput = {
  state: several('状态', eventStates),
  source: several('来源', eventSources),
  changeType: optionalText('类型', { max: 64 }),
  entity: optionalText('对象', { max: 128 }),
  text: optionalText('内容中的文字', { max: 128 }),
  from: optionalTime('不早于，ISO 时间'),
  to: optionalTime('早于，ISO 时间'),
}

type FilterInput = {
  state: EventFilter['state']
  source: EventFilter['source']
  changeType: string | undefined
  entity: string | undefined
  text: string | undefined
  from: Date | undefined
  to: Date | undefined
}

function filterOf(input: FilterInput, language: Language): EventFilter {
  const { state, source, changeType, entity } = input
  const text = input.text === undefined ? undefined : { sought: input.text, language }
  return { state, source, changeType, entity, text, from: input.from, to: input.to }
}

export const listContactEvents = pageCall({
  method: 'GET',
  path: '/web/sync/events',
  point: 'sync:inspect',
  access,
  input: {
    ...filterInput,
    ...paging,
    sort: sorting,
  },
  output: Type.Object({
    list: Type.Array(eventRowSchema),
    total: Type.Number(),
    /** Id of the newest matching event. A replay of all matches passes it, so that later events are not included. */
    lastId: Type.Number(),
    changeTypes: Type.Array(Type.String()),
  }),
  async handle(ctx: Core, { corpId, input, request }) {
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

const heads = {
  zh: ['编号', '收到时间', '来源', '类型', '对象', '状态', '次数', '错误', '处理时间'],
  en: ['Id', 'Received', 'Source', 'Change', 'Object', 'State', 'Attempts', 'Error', 'Done'],
} as const

/** The same events as a file, the newest first or last. */
export const exportContactEvents = pageCall({
  method: 'GET',
  path: '/web/sync/events/export',
  point: 'sync:inspect',
  access,
  input: { ...filterInput, ...exporting },
  output: fileSchema,
  async handle(ctx: Core, { corpId, input, visitor, reply }) {
    const language = input.language ?? 'zh'
    const filter = filterOf(input, language)
    await recordExport(ctx, { corpId, actor: visitor.actor, list: 'events', input })
    return sendCsv(reply, {
      name: 'events',
      head: heads[language],
      chunks: allEvents(ctx.db, corpId, 'directory', filter, input.sort !== 'id'),
      cells: row => {
        const { id, receivedAt, source, changeType, entity, state, attempts, error, doneAt } = eventIn(
          language,
          row,
        )
        return [id, receivedAt, source, changeType, entity, state, attempts, error, doneAt]
      },
    })
  },
})

export const showContactEvent = pageCall({
  method: 'GET',
  path: '/web/sync/event',
  point: 'sync:inspect',
  access,
  input: { id: requiredId('事件编号') },
  output: Type.Object({
    ...eventRowSchema.properties,
    /** The encrypted XML as WeCom sent it; null for hints. */
    raw: Type.Union([Type.String(), Type.Null()]),
    /** The decrypted XML. */
    plain: Type.Union([Type.String(), Type.Null()]),
  }),
  async handle(ctx: Core & { corps: Corps }, { corpId, input, request }) {
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
      throw new ApiError('badParameter', {
        zh: told`没有事件 ${input.id}`,
        en: told`there is no event ${input.id}`,
      })
    return { ...eventIn(languageOf(request.headers['accept-language']), row), raw, plain }
  },
})

const idsAtMost = 1000

export const replayContactEvents = pageCall({
  method: 'POST',
  path: '/web/sync/replay',
  point: 'sync:run',
  access,
  input: { ids: optionalNumbers('事件编号', { max: idsAtMost }) },
  output: Type.Object({
    count: Type.Number(),
  }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    return { count: await replayChosen(ctx, directoryReplay(ctx, visitor.actor, corpId), input.ids) }
  },
})

export const replayFilteredEvents = pageCall({
  method: 'POST',
  path: '/web/sync/replay-filtered',
  point: 'sync:run',
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
    const language = languageOf(request.headers['accept-language'])
    const filter = { ...filterOf(input, language), upTo }
    const replaying = directoryReplay(ctx, visitor.actor, corpId)
    return { count: await replayFiltered(ctx, replaying, filter, expected) }
  },
})
