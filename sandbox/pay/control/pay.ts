import { ControlError, onlyKeys, optional, string, whole } from '../../http/control-input.ts'
import { codeUrlOf } from '../api/order.ts'
import type { Input } from '../input.ts'
import type { Person } from '../people.ts'
import type { PayPlatform } from '../platform.ts'
import type { Merchant } from '../state/merchant.ts'
import type { Order } from '../state/order.ts'
import { CannotPay, checkPayable, payOrder } from '../state/paying.ts'
import { merchantOf, orderRow } from './ledger.ts'

export interface MerchantOrder {
  merchant: Merchant
  order: Order
}

export const ways = ['prepayId', 'codeUrl', 'h5Url', 'outTradeNo'] as const

/** The order that a script or a page names in one of the ways, with `mchId` beside outTradeNo. */
export function findOrder(platform: PayPlatform, input: Input): MerchantOrder {
  const [way, ...more] = ways.filter(name => input[name] !== undefined)
  if (way === undefined || more.length > 0)
    throw new ControlError(`name the order by one of ${ways.join(', ')}`)
  const named = string(input[way], way)
  if (way === 'outTradeNo') {
    const merchant = merchantOf(platform, input)
    const order = merchant.orders.get(named)
    if (!order) throw new ControlError(`there is no order ${named}`)
    return { merchant, order }
  }
  const prepayId = way === 'h5Url' ? (URL.parse(named)?.searchParams.get('prepay_id') ?? '') : named
  for (const merchant of platform.merchants) {
    const order =
      way === 'codeUrl'
        ? merchant.orders.values().find(one => codeUrlOf(one.prepayId) === named)
        : merchant.orderOfPrepay(prepayId)
    if (order) return { merchant, order }
  }
  throw new ControlError(`there is no order for ${way} ${named}`)
}

/** The payer that a script names by `userid` or `openid`. */
export function personOf(input: Input): Person | undefined {
  const userid = optional(input, 'userid', string)
  const openid = optional(input, 'openid', string)
  if (userid !== undefined && openid !== undefined) throw new ControlError('name userid or openid, not both')
  if (userid !== undefined) return { userid }
  return openid === undefined ? undefined : { openid }
}

/** Pays an order; the answer has the order and, with `wait`, how the merchant's server took the first attempt. */
export async function pay(platform: PayPlatform, input: Input): Promise<object> {
  onlyKeys(input, 'mchId', ...ways, 'userid', 'openid', 'coupon', 'wait')
  const { merchant, order } = findOrder(platform, input)
  const coupon = optional(input, 'coupon', whole(0, 100_000_000))
  const notification = payOrder(platform, merchant, order, { person: personOf(input), coupon })
  if (input['wait'] === true) await platform.schedule.done(notification.id)
  return { order: orderRow(platform, merchant, merchant.orders.get(order.outTradeNo)!), notification }
}

/** An attempt to pay that fails, for want of money or because the payer gives up. Nobody is told. */
export function fail(platform: PayPlatform, input: Input): object {
  onlyKeys(input, 'mchId', ...ways)
  const { merchant, order } = findOrder(platform, input)
  checkPayable(platform, merchant, order)
  merchant.saveOrder({ ...order, failures: order.failures + 1 })
  return { order: orderRow(platform, merchant, merchant.orders.get(order.outTradeNo)!) }
}

/** Does what a person at a telephone does; what WeChat says against it is bad input. */
export const asPayer =
  <T>(run: (platform: PayPlatform, input: Input) => T | Promise<T>) =>
  async (platform: PayPlatform, input: Input): Promise<T> => {
    try {
      return await run(platform, input)
    } catch (error) {
      if (error instanceof CannotPay) throw new ControlError(error.message)
      throw error
    }
  }
