export const products = ['jsapi', 'native', 'h5'] as const
export type Product = (typeof products)[number]

/** An order as WeChat Pay keeps it (docs/upstream/wechat-pay-orders.md#fields). Times in ms, amounts in fen. */
export interface Order {
  outTradeNo: string
  product: Product
  appId: string
  /** What a repeat must not change. */
  parameters: string
  description: string
  attach?: string
  notifyUrl: string
  total: number
  /** Who must pay; only in JSAPI. */
  openid?: string
  createdAt: number
  /** When it is closed unless it was paid. */
  expiresAt: number
  /** The current prepay_id, and since when; code_url and h5_url are made of it. */
  prepayId: string
  preparedAt: number
  /** An order that nobody paid in time stays NOTPAY here; `tradeState` tells. */
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED'
  closedAt?: number
  payment?: Payment
  /** How many attempts to pay failed. */
  failures: number
  /** What a script made of it in the bills. */
  billed?: { isLeftOut: boolean; total?: number }
}

export interface Payment {
  transactionId: string
  openid: string
  at: number
  /** What a coupon of WeChat's paid of the total. */
  coupon: number
}

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED'

/** A refund (docs/upstream/wechat-pay-refunds.md#refunding). Times in ms, amounts in fen. */
export interface Refund {
  refundId: string
  outRefundNo: string
  outTradeNo: string
  transactionId: string
  /** What a repeat must not change. */
  parameters: string
  refund: number
  total: number
  /** What the payer paid and gets back, which a coupon makes less. */
  payerTotal: number
  payerRefund: number
  reason?: string
  notifyUrl?: string
  status: RefundStatus
  /** What it will be at `due`; null as long as nobody decided. */
  outcome: Exclude<RefundStatus, 'PROCESSING'> | null
  due: number | null
  createdAt: number
  successAt?: number
}

export type TradeState = Order['state'] | 'REFUND'

/** What a query answers: an order that was refunded even in part is REFUND, one whose time is over CLOSED. */
export function tradeState(order: Order, refunds: readonly Refund[], now: number): TradeState {
  if (order.state === 'SUCCESS' && refunds.some(refund => refund.status !== 'CLOSED')) return 'REFUND'
  return order.state === 'NOTPAY' && order.expiresAt <= now ? 'CLOSED' : order.state
}
