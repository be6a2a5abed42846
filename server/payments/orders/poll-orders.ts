import type { Core } from '../../core.ts'
import { describeError } from '../../operation/log.ts'
import type { ActiveTask, Queue } from '../../queue/queue.ts'
import { LeaseLost } from '../../queue/queue-store.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import { applyTransaction } from './apply-transaction.ts'
import { endOrder, underLease } from './end-order.ts'
import type { Order } from './order-store.ts'
import * as store from './poll-store.ts'
import { orderPollMs } from './polls.ts'

type Needs = Core & { merchants: Merchants; queue: Queue }

const atOnce = 8
/** Wait when the merchant was just connected on another node and this node has not read it yet. */
const unknownMerchantMs = 1000
const untilClosedMs = 300_000

/** Asks WeChat Pay about what nobody notified. Each merchant is a task of its own. */
export function handleOrderPolls(ctx: Needs): void {
  ctx.queue.handle({ name: 'pay-order', atOnce: 8, work: held => pollOrders(ctx, held) })
}

async function pollOrders(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: mchId, signal } = held
  while (!signal.aborted) {
    const merchant = ctx.merchants.find(corpId, mchId)
    if (!merchant) return new Date(ctx.now() + unknownMerchantMs)
    const due = await store.dueOrders(ctx.db, { corpId, mchId }, new Date(ctx.now()), atOnce)
    if (due.length === 0) return store.nextPollOfOrders(ctx.db, { corpId, mchId })
    // Before WeChat Pay is asked, so that one that does not answer is asked at the same distances. A crash in between
    // costs this question; the next one is never further away than the last one was.
    const ids = due.map(order => order.id)
    const obsolete = await store.obsoleteAmong(ctx.db, corpId, ids)
    const isOver = ({ id, expiresAt }: Order) => obsolete.has(id) || expiresAt.getTime() <= ctx.now()
    const nexts = due.map(order => ({ ...order, next: nextPoll(ctx, order, isOver(order)) }))
    await store.setNextPolls(ctx.db, corpId, nexts)
    await Promise.all(due.map(order => poll(ctx, held, merchant, order, isOver(order))))
  }
  return undefined
}

/** Never later than at the order's end, where it is closed; until that succeeds it is tried every few minutes. */
function nextPoll(ctx: Core, { polls, expiresAt }: Order, isOver: boolean): Date {
  if (isOver) return new Date(ctx.now() + untilClosedMs)
  return new Date(Math.min(ctx.now() + orderPollMs(polls + 1), expiresAt.getTime()))
}

async function poll(
  ctx: Needs,
  { lease }: ActiveTask,
  merchant: Merchant,
  order: Order,
  isOver: boolean,
): Promise<void> {
  try {
    if (isOver) return await endOrder(ctx, order, lease)
    const trade = await merchant.client.query(order.outTradeNo)
    if (trade) await applyTransaction(ctx, merchant, trade, underLease(lease))
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    ctx.log.warn({ outTradeNo: order.outTradeNo, ...describeError(error) }, 'order not polled')
  }
}
