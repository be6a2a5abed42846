import type { Core } from '../../../platform/core.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { orderPollMs } from '../polls/distances.ts'
import { handlePolls } from '../polls/poll.ts'
import { endOrder } from './end-order.ts'
import { askAboutOrder } from './order-state.ts'
import type { Order } from './order-store.ts'
import { dueOrders, obsoleteAmong } from './poll-store.ts'

const atOnce = 8
const untilClosedMs = 300_000

export function handleOrderPolls(ctx: Core & { merchants: Merchants; queue: Queue }): void {
  handlePolls(ctx, 'pay_order', async ({ corpId, mchId }, lease) => {
    const due = await dueOrders(ctx.db, { corpId, mchId }, new Date(ctx.now()), atOnce)
    const ids = due.map(order => order.id)
    const obsolete = await obsoleteAmong(ctx.db, corpId, ids)
    return due.map(order => {
      const { id, pollAt, outTradeNo, expiresAt } = order
      const isOver = obsolete.has(id) || expiresAt.getTime() <= ctx.now()
      const ask = () => (isOver ? endOrder(ctx, order, lease) : askAboutOrder(ctx, order, lease))
      return { id, pollAt, next: nextPoll(ctx, order, isOver), about: { outTradeNo }, ask }
    })
  })
}

/** Never later than at the order's end, where it is closed; until that succeeds it is tried every few minutes. */
function nextPoll(ctx: Core, { polls, expiresAt }: Order, isOver: boolean): Date {
  if (isOver) return new Date(ctx.now() + untilClosedMs)
  return new Date(Math.min(ctx.now() + orderPollMs(polls + 1), expiresAt.getTime()))
}
