import { pruneTickets } from '../../callers/tickets/ticket-store.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneSessions } from './store.ts'

export const peopleRetention: readonly Retention[] = [
  { table: 'admin_account', isBounded: true, because: 'the local accounts' },
  { table: 'recovery_code', isBounded: true, because: 'at most ten of an account' },
  { table: 'member_role', isBounded: true, because: 'one row per administrator' },
  { table: 'role_department', isBounded: true, because: 'what a graded administrator is given' },
  { table: 'session', keptDays: 7, prune: pruneSessions },
  { table: 'ticket', keptDays: 7, prune: pruneTickets },
]
