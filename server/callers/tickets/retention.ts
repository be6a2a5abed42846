import type { Retention } from '../../platform/storage/retention.ts'
import { pruneTickets } from './ticket-store.ts'

export const ticketRetention: readonly Retention[] = [
  { table: 'ticket', keptDays: 7, countedFrom: 'its end', prune: pruneTickets },
]
