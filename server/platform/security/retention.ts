import type { PersonalTable } from '../storage/personal/personal-table.ts'
import type { Retention } from '../storage/retention.ts'
import { pruneCounters } from './counter-store.ts'

export const securityRetention: readonly Retention[] = [
  { table: 'setting', isBounded: true, because: 'the facts of the installation, and one diagnosis per corp' },
  // Counted from the end of the counter's window, which lasts a day at most.
  { table: 'attempt_counter', keptDays: 1, countedFrom: 'the end of its window', prune: pruneCounters },
]

export const securityPersonal: readonly PersonalTable[] = [
  {
    table: 'attempt_counter',
    what: { zh: '尝试次数', en: 'attempts' },
    why: 'security',
    columns: { subject: 'userId' },
    erased: 'short',
  },
]
