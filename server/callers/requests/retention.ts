import type { Retention } from '../../platform/storage/retention.ts'
import { pruneCalls, pruneGaps } from './store.ts'

export const requestRetention: readonly Retention[] = [
  // Each corp may set fewer days.
  { table: 'call_log', keptDays: 7, prune: pruneCalls },
  { table: 'call_gap', keptDays: 7, prune: pruneGaps },
]
