import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneTickets } from './ticket-store.ts'

export const casRetention: readonly Retention[] = [
  { table: 'cas_ticket', keptDays: 1, countedFrom: 'its end', prune: pruneTickets },
  { table: 'cas_import', isBounded: true, because: 'one row per app' },
]

export const casPersonal: readonly PersonalTable[] = [
  {
    table: 'cas_ticket',
    what: { zh: 'CAS 票据', en: 'tickets of CAS' },
    why: 'apps',
    given: ['apps'],
    columns: { member_id: 'member' },
    shown: ['app_id', 'service'],
    erased: 'rows',
  },
]
