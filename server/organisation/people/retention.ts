import type { Retention } from '../../platform/storage/retention.ts'

export const peopleRetention: readonly Retention[] = [
  { table: 'member_role', isBounded: true, because: 'one row per administrator or person of the help desk' },
  { table: 'role_department', isBounded: true, because: 'what a graded administrator is given' },
]
