import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRemovals } from './removal/removal-store.ts'

export const lifecycleRetention: readonly Retention[] = [
  { table: 'corp_export', isBounded: true, because: 'one row per corp' },
  {
    table: 'corp_removal',
    keptDays: 1095,
    countedFrom: 'when the corp was deleted whole',
    prune: pruneRemovals,
  },
]

export const lifecyclePersonal: readonly PersonalTable[] = [
  {
    table: 'corp_export',
    what: { zh: '企业由谁导出', en: 'who exported the corp' },
    why: 'administration',
    columns: { exported_by: 'userId' },
    erased: 'acts',
  },
  {
    table: 'corp_removal',
    what: { zh: '企业由谁删除', en: 'who deleted the corp' },
    why: 'administration',
    columns: { begun_by: 'userId' },
    erased: 'acts',
  },
]
