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
