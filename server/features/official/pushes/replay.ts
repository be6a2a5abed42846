import type { Core } from '../../../platform/core.ts'
import { countEvents } from '../../../platform/inbox/event-list-store.ts'
import { type Replaying, replayFiltered } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Account } from '../accounts/accounts.ts'

/**
 * Acts on pushes of an account once more. Nothing is answered or sent again, because what features make of a push is kept
 * under the push's id, or sets a state that what has happened since goes before.
 */
export function pushReplay(ctx: Core, actor: string, { corpId, originalId }: Account): Replaying {
  return {
    ...{ stream: 'official', corpId, actor, act: 'official.replay' },
    within: { account: originalId },
    wake: tx => enqueue(tx, [{ corpId, stream: 'official', key: originalId }], new Date(ctx.now())),
  }
}

/** All parked pushes of an account once more; returns how many. Throws 1000 for too many. */
export async function replayParked(
  ctx: Core & { queue: Queue },
  actor: string,
  account: Account,
): Promise<number> {
  const filter = { state: 'parked', account: account.originalId } as const
  const { total, lastId } = await countEvents(ctx.db, account.corpId, 'official', filter)
  if (total === 0) return 0
  return replayFiltered(ctx, pushReplay(ctx, actor, account), { ...filter, upTo: lastId }, total)
}
