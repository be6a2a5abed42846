import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const totpPurpose = 'admin_account.totp_secret'
export const firstPasswordPurpose = 'admin_account.first_password'
export const memberTotpPurpose = 'member_factor.totp_secret'

export const signInSealed: readonly SealedColumn[] = [
  { table: 'admin_account', key: ['name'], column: 'totp_secret', purpose: totpPurpose },
  { table: 'admin_account', key: ['name'], column: 'first_password', purpose: firstPasswordPurpose },
  {
    table: 'member_factor',
    key: ['corp_id', 'member_id'],
    column: 'totp_secret',
    purpose: memberTotpPurpose,
  },
]
