import type { Retention } from '../../platform/storage/retention.ts'
import { pruneAlerts } from './store.ts'

/** Counted from the end; what is open stays. */
export const alertRetention: readonly Retention[] = [{ table: 'alert', keptDays: 90, prune: pruneAlerts }]
