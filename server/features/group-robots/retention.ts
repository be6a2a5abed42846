import type { Retention } from '../../platform/storage/retention.ts'

export const robotRetention: readonly Retention[] = [
  { table: 'group_robot', isBounded: true, because: 'at most 200 rows per corp' },
  { table: 'group_robot_grant', isBounded: true, because: 'at most 200 rows per robot' },
]
