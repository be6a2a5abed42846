import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { holdLease } from '../../../platform/queue/queue-store.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { stopWaiting } from '../fate/stop-waiting.ts'
import { findMessage } from '../parts/store.ts'
import { overdueHeld } from '../plans/held-store.ts'
import { lockPlan } from '../plans/plan-store.ts'
import type { WaitingNeeds } from './open-call.ts'

const dayMs = 86_400_000
const decideWithinDays = 7
const callsAtOnce = 50

/** Until when somebody may approve a send; it may be asked for long before its time. */
export function decideBy(dueAt: Date): Date {
  return new Date(dueAt.getTime() + decideWithinDays * dayMs)
}

/** Ends what waits for a person for too long, or has expired; false when nothing is. */
export async function endHeld(ctx: WaitingNeeds, held: ActiveTask): Promise<boolean> {
  const { corpId } = held
  const overdue = await overdueHeld(ctx.db, corpId, new Date(ctx.now()), callsAtOnce)
  for (const { messageId: id, state } of overdue) {
    const message = await findMessage(ctx.db, { corpId, id })
    if (!message) continue
    const isExpired = message.expiresAt !== null && message.expiresAt.getTime() <= ctx.now()
    const late: WaitingReason =
      state === 'approval' ? { code: 'notApproved', days: decideWithinDays } : { code: 'pausedTooLong' }
    const reason = isExpired ? ({ code: 'expired' } as const) : late
    await ctx.db.transaction().execute(async tx => {
      // Somebody approved or resumed it since it was read.
      if ((await lockPlan(tx, message))?.state !== state) return
      await stopWaiting(tx, message, reason, { receivers: message.receivers }, new Date(ctx.now()))
      await holdLease(tx, held.lease)
    })
  }
  return overdue.length > 0
}
