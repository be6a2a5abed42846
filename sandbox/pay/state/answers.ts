import type { Merchant } from './merchant.ts'
import { type Order, type Product, type Refund, tradeState } from './order.ts'
import { chinaTime } from './times.ts'

const tradeTypes: Readonly<Record<Product, string>> = { jsapi: 'JSAPI', native: 'NATIVE', h5: 'MWEB' }

export const tradeType = (order: Order): string => tradeTypes[order.product]

const descriptions = {
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
}

/** An order as a query answers it, and as a notification tells of it (docs/upstream/wechat-pay-orders.md#query-and-close). */
export function orderAnswer(merchant: Merchant, order: Order, now: number): Record<string, unknown> {
  const { payment } = order
  const state = tradeState(order, merchant.refundsOf(order.outTradeNo), now)
  const known = {
    appid: order.appId,
    mchid: merchant.mchId,
    out_trade_no: order.outTradeNo,
    trade_state: state,
    trade_state_desc: descriptions[state],
    ...(order.attach !== undefined && { attach: order.attach }),
  }
  if (!payment)
    return {
      ...known,
      amount: { total: order.total, currency: 'CNY', payer_currency: 'CNY' },
      promotion_detail: [],
    }
  return {
    ...known,
    transaction_id: payment.transactionId,
    trade_type: tradeType(order),
    bank_type: 'OTHERS',
    success_time: chinaTime(payment.at),
    payer: { openid: payment.openid },
    amount: {
      total: order.total,
      payer_total: order.total - payment.coupon,
      currency: 'CNY',
      payer_currency: 'CNY',
    },
    promotion_detail:
      payment.coupon > 0
        ? [
            {
              coupon_id: '109519',
              name: '微信支付立减',
              scope: 'GLOBAL',
              type: 'CASH',
              amount: payment.coupon,
              wechatpay_contribute: payment.coupon,
              currency: 'CNY',
            },
          ]
        : [],
  }
}

/** A refund as it is answered (docs/upstream/wechat-pay-refunds.md#refunding). */
export const refundAnswer = (refund: Refund): Record<string, unknown> => ({
  refund_id: refund.refundId,
  out_refund_no: refund.outRefundNo,
  transaction_id: refund.transactionId,
  out_trade_no: refund.outTradeNo,
  channel: 'ORIGINAL',
  user_received_account: '支付用户零钱',
  ...(refund.successAt !== undefined && { success_time: chinaTime(refund.successAt) }),
  create_time: chinaTime(refund.createdAt),
  status: refund.status,
  funds_account: 'AVAILABLE',
  amount: {
    total: refund.total,
    refund: refund.refund,
    from: [],
    payer_total: refund.payerTotal,
    payer_refund: refund.payerRefund,
    settlement_total: refund.payerTotal,
    settlement_refund: refund.payerRefund,
    discount_refund: refund.refund - refund.payerRefund,
    currency: 'CNY',
    refund_fee: 0,
  },
  promotion_detail: [],
})
