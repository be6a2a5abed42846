import { type Call, type CallRequest, get, post } from '../call.ts'
import { PayError } from '../error.ts'
import { Fields } from '../input.ts'
import { refundAnswer } from '../state/answers.ts'
import type { Merchant } from '../state/merchant.ts'
import { newRefundId } from '../state/numbers.ts'
import type { Order, Refund } from '../state/order.ts'
import { decideRefund } from '../state/refunding.ts'
import { readNotifyUrl } from './notify-url.ts'
import { outTradeNoRule, sorted } from './order.ts'
import { checkSecret } from './secret.ts'

const base = '/v3/refund/domestic/refunds'
const known = [
  '/transaction_id',
  '/out_trade_no',
  '/out_refund_no',
  '/reason',
  '/notify_url',
  '/funds_account',
  '/amount/refund',
  '/amount/total',
  '/amount/currency',
  '/amount/from',
  '/goods_detail',
]
const outRefundNoRule = { most: 64, pattern: /^[0-9A-Za-z_\-|*@]+$/ }

/** Refunds (docs/upstream/wechat-pay-refunds.md#refunding). */
export const refundCalls: readonly Call[] = [
  post(base, ask => {
    const { platform, merchant } = ask
    try {
      return refundAnswer(refund(ask))
    } catch (error) {
      // Beyond so many refusals a second even a good refund is refused.
      if (platform.failingRefunds.isOver(merchant.mchId, platform.rules.failingRefundsPerSecond))
        throw new PayError('FREQUENCY_LIMITED', { message: '错误的请求过于频繁，请稍后再试' })
      throw error
    }
  }),
  get(`${base}/:number`, ask => refundAnswer(byNumber(ask))),
  post(`${base}/:id/apply-abnormal-refund`, ask => refundAnswer(applyAbnormal(ask))),
]

function refund({ platform, merchant, body }: CallRequest): Refund {
  const fields = new Fields(body)
  if (platform.rules.refuseUnknownFields) fields.only(known)
  const outRefundNo = fields.requiredText('/out_refund_no', outRefundNoRule)
  const reason = fields.text('/reason', { most: 80 })
  if (Buffer.byteLength(reason ?? '') > 80) throw fields.wrong('/reason', '退款原因长度不得超过80个字节')
  const notifyUrl = readNotifyUrl(platform, fields, 256, false)
  const amount = fields.integer('/amount/refund', 1)
  const total = fields.integer('/amount/total', 1)
  if (fields.oneOf('/amount/currency', ['CNY']) === undefined)
    throw fields.wrong('/amount/currency', '输入源缺少必填字段')
  fields.oneOf('/funds_account', ['AVAILABLE', 'UNSETTLED'])
  const order = orderOf(merchant, fields)
  const parameters = JSON.stringify(sorted({ ...body, notify_url: undefined, reason: undefined }))
  const existing = merchant.refunds.get(outRefundNo)
  if (existing) {
    if (existing.parameters !== parameters) throw mismatch()
    return existing
  }
  const before = merchant.refundsOf(order.outTradeNo)
  checkRefund({ platform, merchant, order, before, amount, total })
  const made: Refund = {
    refundId: newRefundId(platform.schedule.now()),
    outRefundNo,
    outTradeNo: order.outTradeNo,
    transactionId: order.payment!.transactionId,
    parameters,
    refund: amount,
    total,
    ...payerShares(order, before, amount),
    ...(reason !== undefined && { reason }),
    ...(notifyUrl !== undefined && { notifyUrl }),
    status: 'PROCESSING',
    outcome: null,
    due: null,
    createdAt: platform.schedule.now(),
  }
  const { balance, refundOutcome } = merchant.settings
  if (balance !== null) merchant.change({ balance: balance - amount })
  const outcome = refundOutcome === 'PROCESSING' ? null : refundOutcome
  decideRefund(platform, merchant, made, outcome, platform.rules.refundJobMs)
  return made
}

const mismatch = (): PayError =>
  new PayError('INVALID_REQUEST', { message: '订单金额或退款金额与之前请求不一致，请核实后再试' })

