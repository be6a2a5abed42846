import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalNumbers, optionalText, optionalTime } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId, several } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import {
  countEvents,
  eventRowSchema,
  eventStates,
  pageEvents,
} from '../../../platform/inbox/event-list-store.ts'
import { eventIn } from '../../../platform/inbox/event-store.ts'
import { languageOf } from '../../../platform/words.ts'
import { type ReplayNeeds, replayNotifications, showNotification } from '../notifications/replay.ts'

/** Who paid what for the whole corp, so graded administrators have no access. */
const access = administrator('super')

export const listNotifications = pageCall({
  method: 'GET',
  path: '/web/payments/notifications',
  point: 'payment:ledger',
  access,
  input: {
    state: several('状态', eventStates),
    entity: optionalText('商户订单号', { max: 64 }),
    from: optionalTime('不早于，ISO 时间'),
    to: optionalTime('早于，ISO 时间'),
    ...paging,
  },
  output: Type.Object({ list: Type.Array(eventRowSchema), total: Type.Number() }),
  async handle(ctx: Core, { corpId, input, request }) {
    const { state, entity, from, to } = input
    const filter = { state, entity, from, to }
    const order = { by: 'id', descending: true } as const
    const rows = await pageEvents(ctx.db, corpId, 'pay', filter, order, pageOf(input))
    const { total } = await countEvents(ctx.db, corpId, 'pay', filter)
    const language = languageOf(request.headers['accept-language'])
    return { list: rows.map(row => eventIn(language, row)), total }
  },
})

export const notificationOne = pageCall({
  method: 'GET',
  path: '/web/payments/notification',
  point: 'payment:ledger',
  access,
  input: { id: requiredId('通知编号') },
  output: Type.Object({
    ...eventRowSchema.properties,
    /** As WeChat Pay sent it, encrypted. */
    raw: Type.String(),
    /** The decrypted JSON. */
    plain: Type.String(),
  }),
  async handle(ctx: Core, { corpId, input, request }) {
    const event = await showNotification(ctx, corpId, input.id)
    return eventIn(languageOf(request.headers['accept-language']), event)
  },
})

export const replayNotificationsCall = pageCall({
  method: 'POST',
  path: '/web/payments/notifications/replay',
  point: 'payment:reconcile',
  access,
  input: { ids: optionalNumbers('通知编号', { max: 500 }) },
  output: Type.Object({ replayed: Type.Number() }),
  handle: async (ctx: ReplayNeeds, { corpId, input, visitor }) => ({
    replayed: await replayNotifications(ctx, visitor.actor, corpId, input.ids),
  }),
})
