import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { holdLease, type Lease } from '../../../platform/queue/queue-store.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { isPaid } from '../../../upstream/wechat-pay/calls/orders.ts'
import { lockBills } from '../bills/state-store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { applyTransaction, closeHere, type TransactionWrites } from './apply-transaction.ts'
import * as store from './order-store.ts'

type Needs = Core & { merchants: Merchants }

/** What WeChat Pay still lets through after an order has expired. */
const afterExpiryMs = 60_000

/** What a task of the queue writes stands only while it has its lease. */
export function underLease(lease: Lease | undefined): { within?: TransactionWrites } {
  return lease ? { within: tx => holdLease(tx, lease) } : {}
}

/**
 * Makes sure that nobody can pay an open order any more: asks WeChat Pay what became of it, and closes it there. Whatever is
 * found out is applied; the caller reads the order and the bills again. No transaction is open in the meantime. A
 * crash between WeChat Pay's close and the commit here is made good by the next question, which is answered "closed".
 * @throws ApiError when WeChat Pay does not say, or says what does not fit: the order stays open
 */
export async function endOrder(ctx: Needs, order: store.Order, lease?: Lease): Promise<void> {
  const merchant = ctx.merchants.get(order.corpId, order.mchId)
  const { client } = merchant
  // Twice, because it may be paid or reach WeChat Pay between the question and the close.
  for (let turn = 0; turn < 2; turn++) {
    const trade = await fromUpstream(client.query(order.outTradeNo))
    if (trade && (isPaid(trade) || trade.state === 'closed' || trade.state === 'revoked')) {
      const applied = await applyTransaction(ctx, merchant, trade, underLease(lease))
      if (applied === 'differs') throw differs(order)
      return
    }
    const outcome = await fromUpstream(client.close(order.outTradeNo))
    if (outcome !== 'paid' && (await settleClosed(ctx, order, outcome, lease))) return
  }
  throw unclear(order)
}

/**
 * "Absent" frees the bills only of an order that nobody can have got anything to pay with: its creation was refused or
 * lost, and a request that is still on its way brings a ticket that `setTicket` refuses to store, so that nobody gets it.
 */
async function settleClosed(
  ctx: Core,
  { corpId, id }: store.Order,
  outcome: 'closed' | 'absent',
  lease: Lease | undefined,
): Promise<boolean> {
  return ctx.db.transaction().execute(async tx => {
    const bills = await lockBills(tx, corpId, await store.billsOfOrder(tx, corpId, id))
    const order = await store.lockOrder(tx, corpId, id)
    if (!order) return true
    const now = ctx.now()
    const isPayable = order.ticket !== '' && now < order.expiresAt.getTime() + afterExpiryMs
    if (outcome === 'absent' && isPayable) return order.state !== 'open'
    await closeHere(tx, order, bills, outcome, new Date(now))
    if (lease) await holdLease(tx, lease)
    return true
  })
}

function differs({ outTradeNo }: store.Order): ApiError {
  return new ApiError('upstream', {
    zh: told`微信支付返回的订单 ${outTradeNo} 与本地记录不一致，请联系管理员`,
    en: told`what WeChat Pay says about order ${outTradeNo} does not fit what was ordered: ask an administrator`,
  })
}

function unclear({ outTradeNo }: store.Order): ApiError {
  return new ApiError('upstream', {
    zh: told`订单 ${outTradeNo} 的状态尚不明确，请稍后再试`,
    en: told`the state of order ${outTradeNo} is not clear yet: try again later`,
  })
}
