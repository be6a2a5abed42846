import { ControlError, onlyKeys, optional, string, whole } from '../../http/control-input.ts'
import { codeUrlOf } from '../api/order.ts'
import type { Input } from '../input.ts'
import type { PayPlatform } from '../platform.ts'
import { tradeType } from '../state/answers.ts'
import type { Merchant } from '../state/merchant.ts'
import { type Order, type Refund, tradeState } from '../state/order.ts'

/** The merchant that a script names by `mchId`, by default the first. */
export function merchantOf(platform: PayPlatform, input: Input): Merchant {
  const mchId = optional(input, 'mchId', string)
  const merchant = mchId === undefined ? platform.merchants[0] : platform.merchant(mchId)
  if (!merchant) throw new ControlError(`there is no merchant ${mchId}`)
  return merchant
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

/** What WeChat Pay knows of the merchant's orders and refunds, oldest first; amounts in fen. */
export function ledger(platform: PayPlatform, input: Input): object {
  onlyKeys(input, 'mchId', 'outTradeNo', 'latest')
  const merchant = merchantOf(platform, input)
  const orders = wantedOf(merchant.orders.values(), input)
  return {
    mchId: merchant.mchId,
    now: iso(platform.schedule.now()),
    orders: orders.map(order => orderRow(platform, merchant, order)),
  }
}

/** Those of `outTradeNo`, or the `latest` so many. */
export function wantedOf<T extends { outTradeNo: string }>(all: T[], input: Input): T[] {
  const wanted = optional(input, 'outTradeNo', string)
  const latest = optional(input, 'latest', whole(1, 1_000_000))
  const found = wanted === undefined ? all : all.filter(one => one.outTradeNo === wanted)
  return latest === undefined ? found : found.slice(-latest)
}

export const orderRow = (platform: PayPlatform, merchant: Merchant, order: Order): object => ({
  outTradeNo: order.outTradeNo,
  transactionId: order.payment?.transactionId ?? null,
  state: tradeState(order, merchant.refundsOf(order.outTradeNo), platform.schedule.now()),
  tradeType: tradeType(order),
  appId: order.appId,
  description: order.description,
  total: order.total,
  payerTotal: order.payment ? order.total - order.payment.coupon : null,
  payer: order.payment?.openid ?? null,
  prepayId: order.prepayId,
  notifyUrl: order.notifyUrl,
  createdAt: iso(order.createdAt),
  expiresAt: iso(order.expiresAt),
  paidAt: iso(order.payment?.at),
  closedAt: iso(order.closedAt),
  failures: order.failures,
  refunds: merchant.refundsOf(order.outTradeNo).map(refundRow),
})

export const refundRow = (refund: Refund): object => ({
  outRefundNo: refund.outRefundNo,
  refundId: refund.refundId,
  refund: refund.refund,
  payerRefund: refund.payerRefund,
  status: refund.status,
  createdAt: iso(refund.createdAt),
  successAt: iso(refund.successAt),
})

/** The QR codes that wait to be scanned, the latest first, of all merchants. */
export function codes(platform: PayPlatform, input: Input): object {
  onlyKeys(input)
  const now = platform.schedule.now()
  const waiting = platform.merchants.flatMap(merchant =>
    merchant.orders
      .values()
      .filter(order => order.product === 'native' && tradeState(order, [], now) === 'NOTPAY')
      .map(({ prepayId, description, total, preparedAt }) => ({
        codeUrl: codeUrlOf(prepayId),
        payee: merchant.settings.name,
        description,
        total,
        at: iso(preparedAt),
      })),
  )
  return { codes: waiting.sort((one, other) => (one.at! < other.at! ? 1 : -1)).slice(0, codesShown) }
}

const codesShown = 30
