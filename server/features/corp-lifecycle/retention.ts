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
