import type { FileReference } from '../storage/file-reference.ts'
import type { PersonalTable } from '../storage/personal/personal-table.ts'
import type { Retention } from '../storage/retention.ts'
import { pruneFiles } from './store.ts'

/** A day, for a form that is filled slowly: its file is there before the row that refers to it. */
export function filesRetention(references: readonly FileReference[]): readonly Retention[] {
  return [
    {
      table: 'stored_file',
      keptDays: 1,
      countedFrom: 'when it was last given or referred to; what something refers to stays',
      prune: (db, order) => pruneFiles(db, references, order),
    },
  ]
}

export const filePersonal: readonly PersonalTable[] = [
  {
    table: 'stored_file',
    what: { zh: '文件', en: 'files' },
    why: 'messages',
    columns: { bytes: 'text' },
    erased: 'files',
  },
]
