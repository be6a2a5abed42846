import type { Retention } from '../../platform/storage/retention.ts'
import { pruneCredentials } from './credential-store.ts'

export const upstreamRetention: readonly Retention[] = [
  // Counted from the credential's expiry. This removes those of agents and accounts that nobody uses any more.
  { table: 'upstream_credential', keptDays: 7, countedFrom: "the token's end", prune: pruneCredentials },
]
