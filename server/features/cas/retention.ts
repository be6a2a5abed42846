import type { Retention } from '../../platform/storage/retention.ts'
import { pruneTickets } from './ticket-store.ts'

export const casRetention: readonly Retention[] = [
  { table: 'cas_ticket', keptDays: 1, countedFrom: 'its end', prune: pruneTickets },
  { table: 'cas_import', isBounded: true, because: 'one row per app' },
]
