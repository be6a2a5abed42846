import type { Db } from '../../../platform/storage/db.ts'
import { eraseDataReads } from './data-read-store.ts'

/** Takes away whose data were read; how many people's, by whom and which fields stay. */
export async function blankDataReads(tx: Db, corpId: string, ids: readonly number[]): Promise<void> {
  await eraseDataReads(tx, corpId, ids)
}
