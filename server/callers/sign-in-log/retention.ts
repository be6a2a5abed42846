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
