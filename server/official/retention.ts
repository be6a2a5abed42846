import type { Retention } from '../operation/retention.ts'

export const officialRetention: readonly Retention[] = [
  { table: 'official_account', isBounded: true, because: 'one row per bound account' },
  { table: 'official_grant', isBounded: true, because: 'a hundred per account at most' },
]
