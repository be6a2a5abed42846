import type { Db } from '../../platform/storage/db.ts'

/** Ends what gives these members access: their sessions, their tickets, what else is theirs. */
export type AccessEnd = (tx: Db, corpId: string, memberIds: readonly number[], at: Date) => Promise<void>

export type AccessEnds = { accessEnds: readonly AccessEnd[] }

/**
 * Ends all access of members who may no longer act: disabled, quit or gone from the address book. It belongs to the transaction that
 * says so of them, so that nothing comes back to life when WeCom enables a member again.
 */
export async function endAccess(
  { accessEnds }: AccessEnds,
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
): Promise<void> {
  if (memberIds.length === 0) return
  for (const end of accessEnds) await end(tx, corpId, memberIds, at)
}
