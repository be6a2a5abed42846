import type { Db } from '../../storage/db.ts'
import { keptReason } from '../fate/telling.ts'
import type { CommonReason } from '../reason.ts'

const restored: CommonReason = { code: 'restored' }

/**
 * What was waiting when a backup was made has most likely been sent since. Sending it automatically could deliver it
 * twice, so a person decides (resend).
 */
export async function settleRestored(db: Db, at: Date): Promise<void> {
  await db
    .updateTable('message_part')
    .set({ state: 'unknown', reason: keptReason(restored), finished_at: at })
    .where('state', 'in', ['waiting', 'sending', 'asking'])
    .execute()
  await db.updateTable('message').set({ expanded_to: null }).where('expanded_to', 'is not', null).execute()
}
