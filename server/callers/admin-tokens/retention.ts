import type { Retention } from '../../platform/storage/retention.ts'
import { pruneTokens } from './token-store.ts'

export const adminTokenRetention: readonly Retention[] = [
  // As long as the audit log names them.
  {
    table: 'admin_token',
    keptDays: 400,
    countedFrom: 'its end: expired, or ended by somebody',
    prune: pruneTokens,
  },
]
