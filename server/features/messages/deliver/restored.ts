import type { Db } from '../../../platform/storage/db.ts'
import { keptReason } from '../fate/telling.ts'
import type { CommonReason } from '../reason.ts'
import { settleOpenParts } from '../store.ts'

const restored: CommonReason = { code: 'restored' }

/**
 * What was waiting when a backup was made has most likely been sent since. Sending it automatically could deliver it
 * twice, so a person decides (resend).
 */
export function settleRestored(db: Db, at: Date): Promise<void> {
  return settleOpenParts(db, keptReason(restored), at)
}
