import type { Db } from '../storage/db.ts'

/**
 * Ends sessions, tickets and the like of members who may no longer act: disabled, quit or gone from the address book. It runs
 * in the transaction that records this, so that nothing comes back to life when WeCom enables a member again.
 */
export type AccessEnd = (tx: Db, corpId: string, memberIds: readonly number[], at: Date) => Promise<void>
