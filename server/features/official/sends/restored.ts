import type { Db } from '../../../platform/storage/db.ts'
import { settleRestored } from './store.ts'

/**
 * What was waiting when a backup was made has most likely been sent since. Sending it automatically could deliver it twice, so a
 * person decides.
 */
export function settleRestoredSends(db: Db, at: Date): Promise<void> {
  return settleRestored(db, { code: 'restored' }, at)
}
