import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneHolders } from './role-store.ts'

export const ownRoleRetention: readonly Retention[] = [
  { table: 'own_role', isBounded: true, because: 'a corp has 100 roles of its own at most' },
  {
    table: 'own_role_holder',
    keptDays: 400,
    countedFrom: 'the end until which it was given; one without an end stays as long as the role',
    prune: pruneHolders,
  },
]

export const ownRolePersonal: readonly PersonalTable[] = [
  {
    table: 'own_role_holder',
    what: { zh: '自定义角色', en: 'own roles of a person' },
    why: 'administration',
    columns: { member_id: 'member' },
    shown: ['role_id'],
    erased: 'goes',
  },
  {
    table: 'own_role_holder',
    what: { zh: '自定义角色由谁授予', en: 'who gave own roles' },
    why: 'administration',
    columns: { given_by: 'userId' },
    shown: ['role_id'],
    erased: 'names',
  },
]
