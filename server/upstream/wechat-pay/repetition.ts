/**
 * A call of WeChat Pay is repeated with the identical body, or not at all. A refund without a clear answer is asked for first.
 * Only what WeChat Pay signed counts. Certificates and public key are valid at once, by the serial in the header. Refusals are
 * not signed, so what they say about an order is asked for again. Calls, sends, channels and doctors take the temporary error
 * codes from this file, upstream/official/passing.ts, upstream/wecom/passing.ts and the vendor's file in upstream/sms/.
 */

import { codes } from './codes.ts'
import { PayError, PayUnavailable, type PayUnavailableReason } from './errors.ts'

/** Whether a call is made again with the same parameters, and where. */
export type Repetition = 'never' | 'same-host' | 'other-host' | 'slower'

const hopeless = new Set<PayUnavailableReason>(['clock', 'decryption', 'size'])

/** What the code says goes before what its status says (docs/upstream/wechat-pay-calls.md#errors). */
export function repetitionAfter(error: unknown): Repetition {
  if (error instanceof PayUnavailable) {
    if (hopeless.has(error.reason)) return 'never'
    return error.reason === 'network' || error.reason === 'timeout' ? 'other-host' : 'same-host'
  }
  if (!(error instanceof PayError)) return 'never'
  const next = codes[error.code]?.next
  if (next === 'slower' || error.status === 429) return 'slower'
  return next === 'repeat' || error.status >= 500 ? 'other-host' : 'never'
}

/** Whether WeChat Pay may have acted although it did not say so. */
export function isUnclear(error: unknown): boolean {
  return repetitionAfter(error) !== 'never' || error instanceof PayUnavailable
}

/** The answer that there is no such order, refund or certificate. */
export function isAbsent(error: unknown): boolean {
  return (
    error instanceof PayError && (error.code === 'ORDER_NOT_EXIST' || error.code === 'RESOURCE_NOT_EXISTS')
  )
}
