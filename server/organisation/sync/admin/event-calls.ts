import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { integer, optionalChoice, optionalInteger } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { eventIn } from '../../../platform/inbox/event-store.ts'
import { replayRange } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Corps } from '../../corps/corps.ts'
import { directoryReplay } from '../events/replay.ts'
import { describeEvent, listEvents } from '../status.ts'

type Needs = Core & { corps: Corps; queue: Queue }

const idAtMost = Number.MAX_SAFE_INTEGER

const eventShape = {
  id: Type.Number(),
  source: Type.String({
    about: { zh: '来源：callback、hint 或 replay', en: 'Where it is from: callback, hint, replay' },
  }),
  changeType: Type.String({ about: { zh: '类型', en: 'Kind of change' } }),
  entity: Type.String({ about: { zh: '对象', en: 'Object' } }),
  state: Type.String({ about: { zh: 'pending、done 或 parked', en: 'pending, done or parked' } }),
  attempts: Type.Number(),
  error: Type.Union([Type.String(), Type.Null()]),
  receivedAt: time,
  doneAt: Type.Union([time, Type.Null()]),
}
const sampleEvent = {
  id: 7,
  source: 'callback',
  changeType: 'update_user',
  entity: 'lisi',
  state: 'done',
  attempts: 1,
  error: null,
  receivedAt: '2026-11-26T08:00:00.000Z',
  doneAt: '2026-11-26T08:00:00.000Z',
}

export const adminEvents = adminCall({
  method: 'GET',
  path: '/api/admin/sync/events',
  summary: { zh: '最近的通讯录事件', en: 'The latest events of the address book' },
  scope: 'admin:sync',
  point: 'sync:inspect',
  reach: 'corp',
  input: {
    state: optionalChoice({ zh: '状态', en: 'State' }, ['pending', 'done', 'parked']),
    limit: optionalInteger({ zh: '几个，默认 20', en: 'How many; 20 unless given' }, { min: 1, max: 1000 }),
  },
  output: Type.Object({ list: Type.Array(Type.Object(eventShape)) }),
  errors: [],
  sample: { list: [sampleEvent] },
  async handle(ctx: Core & { corps: Corps }, { corpId, input, language }) {
    const events = await listEvents(ctx, corpId, input.state, input.limit ?? 20)
    return { list: events.map(one => eventIn(language, one)) }
  },
})

export const adminEvent = adminCall({
  method: 'GET',
  path: '/api/admin/sync/event',
  summary: { zh: '一个通讯录事件', en: 'One event of the address book' },
  scope: 'admin:sync',
  point: 'sync:inspect',
  reach: 'corp',
  input: { id: integer({ zh: '事件编号', en: 'Number of the event' }, { min: 1, max: idAtMost }) },
  output: Type.Object({
    ...eventShape,
    raw: Type.Union([Type.String(), Type.Null()], { about: { zh: '原文', en: 'As WeCom sent it' } }),
    plain: Type.Union([Type.String(), Type.Null()], { about: { zh: '解密后的内容', en: 'Decrypted' } }),
  }),
  errors: [],
  sample: { ...sampleEvent, raw: 'EDk0…', plain: '<xml>…</xml>' },
  sampleInput: { id: 7 },
  handle: async (ctx: Core & { corps: Corps }, { corpId, input, language }) =>
    eventIn(language, await describeEvent(ctx, corpId, input.id)),
})

export const adminReplay = adminCall({
  method: 'POST',
  path: '/api/admin/sync/replay',
  summary: { zh: '重放通讯录事件', en: 'Replay events of the address book' },
  description: { zh: '重复处理无害。', en: 'Doing it twice does no harm.' },
  scope: 'admin:sync',
  point: 'sync:run',
  reach: 'corp',
  input: {
    from: integer({ zh: '第一个事件编号', en: 'Number of the first event' }, { min: 1, max: idAtMost }),
    to: optionalInteger(
      { zh: '最后一个，默认与第一个相同', en: 'Number of the last; the first unless given' },
      { min: 1, max: idAtMost },
    ),
  },
  output: Type.Object({ count: Type.Number({ about: { zh: '重放几个', en: 'How many are replayed' } }) }),
  errors: [],
  sample: { count: 1 },
  sampleInput: { from: 7 },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const { from, to = from } = input
    return { count: await replayRange(ctx, directoryReplay(ctx, caller.actor, corpId), from, to) }
  },
})
