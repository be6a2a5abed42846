import { record } from '../../../platform/audit/audit.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { dropLinks, dropRequests } from './store.ts'

/** Ends all links of members who left or were disabled, in the transaction that says so. */
export async function endLinks(
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
): Promise<void> {
  await dropRequests(tx, corpId, memberIds)
  for (const { originalId, openid, memberId } of await dropLinks(tx, corpId, memberIds)) {
    const entry = { corpId, actor: 'wisp', act: 'official.unlink' as const, target: originalId }
    await record(tx, { now: () => at.getTime() }, { ...entry, detail: { openid, memberId } })
  }
}
