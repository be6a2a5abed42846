/**
 * Something that is told to the merchant's server (docs/upstream/wechat-pay-notifications.md#answer-and-repeats), with what
 * became of it. Times in ms.
 */
export interface Notification {
  /** The same at each attempt; 36 characters. */
  id: string
  event: PayEvent
  url: string
  outTradeNo: string
  outRefundNo?: string
  /** What is encrypted, as JSON; at refund notices of API v2 the XML in clear. */
  plaintext: string
  /** `v2` is XML of API v2. */
  kind: 'v3' | 'v2'
  createdAt: number
  /** `dropped` by a fault; `none` without an APIv3 key. */
  state: 'waiting' | 'delivered' | 'failed' | 'dropped' | 'none'
  /** When it is tried next; null when it is not. */
  due: number | null
  /** How many attempts of the schedule were made; a fault's repeat is none of them. */
  tries: number
  attempts: Attempt[]
}

export type PayEvent = 'TRANSACTION.SUCCESS' | 'REFUND.SUCCESS' | 'REFUND.ABNORMAL' | 'REFUND.CLOSED'

export interface Attempt {
  at: string
  /** What answered; null without an answer. */
  status: number | null
  body: string
  ms: number
  /** Whose signature it bore. */
  serial: string
  /** The fault that it had. */
  fault?: string
  /** Why it counts as failed. */
  error?: string
}
