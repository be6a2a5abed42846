import { describeError } from '../../operation/log.ts'
import type { ActiveTask, Queue } from '../../queue/queue.ts'
import { LeaseLost } from '../../queue/queue-store.ts'
import { refundPollMs } from '../orders/polls.ts'
import * as store from './refund-store.ts'
import { askAboutRefund, type RefundNeeds } from './send-refund.ts'

type Needs = RefundNeeds & { queue: Queue }

const atOnce = 4
/** Wait when the merchant was just connected on another node and this node has not read it yet. */
const unknownMerchantMs = 1000

/** Asks WeChat Pay about refunds that have not ended. Each merchant is a task of its own. */
export function handleRefundPolls(ctx: Needs): void {
  ctx.queue.handle({ name: 'pay-refund', atOnce: 8, work: held => pollRefunds(ctx, held) })
}

async function pollRefunds(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: mchId, signal } = held
  while (!signal.aborted) {
    if (!ctx.merchants.find(corpId, mchId)) return new Date(ctx.now() + unknownMerchantMs)
    const due = await store.dueRefunds(ctx.db, { corpId, mchId }, new Date(ctx.now()), atOnce)
    if (due.length === 0) return store.nextPollOfRefunds(ctx.db, { corpId, mchId })
    await Promise.all(due.map(refund => poll(ctx, held, refund)))
  }
  return undefined
}

async function poll(ctx: Needs, { lease }: ActiveTask, refund: store.Refund): Promise<void> {
  // First, so that a refund about which WeChat Pay does not answer is asked about at the same distances.
  await store.setNextRefundPoll(ctx.db, refund, new Date(ctx.now() + refundPollMs(refund.polls + 1)))
  try {
    await askAboutRefund(ctx, refund, lease)
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    ctx.log.warn({ outRefundNo: refund.outRefundNo, ...describeError(error) }, 'refund not polled')
  }
}
