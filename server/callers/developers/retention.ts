import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRequests } from './owners/request-store.ts'
import { pruneSecrets, pruneUsage } from './store.ts'
import { pruneCallDays } from './usage/call-day-store.ts'

export const developerRetention: readonly Retention[] = [
  { table: 'developer', isBounded: true, because: 'one row per developer' },
  // Counted from the revocation, since questions about the last use of a secret come soon after it.
  {
    table: 'developer_secret',
    keptDays: 400,
    countedFrom: 'the revocation; secrets that are not revoked stay',
    prune: pruneSecrets,
  },
  { table: 'developer_usage', keptDays: 400, countedFrom: 'the day', prune: pruneUsage },
  { table: 'corp_call_day', keptDays: 400, countedFrom: 'the day', prune: pruneCallDays },
  { table: 'developer_owner', isBounded: true, because: 'at most 20 per developer' },
  // What nobody has decided waits, at most 5 of a developer.
  {
    table: 'scope_request',
    keptDays: 400,
    countedFrom: 'the decision; what nobody has decided stays',
    prune: pruneRequests,
  },
]
