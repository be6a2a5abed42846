import type { Core } from '../../core.ts'
import type { Replaying } from '../../inbox/replay.ts'
import { enqueue } from '../../queue/queue-store.ts'
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
