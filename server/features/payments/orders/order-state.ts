import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Lease } from '../../../platform/queue/queue-store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { applyTransaction } from './apply-transaction.ts'
import { underLease } from './end-order.ts'
import { type Order, orderById, setAsked } from './order-store.ts'

type Needs = Core & { merchants: Merchants }

const askEveryMs = 2000

/**
 * Returns the state of an order for a page that waits for a payment. WeChat Pay is asked at most every 2 s per order, however many
 * pages on however many nodes wait. While it does not answer, the last known state is returned.
 * @throws ApiError 1000 for an unknown order.
 */
export async function orderState(ctx: Needs, corpId: string, orderId: number): Promise<Order['state']> {
  const order = await orderById(ctx.db, corpId, orderId)
  if (!order)
    throw new ApiError('badParameter', {
      zh: told`没有编号为 ${orderId} 的支付订单`,
      en: told`there is no payment order ${orderId}`,
    })
  if (order.state !== 'open') return order.state
  const now = ctx.now()
  if (!(await setAsked(ctx.db, order, new Date(now), new Date(now - askEveryMs)))) return order.state
  await askAboutOrder(ctx, order).catch(error => {
    ctx.log.warn(
      { outTradeNo: order.outTradeNo, ...describeError(error) },
      'WeChat Pay not asked about an order',
    )
  })
  return (await orderById(ctx.db, corpId, orderId))?.state ?? 'closed'
}

/** @throws what the client throws when the question is not answered */
export async function askAboutOrder(ctx: Needs, order: Order, lease?: Lease): Promise<void> {
  const merchant = ctx.merchants.get(order.corpId, order.mchId)
  const trade = await merchant.client.query(order.outTradeNo)
  if (trade) await applyTransaction(ctx, merchant, trade, underLease(lease))
}
