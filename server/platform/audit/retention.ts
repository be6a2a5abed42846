import type { PersonalTable } from '../storage/personal/personal-table.ts'
import type { Retention } from '../storage/retention.ts'
import { pruneAudit } from './store.ts'

/** Longer than a year, so that the same time last year can be compared. */
export const auditDays = 400

export const auditRetention: readonly Retention[] = [
  { table: 'audit', keptDays: auditDays, countedFrom: 'the act', prune: pruneAudit },
  { table: 'audit_repetition', goesWith: 'audit' },
]

export const auditPersonal: readonly PersonalTable[] = [
  {
    table: 'audit',
    what: { zh: '操作记录', en: 'acts' },
    why: 'security',
    columns: {
      actor: 'userId',
      actor_name: 'text',
      target: 'userId',
      target_name: 'text',
      address: 'text',
      detail: 'quoted',
    },
    shown: ['act'],
    erased: 'acts',
  },
]
