import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneSignIns } from './store.ts'

/** More than the 180 days for which such logs must be kept. */
export const signInLogDays = 400

export const signInLogRetention: readonly Retention[] = [
  {
    table: 'sign_in_log',
    keptDays: signInLogDays,
    countedFrom: 'the sign-in or the refusal',
    prune: pruneSignIns,
  },
]

export const signInLogPersonal: readonly PersonalTable[] = [
  {
    table: 'sign_in_log',
    what: { zh: '登录记录', en: 'sign-ins' },
    why: 'security',
    columns: {
      member_id: 'member',
      user_id: 'userId',
      user_name: 'text',
      address: 'text',
      user_agent: 'text',
      released: 'text',
      detail: 'text',
    },
    shown: ['app_name', 'way', 'reason'],
    erased: 'signIns',
  },
]
