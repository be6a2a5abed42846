import { aboutRefund } from '../notify/content.ts'
import type { Notifier } from '../notify/notifier.ts'
import type { Merchant } from './merchant.ts'
import type { Refund } from './order.ts'
import type { Schedule } from './schedule.ts'

/** What a refund needs to happen later and to be told. */
interface Desk {
  schedule: Schedule
  notifier: Notifier
}

/** Keeps what was decided about a refund, which happens after a moment; null leaves it PROCESSING. */
export function decideRefund(
  desk: Desk,
  merchant: Merchant,
  refund: Refund,
  outcome: Refund['outcome'],
  delayMs: number,
): void {
  refund.outcome = outcome
  refund.due = outcome === null ? null : desk.schedule.now() + delayMs
  refund.status = 'PROCESSING'
  merchant.saveRefund(refund)
  plan(desk, merchant, refund)
}

/** Goes on with the refunds that were decided before the process ended. */
export function resumeRefunds(desk: Desk, merchant: Merchant): void {
  for (const refund of merchant.refunds.values()) plan(desk, merchant, refund)
}

/** The name of the job that ends a refund. */
export const refundJob = (merchant: Merchant, refund: Refund): string =>
  `refund ${merchant.mchId} ${refund.outRefundNo}`

function plan(desk: Desk, merchant: Merchant, refund: Refund): void {
  if (refund.due === null) return
  desk.schedule.at(refundJob(merchant, refund), refund.due, () => finish(desk, merchant, refund))
}

function finish(desk: Desk, merchant: Merchant, refund: Refund): void {
  const { outcome } = refund
  if (outcome === null) return
  refund.status = outcome
  refund.due = null
  if (outcome === 'SUCCESS') refund.successAt = desk.schedule.now()
  const { balance } = merchant.settings
  if (outcome === 'CLOSED' && balance !== null) merchant.change({ balance: balance + refund.refund })
  merchant.saveRefund(refund)
  const about = aboutRefund(merchant, refund)
  if (about) desk.notifier.tell(merchant, about)
}
