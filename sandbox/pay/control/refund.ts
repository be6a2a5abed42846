import { boolean, ControlError, oneOf, onlyKeys, optional, string, whole } from '../../http/control-input.ts'
import type { Input } from '../input.ts'
import type { PayPlatform } from '../platform.ts'
import type { Refund } from '../state/order.ts'
import { decideRefund, refundJob } from '../state/refunding.ts'
import { merchantOf, orderRow, refundRow } from './ledger.ts'

/**
 * Sets what a refund ends with; the merchant's server is told. Answers when the first attempt to tell was made.
 */
export async function setRefund(platform: PayPlatform, input: Input): Promise<object> {
  onlyKeys(input, 'mchId', 'outRefundNo', 'outcome')
  const merchant = merchantOf(platform, input)
  const number = string(input['outRefundNo'], 'outRefundNo')
  const refund = merchant.refunds.get(number)
  if (!refund) throw new ControlError(`there is no refund ${number}`)
  const outcome = oneOf('SUCCESS', 'ABNORMAL', 'CLOSED')(input['outcome'], 'outcome')
  if (isEnded(refund)) throw new ControlError(`the refund is ${refund.status} for good`)
  decideRefund(platform, merchant, refund, outcome, 0)
  await platform.schedule.done(refundJob(merchant, refund))
  const told = merchant.notifications.values().findLast(one => one.outRefundNo === number)
  if (told) await platform.schedule.done(told.id)
  return refundRow(refund)
}

const isEnded = ({ status }: Refund): boolean => status === 'SUCCESS' || status === 'CLOSED'

/** Makes the bills tell of an order otherwise than it was: leaves it out, or gives it another total. */
export function setBilled(platform: PayPlatform, input: Input): object {
  onlyKeys(input, 'mchId', 'outTradeNo', 'leaveOut', 'total')
  const merchant = merchantOf(platform, input)
  const number = string(input['outTradeNo'], 'outTradeNo')
  const order = merchant.orders.get(number)
  if (!order) throw new ControlError(`there is no order ${number}`)
  const total = optional(input, 'total', whole(1, 2_147_483_647))
  const isLeftOut = optional(input, 'leaveOut', boolean) ?? false
  merchant.saveOrder({ ...order, billed: { isLeftOut, ...(total !== undefined && { total }) } })
  return { order: orderRow(platform, merchant, order) }
}
