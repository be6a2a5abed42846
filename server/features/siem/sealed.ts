import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const privateKeySealed: SealedColumn = {
  table: 'siem_receiver',
  key: ['id'],
  column: 'private_key',
  purpose: 'siem_receiver.private_key',
}
export const authorizationSealed: SealedColumn = {
  ...privateKeySealed,
  column: 'authorization_header',
  purpose: 'siem_receiver.authorization_header',
}
