import { record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import { ApiError } from '../../http/errors.ts'
import type { Queue } from '../../queue/queue.ts'
import { enqueue } from '../../queue/queue-store.ts'
import * as records from './fate-store.ts'
import { findOfCorp } from './status.ts'

/**
 * Sends again to those whom the message did not reach, or may not have reached, because a person decided so. Returns
 * the number of receivers. Throws 1000 for a message that was recalled.
 */
export async function resend(
  ctx: Core & { queue: Queue },
  actor: string,
  corpId: string,
  msgId: string,
): Promise<{ receivers: number }> {
  const message = await findOfCorp(ctx, corpId, msgId)
  if (message.recalledAt)
    throw new ApiError('badParameter', {
      zh: '这条消息已撤回或从未被接受，不能重发',
      en: 'this message was recalled or never accepted, and cannot be sent again',
    })
  const receivers = await ctx.db.transaction().execute(async tx => {
    const count = await records.reopenFailed(tx, msgId, new Date(ctx.now()))
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'message.resend',
      target: msgId,
      detail: { receivers: count },
    })
    await enqueue(tx, [{ corpId, stream: 'messages', key: message.channel }], new Date(ctx.now()))
    return count
  })
  ctx.queue.kick(corpId)
  return { receivers }
}
