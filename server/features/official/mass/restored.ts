import type { Db } from '../../../platform/storage/db.ts'
import { settleRestored } from './part-store.ts'

/**
 * What was due when a backup was made has most likely been sent since. Sending it automatically could deliver it twice, so a
 * person decides.
 */
export function settleRestoredMasses(db: Db, at: Date): Promise<void> {
  return settleRestored(db, { code: 'interrupted' }, at)
}
