import type { Retention } from '../../platform/storage/retention.ts'

export const signInRetention: readonly Retention[] = [
  { table: 'admin_account', isBounded: true, because: 'the local accounts' },
  { table: 'recovery_code', isBounded: true, because: 'at most ten of an account' },
]
