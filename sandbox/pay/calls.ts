import { billCalls } from './api/bill.ts'
import { certificateCalls } from './api/certificates.ts'
import { orderCalls } from './api/order.ts'
import { refundCalls } from './api/refund.ts'
import { transactionCalls } from './api/transaction.ts'
import type { Call } from './call.ts'

/** Every call of WeChat Pay that the sandbox answers. */
export const payCalls: readonly Call[] = [
  ...orderCalls,
  ...transactionCalls,
  ...refundCalls,
  ...certificateCalls,
  ...billCalls,
]
