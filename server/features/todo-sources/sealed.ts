import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const keyPurpose = 'todo_source.key'
export const passwordPurpose = 'todo_source.password'

export const sourceSealed: readonly SealedColumn[] = [
  { table: 'todo_source', key: ['corp_id', 'id'], column: 'key', purpose: keyPurpose },
  { table: 'todo_source', key: ['corp_id', 'id'], column: 'password', purpose: passwordPurpose },
]
