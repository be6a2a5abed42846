import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { lockBills, markClosed, noteBillEvents } from '../bills/state-store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { endOrder } from './end-order.ts'
import { aliveOrdersOf } from './order-store.ts'

type Needs = Core & { merchants: Merchants }

/** Somebody may order the bill again while its order is being closed. */
const attemptsAtMost = 4

/**
 * Closes an open bill, whose alive order is queried and closed at WeChat Pay first. A bill that is closed already stays so.
 * @throws ApiError when it is paid, also when that is found out only now
 */
export async function closeBill(
  ctx: Needs,
  { corpId, actor }: { corpId: string; actor: string },
  billId: number,
): Promise<void> {
  for (let turn = 0; turn < attemptsAtMost; turn++) {
    const alive = await ctx.db.transaction().execute(async tx => {
      const [bill] = await lockBills(tx, corpId, [billId])
      if (!bill)
        throw new ApiError('badParameter', {
          zh: told`没有编号为 ${billId} 的账单`,
          en: told`there is no bill ${billId}`,
        })
      if (bill.state === 'paid')
        throw new ApiError('badParameter', {
          zh: told`账单 ${bill.billNo} 已支付，不能关闭；如需退回请退款`,
          en: told`the bill ${bill.billNo} is paid and cannot be closed: refund it instead`,
        })
      if (bill.state === 'closed') return []
      const orders = await aliveOrdersOf(tx, corpId, [billId])
      if (orders.length > 0) return orders
      const at = new Date(ctx.now())
      await markClosed(tx, corpId, billId, at)
      await noteBillEvents(tx, corpId, [{ billId, kind: 'closed', actor }], at)
      await record(tx, ctx, { corpId, actor, act: 'pay.bill.close', target: bill.billNo, detail: { billId } })
      return []
    })
    if (alive.length === 0) return
    // An order that is ended for nothing would leave the payer without one.
    if (turn === attemptsAtMost - 1) break
    for (const order of alive) await endOrder(ctx, order)
  }
  throw new ApiError('badParameter', {
    zh: '付款人正在支付此账单，没有关闭；请稍后再试',
    en: 'the payer is paying this bill at this moment, and it was not closed: try again later',
  })
}
