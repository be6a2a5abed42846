import { randomUUID } from 'node:crypto'
import { seal, sealV2 } from '../crypto/seal.ts'
import { nonceOf } from '../crypto/sign.ts'
import { orderAnswer } from '../state/answers.ts'
import type { Merchant } from '../state/merchant.ts'
import type { Notification, PayEvent } from '../state/notification.ts'
import type { Order, Refund } from '../state/order.ts'
import { chinaTime } from '../state/times.ts'

const summaries: Readonly<Record<PayEvent, string>> = {
  'TRANSACTION.SUCCESS': '支付成功',
  'REFUND.SUCCESS': '退款成功',
  'REFUND.ABNORMAL': '退款异常',
  'REFUND.CLOSED': '退款关闭',
}

type NewNotification = Pick<
  Notification,
  'id' | 'event' | 'url' | 'outTradeNo' | 'outRefundNo' | 'plaintext' | 'kind'
>

/** What tells of a payment. */
export const aboutPayment = (merchant: Merchant, order: Order, now: number): NewNotification => ({
  id: randomUUID(),
  event: 'TRANSACTION.SUCCESS',
  url: order.notifyUrl,
  outTradeNo: order.outTradeNo,
  plaintext: JSON.stringify(orderAnswer(merchant, order, now)),
  kind: 'v3',
})

/** What tells of a refund's end; undefined when nobody is told. */
export function aboutRefund(merchant: Merchant, refund: Refund): NewNotification | undefined {
  const { outTradeNo, outRefundNo, notifyUrl } = refund
  const { refundNoticeUrl } = merchant.settings
  if (refund.status === 'PROCESSING') return undefined
  const about = {
    id: randomUUID(),
    event: `REFUND.${refund.status}` as const,
    outTradeNo,
    outRefundNo,
  }
  if (notifyUrl !== undefined)
    return { ...about, url: notifyUrl, plaintext: JSON.stringify(refundTold(merchant, refund)), kind: 'v3' }
  if (refundNoticeUrl === null) return undefined
  return { ...about, url: refundNoticeUrl, plaintext: refundXml(refund), kind: 'v2' }
}

/**
 * In a notification the state is called refund_status, in answers status
 * (docs/upstream/wechat-pay-refunds.md#notification-of-a-refund).
 */
const refundTold = (merchant: Merchant, refund: Refund): object => ({
  mchid: merchant.mchId,
  transaction_id: refund.transactionId,
  out_trade_no: refund.outTradeNo,
  refund_id: refund.refundId,
  out_refund_no: refund.outRefundNo,
  refund_status: refund.status,
  ...(refund.successAt !== undefined && { success_time: chinaTime(refund.successAt) }),
  user_received_account: '支付用户零钱',
  amount: {
    total: refund.total,
    refund: refund.refund,
    payer_total: refund.payerTotal,
    payer_refund: refund.payerRefund,
  },
})

const element = (name: string, value: string | number): string => `<${name}><![CDATA[${value}]]></${name}>`

function refundXml(refund: Refund): string {
  const status = { SUCCESS: 'SUCCESS', ABNORMAL: 'CHANGE', CLOSED: 'REFUNDCLOSE', PROCESSING: '' }
  const fields = {
    out_refund_no: refund.outRefundNo,
    out_trade_no: refund.outTradeNo,
    refund_account: 'REFUND_SOURCE_RECHARGE_FUNDS',
    refund_fee: refund.refund,
    refund_id: refund.refundId,
    refund_recv_accout: '支付用户零钱',
    refund_request_source: 'API',
    refund_status: status[refund.status],
    settlement_refund_fee: refund.refund,
    settlement_total_fee: refund.total,
    ...(refund.successAt !== undefined && {
      success_time: chinaTime(refund.successAt).slice(0, 19).replace('T', ' '),
    }),
    total_fee: refund.total,
    transaction_id: refund.transactionId,
  }
  const inner = Object.entries(fields).map(([name, value]) => element(name, value))
  return `<root>${inner.join('')}</root>`
}

/** The body of a notification, with another nonce each time. */
export function bodyOf(merchant: Merchant, notification: Notification): string {
  const { id, event, plaintext, createdAt, kind } = notification
  if (kind === 'v2') return noticeXml(merchant, plaintext)
  const type = event.startsWith('REFUND') ? 'refund' : 'transaction'
  return JSON.stringify({
    id,
    create_time: chinaTime(createdAt),
    resource_type: 'encrypt-resource',
    event_type: event,
    summary: summaries[event],
    resource: { original_type: type, ...seal(merchant.settings.apiV3Key ?? '', plaintext, type) },
  })
}

/** The notice of API v2 around its encrypted part. */
export const noticeXml = (merchant: Merchant, plaintext: string): string =>
  `<xml>${element('return_code', 'SUCCESS')}${element('appid', merchant.settings.appIds[0] ?? '')}${element('mch_id', merchant.mchId)}${element('nonce_str', nonceOf(32))}${element('req_info', sealV2(merchant.keys.v2Key, plaintext))}</xml>`

/** The notice that would come instead, when a fault makes one of API v2 of a refund. */
export const refundNotice = (merchant: Merchant, outRefundNo: string): string =>
  noticeXml(merchant, refundXml(merchant.refunds.get(outRefundNo)!))