function orderOf(merchant: Merchant, fields: Fields): Order {
  const transactionId = fields.text('/transaction_id', { most: 32 })
  const outTradeNo = fields.text('/out_trade_no', outTradeNoRule)
  if ((transactionId === undefined) === (outTradeNo === undefined))
    throw fields.wrong('/transaction_id', '微信支付订单号与商户订单号必须二选一')
  const order =
    transactionId === undefined
      ? merchant.orders.get(outTradeNo!)
      : merchant.orderOfTransaction(transactionId)
  if (!order) throw new PayError('RESOURCE_NOT_EXISTS', { message: '订单不存在' })
  return order
}

interface RefundCheck extends Pick<CallRequest, 'platform' | 'merchant'> {
  order: Order
  before: Refund[]
  amount: number
  total: number
}

function checkRefund({ platform, merchant, order, before, amount, total }: RefundCheck): void {
  const { refundDays, refundsPerOrder, refundGapSeconds } = platform.rules
  if (!order.payment) throw new PayError('TRADE_ERROR', { message: '订单未支付，不能退款' })
  if (total !== order.total) throw mismatch()
  const now = platform.schedule.now()
  if (now - order.payment.at > refundDays * 86_400_000) throw new PayError('TRADE_OVERDUE')
  const standing = before.filter(one => one.status !== 'CLOSED')
  const left = total - standing.reduce((sum, one) => sum + one.refund, 0)
  if (amount > left)
    throw new PayError('INVALID_REQUEST', { message: '累计退款金额大于订单金额，请核实后再试' })
  if (standing.length >= refundsPerOrder)
    throw new PayError('INVALID_REQUEST', { message: '部分退款次数超过限制' })
  const last = before.at(-1)
  if (last && now - last.createdAt < refundGapSeconds * 1000)
    throw new PayError('FREQUENCY_LIMITED', { message: '该订单退款过于频繁，请一分钟后再试' })
  const { balance } = merchant.settings
  if (balance !== null && balance < amount) throw new PayError('NOT_ENOUGH')
}

/** What of it the payer gets; the last refund brings what rounding left over. */
function payerShares(
  order: Order,
  before: Refund[],
  amount: number,
): Pick<Refund, 'payerTotal' | 'payerRefund'> {
  const payerTotal = order.total - (order.payment?.coupon ?? 0)
  const standing = before.filter(one => one.status !== 'CLOSED')
  const refunded = standing.reduce((sum, one) => sum + one.refund, 0)
  const returned = standing.reduce((sum, one) => sum + one.payerRefund, 0)
  const isLast = refunded + amount === order.total
  return {
    payerTotal,
    payerRefund: isLast ? payerTotal - returned : Math.round((payerTotal * amount) / order.total),
  }
}

function byNumber({ merchant, params }: CallRequest): Refund {
  const fields = new Fields({ out_refund_no: params['number'] }, 'url')
  const found = merchant.refunds.get(fields.requiredText('/out_refund_no', outRefundNoRule))
  if (!found) throw new PayError('RESOURCE_NOT_EXISTS', { message: '退款单不存在' })
  return found
}

/** 异常退款: pays an ABNORMAL refund to another bank card, or back to the merchant. */
function applyAbnormal({ platform, merchant, body, params, named }: CallRequest): Refund {
  const fields = new Fields(body)
  if (platform.rules.refuseUnknownFields)
    fields.only(['/out_refund_no', '/type', '/bank_type', '/bank_account', '/real_name'])
  const outRefundNo = fields.requiredText('/out_refund_no', outRefundNoRule)
  const type = fields.oneOf('/type', ['USER_BANK_CARD', 'MERCHANT_BANK_CARD'])
  if (type === undefined) throw fields.wrong('/type', '输入源缺少必填字段')
  if (type === 'USER_BANK_CARD') {
    fields.requiredText('/bank_type', { most: 16 })
    for (const pointer of ['/bank_account', '/real_name']) checkSecret(fields, pointer, named)
  }
  const found = merchant.refunds.get(outRefundNo)
  if (!found || found.refundId !== params['id'])
    throw new PayError('RESOURCE_NOT_EXISTS', { message: '退款单不存在' })
  if (found.status !== 'ABNORMAL')
    throw new PayError('INVALID_REQUEST', { message: '退款单状态不是退款异常，不能发起异常退款' })
  decideRefund(platform, merchant, found, 'SUCCESS', platform.rules.refundJobMs)
  return found
}
