import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneViews } from './views/view-store.ts'

export const overviewRetention: readonly Retention[] = [
  // Those of a person are deleted in the night after the person's row.
  { table: 'list_view', keptDays: 0, countedFrom: "when the person's row is gone", prune: pruneViews },
]

export const overviewPersonal: readonly PersonalTable[] = [
  {
    table: 'list_view',
    what: { zh: '列表的视图', en: 'views of lists' },
    why: 'preferences',
    columns: { owner: 'owner' },
    shown: ['list', 'name', 'query'],
    erased: 'rows',
  },
]
