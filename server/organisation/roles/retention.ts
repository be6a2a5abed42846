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
