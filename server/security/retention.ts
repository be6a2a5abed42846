import type { Retention } from '../operation/retention.ts'
import { pruneCounters } from './counter-store.ts'
import { pruneCredentials } from './credential-store.ts'

export const securityRetention: readonly Retention[] = [
  { table: 'setting', isBounded: true, because: 'the facts of the installation, and one diagnosis per corp' },
  // Counted from the end of their window, a quarter of an hour at most.
  { table: 'attempt_counter', keptDays: 1, prune: pruneCounters },
  // Counted from their end: of agents and accounts that nobody asks for any more.
  { table: 'upstream_credential', keptDays: 7, prune: pruneCredentials },
]
