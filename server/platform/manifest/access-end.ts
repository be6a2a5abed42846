import type { Db } from '../storage/db.ts'

/**
 * Ends what members may still do who may no longer act: disabled, quit or gone from the address book. It belongs to the transaction
 * that says so of them, so that nothing comes back to life when WeCom enables a member again.
 */
export type AccessEnd = (tx: Db, corpId: string, memberIds: readonly number[], at: Date) => Promise<void>
