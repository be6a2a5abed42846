import type { Db } from '../storage/db.ts'

/** Follows members who are new in the address book, in the transaction that records them. Some may have been there before. */
export type Arrival<C> = (
  ctx: C,
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
) => Promise<void>
