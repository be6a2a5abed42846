import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneSessions } from './session-store.ts'

export const sessionRetention: readonly Retention[] = [
  {
    table: 'session',
    keptDays: 7,
    countedFrom: 'its absolute end, 12 hours after the sign-in, or up to 30 days within WeCom',
    prune: pruneSessions,
  },
]

export const sessionPersonal: readonly PersonalTable[] = [
  {
    table: 'session',
    what: { zh: '登录的设备', en: 'sessions' },
    why: 'signIn',
    columns: { member_id: 'member', address: 'text', user_agent: 'text' },
    erased: 'goes',
  },
]
