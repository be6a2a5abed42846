import type { Db } from '../../../../platform/storage/db.ts'
import { deleteEndedPlaces } from '../store.ts'

/** Whose time was up between a backup and its restore has most likely been told. */
export function forgetEndedFlows(db: Db, at: Date): Promise<void> {
  return deleteEndedPlaces(db, at)
}
