import type { FileReference } from '../storage/file-reference.ts'
import type { Retention } from '../storage/retention.ts'
import { pruneFiles } from './store.ts'

/** A day, for a form that is filled slowly: its file is there before the row that refers to it. */
export function filesRetention(references: readonly FileReference[]): readonly Retention[] {
  return [{ table: 'stored_file', keptDays: 1, prune: (db, order) => pruneFiles(db, references, order) }]
}
