import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRefusals } from './store.ts'

export const refusalDays = 30

export const refusalRetention: readonly Retention[] = [
  { table: 'refusal', keptDays: refusalDays, countedFrom: 'the refusal', prune: pruneRefusals },
]
