import type { Retention } from '../../platform/storage/retention.ts'

export const signInRetention: readonly Retention[] = [
  { table: 'admin_account', isBounded: true, because: 'the local accounts' },
  { table: 'old_password', isBounded: true, because: 'at most 24 of an account' },
  { table: 'recovery_code', isBounded: true, because: 'at most ten of an account' },
  { table: 'sign_in_setting', isBounded: true, because: 'one row per corp' },
  { table: 'sms_code_failure', isBounded: true, because: 'one row per corp' },
  // They go with the member's row, and when the member leaves.
  { table: 'member_factor', goesWith: 'member' },
  { table: 'member_recovery_code', goesWith: 'member' },
  { table: 'passkey', goesWith: 'member' },
]
