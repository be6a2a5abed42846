import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneTickets } from './ticket-store.ts'

export const ticketRetention: readonly Retention[] = [
  { table: 'ticket', keptDays: 7, countedFrom: 'its end', prune: pruneTickets },
]

export const ticketPersonal: readonly PersonalTable[] = [
  {
    table: 'ticket',
    what: { zh: '打开应用的票据', en: 'tickets for apps' },
    why: 'apps',
    given: ['apps'],
    columns: { member_id: 'member' },
    shown: ['app_id'],
    erased: 'goes',
  },
]
