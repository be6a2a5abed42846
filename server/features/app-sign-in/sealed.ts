import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const clientSecretPurpose = 'app_sign_in.client_secret'

export const appSignInSealed: readonly SealedColumn[] = [
  { table: 'app_sign_in', key: ['app_id'], column: 'client_secret', purpose: clientSecretPurpose },
]
