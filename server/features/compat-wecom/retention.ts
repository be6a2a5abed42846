import type { Retention } from '../../platform/storage/retention.ts'
import { pruneSecrets } from './secrets/secret-store.ts'

export const compatRetention: readonly Retention[] = [
  // As long as that of devSecrets.
  {
    table: 'compat_secret',
    keptDays: 400,
    countedFrom: 'the revocation; secrets that are not revoked stay',
    prune: pruneSecrets,
  },
]
