import type { Retention } from '../../platform/storage/retention.ts'
import { pruneUse } from './store.ts'

export const limitRetention: readonly Retention[] = [
  { table: 'call_use', keptDays: 400, countedFrom: 'the day', prune: pruneUse },
]
