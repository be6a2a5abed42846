import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import type { Merchants } from './merchants/merchants.ts'
import { handleNotifications } from './notifications/process-notifications.ts'
import { handleOrderPolls } from './orders/poll-orders.ts'
import { handleReconciliation } from './reconciliation/days.ts'
import { handleRefundPolls } from './refunds/poll-refunds.ts'

/** Handles what is due for merchants: notifications, questions about orders and refunds, and the bills of past days. */
export function handlePayments(ctx: Core & { corps: Corps; merchants: Merchants; queue: Queue }): void {
  handleNotifications(ctx)
  handleOrderPolls(ctx)
  handleRefundPolls(ctx)
  handleReconciliation(ctx)
}
