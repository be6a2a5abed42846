import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

/** The password by which a source is read. */
export const sourceSecret: SealedColumn = {
  table: 'people_source',
  key: ['corp_id', 'id'],
  column: 'secret',
  purpose: 'people_source.secret',
}
