import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'

/**
 * Ends sessions, tickets and the like of members who may no longer act: disabled, quit or gone from the address book. It runs
 * in the transaction that records this, so that nothing comes back to life when WeCom enables a member again.
 */
export type AccessEnd = (tx: Db, corpId: string, memberIds: readonly number[], at: Date) => Promise<void>

/** Takes away what refers to departments that were deleted, in the transaction that deletes them: WeCom may give their ids again. */
export type DepartmentsEnd = (
  tx: Db,
  ctx: Pick<Core, 'now'>,
  corpId: string,
  departmentIds: readonly number[],
) => Promise<void>

/** Follows members who are new in the address book, in the transaction that records them. Some may have been there before. */
export type Arrival<C> = (
  ctx: C,
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
) => Promise<void>
