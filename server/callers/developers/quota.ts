import { overQuota } from '../../organisation/corps/quotas/quotas.ts'
import { lockCorp } from '../../organisation/corps/store.ts'
import type { Db } from '../../platform/storage/db.ts'
import { countDevelopers } from './store.ts'

/** Whether the corp may have one more developer that is enabled; the corp's row is locked until the transaction ends. Throws 1000. */
export async function checkRoom(tx: Db, corpId: string): Promise<void> {
  const quota = (await lockCorp(tx, corpId))?.quotas.developers
  if (quota === undefined) return
  const used = (await countDevelopers(tx, [corpId])).get(corpId) ?? 0
  if (used >= quota) throw overQuota('developers', quota)
}
