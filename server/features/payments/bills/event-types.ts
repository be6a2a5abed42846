import type { EventTypes } from '../../../platform/manifest/event-type.ts'
import { billSchema, sampleBill } from './bill-schema.ts'

const scope = 'pay:read'
const data = billSchema

/** What becomes of the bills that a developer made. */
export const billEvents = {
  'bill.paid': {
    title: { zh: '账单已付款', en: 'A bill was paid' },
    when: { zh: '微信支付确认收到付款时', en: 'When WeChat Pay has confirmed the payment' },
    scope,
    data,
    sample: sampleBill,
  },
  'bill.closed': {
    title: { zh: '账单已关闭', en: 'A bill was closed' },
    when: { zh: '待付款的账单被关闭时', en: 'When a bill that was not paid is closed' },
    scope,
    data,
    sample: {
      ...sampleBill,
      state: 'closed',
      transactionId: '',
      paidAt: '',
      closedAt: '2026-11-26T02:00:00.000Z',
    },
  },
  'bill.refunded': {
    title: { zh: '退款成功', en: 'A refund succeeded' },
    when: {
      zh: '微信支付确认退款时；refunded 是至今退款的总额',
      en: 'When WeChat Pay has confirmed a refund; refunded is the sum so far',
    },
    scope,
    data,
    sample: { ...sampleBill, refunded: 2000 },
  },
  'bill.refund_failed': {
    title: { zh: '退款失败', en: 'A refund failed' },
    when: {
      zh: '微信支付关闭退款，或退款异常、需要人处理时',
      en: 'When WeChat Pay closed a refund, or it is abnormal and needs a person',
    },
    scope,
    data,
    sample: sampleBill,
  },
} as const satisfies EventTypes
