import { endLinks } from '../../features/official/links/end-links.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import * as store from './store.ts'

/**
 * Ends the sessions, tickets and links to followers of members who may no longer act: disabled, quit or gone from the address book. It belongs
 * to the transaction that says so of them, so that nothing comes back to life when WeCom enables a member again.
 */
export async function endAccess(
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
  at: Date,
): Promise<void> {
  if (memberIds.length === 0) return
  for (const id of await store.endAccessOf(tx, corpId, memberIds, at)) await signal(tx, 'wisp_session', id)
  await endLinks(tx, corpId, memberIds, at)
}
