import type { Db } from '../../../platform/storage/db.ts'
import * as store from './store.ts'

// What the room of a corp's lifecycle changes of the corp's row, in transactions of its own.

export function setSuspension(
  tx: Db,
  corpId: string,
  suspension: { at: Date | null; by: string; reason: string },
): Promise<void> {
  return store.writeSuspension(tx, corpId, suspension)
}

export function setRemoving(tx: Db, corpId: string, at: Date): Promise<void> {
  return store.writeRemoving(tx, corpId, at)
}
