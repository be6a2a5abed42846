import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const listPurpose = 'message_list.rows'

export const listSealed: SealedColumn = {
  table: 'message_list_piece',
  key: ['corp_id', 'list_id', 'n'],
  column: 'content',
  purpose: listPurpose,
}
