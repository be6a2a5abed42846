import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const compatPersonal: readonly PersonalTable[] = [
  {
    table: 'compat_secret',
    what: { zh: '兼容密钥由谁创建', en: 'who made compat secrets' },
    why: 'administration',
    columns: { created_by: 'member' },
    erased: 'numbers',
  },
]
