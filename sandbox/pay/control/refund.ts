import { boolean, ControlError, onlyKeys, optional, string, whole } from '../../control/input.ts'
import type { Input } from '../input.ts'
import type { PayPlatform } from '../platform.ts'
import type { Refund } from '../state/order.ts'
import { decideRefund } from '../state/refunding.ts'
import { merchantOf, orderRow, refundRow } from './ledger.ts'

const outcomes = ['SUCCESS', 'ABNORMAL', 'CLOSED'] as const

/**
 * Sets what a refund ends with; the merchant's server is told. Answers when the first attempt to tell was made.
 */
export async function setRefund(platform: PayPlatform, input: Input): Promise<object> {
  onlyKeys(input, 'mchId', 'outRefundNo', 'outcome')
  const merchant = merchantOf(platform, input)
  const number = string(input['outRefundNo'], 'outRefundNo')
  const refund = merchant.refunds.get(number)
  if (!refund) throw new ControlError(`there is no refund ${number}`)
  const outcome = outcomes.find(one => one === input['outcome'])
  if (!outcome) throw new ControlError(`outcome must be one of ${outcomes.join(', ')}`)
  if (isEnded(refund)) throw new ControlError(`the refund is ${refund.status} for good`)
  decideRefund(platform, merchant, refund, outcome, 0)
  await platform.schedule.flush()
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
