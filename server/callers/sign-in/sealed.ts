import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const totpPurpose = 'admin_account.totp_secret'

export const signInSealed: readonly SealedColumn[] = [
  { table: 'admin_account', key: ['name'], column: 'totp_secret', purpose: totpPurpose },
]
