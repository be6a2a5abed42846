import type { Queue } from '../../../platform/queue/queue.ts'
import { refundPollMs } from '../polls/distances.ts'
import { handlePolls } from '../polls/poll.ts'
import { dueRefunds } from './refund-store.ts'
import { askAboutRefund, type RefundNeeds } from './send-refund.ts'

const atOnce = 4

export function handleRefundPolls(ctx: RefundNeeds & { queue: Queue }): void {
  handlePolls(ctx, 'pay_refund', async (merchant, lease) => {
    const due = await dueRefunds(ctx.db, merchant, new Date(ctx.now()), atOnce)
    return due.map(refund => {
      const { id, pollAt, outRefundNo, polls } = refund
      const next = new Date(ctx.now() + refundPollMs(polls + 1))
      return { id, pollAt, next, about: { outRefundNo }, ask: () => askAboutRefund(ctx, refund, lease) }
    })
  })
}
