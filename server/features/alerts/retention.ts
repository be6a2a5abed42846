import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneAlerts } from './store.ts'

/** Counted from the end of an alert; open ones stay. */
export const alertRetention: readonly Retention[] = [
  { table: 'alert', keptDays: 90, countedFrom: 'its end; what is open stays', prune: pruneAlerts },
]

export const alertPersonal: readonly PersonalTable[] = [
  {
    table: 'alert',
    what: { zh: '提醒由谁处理', en: 'who acknowledged alerts' },
    why: 'administration',
    columns: { acknowledged_by: 'userId', detail: 'quoted' },
    shown: ['cause'],
    erased: 'acts',
  },
]
