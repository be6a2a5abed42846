import type { Retention } from '../../platform/storage/retention.ts'
import { pruneConsents } from './consent-store.ts'
import { pruneLogouts } from './logouts/store.ts'
import { pruneAppSessions } from './session-store.ts'

export const appSignInRetention: readonly Retention[] = [
  { table: 'corp_sign_in', isBounded: true, because: 'one row per corp' },
  { table: 'app_sign_in', isBounded: true, because: 'one row per app' },
  { table: 'app_consent', keptDays: 400, countedFrom: 'when it was withdrawn', prune: pruneConsents },
  // Longer than the longest session, which lasts 30 days.
  { table: 'app_session', keptDays: 40, countedFrom: 'the sign-in', prune: pruneAppSessions },
  { table: 'app_logout', keptDays: 30, countedFrom: 'the end of the session', prune: pruneLogouts },
]
