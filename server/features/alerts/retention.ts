import type { Retention } from '../../platform/storage/retention.ts'
import { pruneAlerts } from './store.ts'

/** Counted from the end of an alert; open ones stay. */
export const alertRetention: readonly Retention[] = [
  { table: 'alert', keptDays: 90, countedFrom: 'its end; what is open stays', prune: pruneAlerts },
]
