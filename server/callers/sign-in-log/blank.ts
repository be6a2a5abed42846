import type { Db } from '../../platform/storage/db.ts'
import { eraseSignIns } from './store.ts'

/** Takes away who signed in and from where; when, by which way, to what and with which result stay. */
export async function blankSignIns(tx: Db, corpId: string, ids: readonly number[]): Promise<void> {
  await eraseSignIns(tx, corpId, ids)
}
