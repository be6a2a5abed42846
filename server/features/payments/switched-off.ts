import type { Core } from '../../platform/core.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import { countOpenBills } from './bills/totals-store.ts'
import { countOpenOrders } from './orders/order-list-store.ts'
import { countOpenRefunds } from './refunds/refund-store.ts'

/** Payments stay on while WeChat Pay may still take or return money. */
export async function openPayments(tx: Db, _ctx: Core, corpId: string): Promise<Words[]> {
  const [orders, refunds] = await Promise.all([countOpenOrders(tx, corpId), countOpenRefunds(tx, corpId)])
  const why: Words[] = []
  if (orders > 0)
    why.push({
      zh: `还有 ${orders} 笔支付进行中，最迟一天后结束`,
      en: `${orders} payments are under way, and end within a day`,
    })
  if (refunds > 0)
    why.push({
      zh: `还有 ${refunds} 笔退款没有完成，可在 统一支付 → 账单 → 退款 中处理`,
      en: `${refunds} refunds are not complete; see Payments → Bills → Refunds`,
    })
  return why
}

/** What becomes of bills, and what can still be done. */
export async function paidBills({ db }: Core, corpId: string): Promise<Words[]> {
  const open = await countOpenBills(db, corpId)
  const told: Words[] = [
    {
      zh: '已付款的账单仍可退款和对账，微信支付的通知照常处理',
      en: "Paid bills can still be refunded and reconciled, and WeChat Pay's notifications are processed",
    },
  ]
  if (open > 0)
    told.push({
      zh: `${open} 个待付款的账单在重新开启之前不能支付`,
      en: `${open} open bills cannot be paid until it is switched on again`,
    })
  return told
}
