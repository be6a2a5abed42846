import { aboutPayment } from '../notify/content.ts'
import type { Person } from '../people.ts'
import type { PayPlatform } from '../platform.ts'
import type { Merchant } from './merchant.ts'
import type { Notification } from './notification.ts'
import { newTransactionId } from './numbers.ts'
import { type Order, tradeState } from './order.ts'

/** Why the payer cannot pay, in the words of the payment dialog. */
export class CannotPay extends Error {}

/** Throws CannotPay unless the order can be paid now with the prepay_id that the payer has. */
export function checkPayable(platform: PayPlatform, merchant: Merchant, order: Order): void {
  const now = platform.schedule.now()
  const state = tradeState(order, merchant.refundsOf(order.outTradeNo), now)
  if (state === 'CLOSED') throw new CannotPay('订单已关闭')
  if (state !== 'NOTPAY') throw new CannotPay('该订单已支付')
  const { ticketSeconds, h5Seconds } = platform.rules
  const life = order.product === 'h5' ? h5Seconds : ticketSeconds
  if (now > order.preparedAt + life * 1000) throw new CannotPay('支付会话已过期，请返回商户重新下单')
}

/** The openid under which this person pays the order; somebody whom nobody knows when none is named. */
export function payerOf(platform: PayPlatform, order: Order, person: Person | undefined): string {
  if (person === undefined)
    return order.openid ?? platform.people.openidAt(order.appId, { openid: 'somebody' })!
  const openid = platform.people.openidAt(order.appId, person)
  if (openid === undefined) throw new CannotPay('没有这个成员')
  if (order.openid !== undefined && order.openid !== openid) throw new CannotPay('支付者与下单时的用户不一致')
  return openid
}

/** Pays the order; `coupon` fen of it come from WeChat. Returns what the merchant's server is told. */
export function payOrder(
  platform: PayPlatform,
  merchant: Merchant,
  order: Order,
  { person, coupon = 0 }: { person?: Person | undefined; coupon?: number | undefined },
): Notification {
  checkPayable(platform, merchant, order)
  if (coupon >= order.total) throw new CannotPay('优惠必须小于订单金额')
  const at = platform.schedule.now()
  const openid = payerOf(platform, order, person)
  order.payment = { transactionId: newTransactionId(at), openid, at, coupon }
  order.state = 'SUCCESS'
  merchant.saveOrder(order)
  const { balance } = merchant.settings
  if (balance !== null) merchant.change({ balance: balance + order.total })
  return platform.notifier.tell(merchant, aboutPayment(merchant, order, at))
}
