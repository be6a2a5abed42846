import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRecords } from './storage/record-store.ts'

export const oidcRetention: readonly Retention[] = [
  { table: 'oidc_key', isBounded: true, because: 'at most three of each algorithm for a corp' },
  { table: 'oidc_record', keptDays: 0, countedFrom: 'when it expired', prune: pruneRecords },
]

export const oidcPersonal: readonly PersonalTable[] = [
  {
    table: 'oidc_record',
    what: { zh: 'OpenID 的授权码与令牌', en: 'codes and tokens of OpenID Connect' },
    why: 'apps',
    given: ['apps'],
    columns: { payload: 'quoted' },
    erased: 'short',
  },
]
