import { keptDays } from '../../platform/deleted/deleted.ts'
import { pruneDeleted } from '../../platform/deleted/deleted-store.ts'
import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'

export const deletedRetention: readonly Retention[] = [
  { table: 'deleted_object', keptDays, countedFrom: 'when it was deleted', prune: pruneDeleted },
]

export const deletedPersonal: readonly PersonalTable[] = [
  {
    table: 'deleted_object',
    what: { zh: '由谁删除', en: 'who deleted things' },
    why: 'administration',
    columns: { deleted_by: 'userId', rows: 'text' },
    shown: ['kind', 'name'],
    erased: 'short',
  },
]
