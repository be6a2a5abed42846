import type { SealedColumn } from '../../platform/security/sealed-columns.ts'
import { keyPurpose } from './checkpoints/key.ts'

export const auditTreeSealed: readonly SealedColumn[] = [
  { table: 'audit_key', key: ['number'], column: 'private_key', purpose: keyPurpose },
]
