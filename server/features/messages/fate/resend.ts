import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { bearersOf, type MessageRow } from '../../channels/part.ts'
import { findMessages, unmarkRecalled } from '../parts/store.ts'
import { fallsBack } from '../plans/persons-store.ts'
import { isOpen, planOf } from '../plans/plan-store.ts'
import * as records from './fate-store.ts'
import { reopenFailed } from './reopen-store.ts'
import { findOfCorp } from './status.ts'

/**
 * Sends again to those whom the message did not reach, or may not have reached, because a person decided so. Returns
 * the number of receivers. A message that was refused as a whole (1008) is sent once its fault is mended. Throws 1000 for one
 * that was recalled, or that still waits.
 */
export async function resend(
  ctx: Core & { queue: Queue },
  actor: string,
  corpId: string,
  msgId: string,
): Promise<{ receivers: number }> {
  const message = await findOfCorp(ctx, corpId, msgId)
  if (isOpen(await planOf(ctx.db, message)))
    throw new ApiError('badParameter', {
      zh: told`消息 ${msgId} 还在等待发出，不能重发`,
      en: told`the message ${msgId} still waits to be sent and cannot be sent again`,
    })
  const bearers = [...(await findMessages(ctx.db, corpId, bearersOf(message))).values()]
  const receivers = await ctx.db.transaction().execute(async tx => {
    if (message.recalledAt) {
      if (!records.isRefusedWhole(await records.partsOf(tx, message)))
        throw new ApiError('badParameter', {
          zh: told`消息 ${msgId} 已撤回，不能重发；请作为新消息发送`,
          en: told`the message ${msgId} was recalled and cannot be sent again: send it as a new message`,
        })
      for (const one of [message, ...bearers]) await unmarkRecalled(tx, one)
    }
    let count = 0
    const at = new Date(ctx.now())
    if (await fallsBack(tx, message)) count = await reopenOnce(tx, message, bearers, at)
    else for (const one of bearers) count += (await reopenFailed(tx, one, at)).size
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'message.resend',
      target: msgId,
      detail: { receivers: count },
    })
    const channels = new Set(bearers.map(one => one.channel))
    const due = [...channels].map(key => ({ corpId, stream: 'messages' as const, key }))
    await enqueue(tx, due, new Date(ctx.now()))
    return count
  })
  ctx.queue.kick(corpId)
  return { receivers }
}

/** Where persons have several ways: those whom none reached, each by the last that was tried. */
async function reopenOnce(
  tx: Db,
  message: MessageRow,
  bearers: readonly MessageRow[],
  at: Date,
): Promise<number> {
  const lost = await records.lostOf(tx, message, message.receivers)
  const left = new Set(lost.map(one => one.userId))
  const byId = new Map(bearers.map(one => [one.id, one]))
  for (const id of bearersOf(message).toReversed()) {
    const bearer = byId.get(id)
    if (!bearer || left.size === 0) continue
    for (const userId of await reopenFailed(tx, bearer, at, left)) left.delete(userId)
  }
  return lost.length - left.size
}
