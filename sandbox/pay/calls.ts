import { orderCalls } from './api/order.ts'
import { transactionCalls } from './api/transaction.ts'
import type { Call } from './call.ts'

/** Every call of WeChat Pay that the sandbox answers. */
export const payCalls: readonly Call[] = [...orderCalls, ...transactionCalls]
