import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const keyPurpose = 'oidc_key.jwk'
export const recordPurpose = 'oidc_record.sealed'

export const oidcSealed: readonly SealedColumn[] = [
  { table: 'oidc_key', key: ['corp_id', 'kid'], column: 'jwk', purpose: keyPurpose },
  { table: 'oidc_record', key: ['corp_id', 'kind', 'id'], column: 'sealed', purpose: recordPurpose },
]
