import type { Core } from '../../../platform/core.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'
import { tellResults } from '../fate/results-store.ts'
import { stopWaiting } from '../fate/stop-waiting.ts'
import { findMessages } from '../parts/store.ts'
import { cancelPartsTo } from '../plans/about-store.ts'
import { openFor } from './open-store.ts'

const reason: WaitingReason = { code: 'receiverGone' }

/** Cancels what still waits for somebody who left, each message in a transaction of its own, so that its developer is told why. */
export async function endWaitingFor(ctx: Core, corpId: string, memberId: number): Promise<void> {
  const open = await openFor(ctx.db, corpId, memberId)
  const messages = await findMessages(
    ctx.db,
    corpId,
    open.map(one => one.id),
  )
  for (const { id, userIds } of open) {
    const message = messages.get(id)
    if (!message) continue
    const at = new Date(ctx.now())
    await ctx.db.transaction().execute(async tx => {
      await stopWaiting(tx, message, reason, { userIds, receivers: message.receivers }, at)
      const parts = await cancelPartsTo(tx, { corpId, ids: [id], userIds }, keptReason(reason), at)
      if (parts > 0) await tellResults(tx, [message], at)
    })
  }
}
