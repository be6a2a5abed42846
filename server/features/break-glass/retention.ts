import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneBreakGlasses } from './store.ts'

export const breakGlassRetention: readonly Retention[] = [
  { table: 'break_glass', keptDays: 400, countedFrom: 'an auditor closed it', prune: pruneBreakGlasses },
]

export const breakGlassPersonal: readonly PersonalTable[] = [
  {
    table: 'break_glass',
    what: {
      zh: '谁关闭了应急执行，重置了谁的两步验证',
      en: 'who closed a break-glass, and whose second factor it reset',
    },
    why: 'security',
    columns: { closed_by: 'userId', reset_of: 'userId' },
    erased: 'names',
  },
]
