import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'

export const peopleRetention: readonly Retention[] = [
  { table: 'member_role', isBounded: true, because: 'one row per administrator or person of the help desk' },
  { table: 'role_department', isBounded: true, because: 'what a graded administrator is given' },
]

export const peoplePersonal: readonly PersonalTable[] = [
  {
    table: 'member_role',
    what: { zh: '管理员的角色', en: 'roles of administrators' },
    why: 'administration',
    columns: { member_id: 'member' },
    shown: ['level'],
    erased: 'goes',
  },
  {
    table: 'role_department',
    what: { zh: '管理员负责的部门', en: 'departments of an administrator' },
    why: 'administration',
    columns: { member_id: 'member' },
    shown: ['department_id'],
    erased: 'goes',
  },
]
