import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const signInPersonal: readonly PersonalTable[] = [
  {
    table: 'member_factor',
    what: { zh: '身份验证器', en: 'authenticator' },
    why: 'signIn',
    columns: { member_id: 'member' },
    erased: 'goes',
  },
  {
    table: 'member_recovery_code',
    what: { zh: '恢复码', en: 'recovery codes' },
    why: 'signIn',
    columns: { member_id: 'member' },
    erased: 'goes',
  },
  {
    table: 'passkey',
    what: { zh: '通行密钥', en: 'passkeys' },
    why: 'signIn',
    columns: { member_id: 'member', name: 'text' },
    erased: 'goes',
  },
  {
    table: 'sms_code_failure',
    what: { zh: '短信验证码的故障', en: 'failures of SMS codes' },
    why: 'diagnosis',
    columns: { failure: 'quoted' },
    erased: 'short',
  },
]
