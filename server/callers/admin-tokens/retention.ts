import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneTokens } from './token-store.ts'

export const adminTokenRetention: readonly Retention[] = [
  // As long as the audit log names them.
  {
    table: 'admin_token',
    keptDays: 400,
    countedFrom: 'its end: it expired or was revoked',
    prune: pruneTokens,
  },
]

export const adminTokenPersonal: readonly PersonalTable[] = [
  {
    table: 'admin_token',
    what: { zh: '管理令牌', en: 'admin tokens' },
    why: 'administration',
    columns: { member_id: 'member', name: 'text' },
    shown: ['scopes'],
    erased: 'goes',
  },
]
