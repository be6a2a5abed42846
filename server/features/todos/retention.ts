import type { Retention } from '../../platform/storage/retention.ts'
import { pruneBadges } from './badge-store.ts'
import { pruneTodos } from './store.ts'

export const todoRetention: readonly Retention[] = [
  { table: 'todo', keptDays: 730, countedFrom: 'its end or last change', prune: pruneTodos },
  { table: 'app_badge', keptDays: 400, countedFrom: 'when it was last set', prune: pruneBadges },
]
