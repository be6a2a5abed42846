import type { SealedColumn } from '../../platform/security/sealed-columns.ts'
import { bucketPurpose } from './checkpoints/bucket.ts'
import { keyPurpose } from './checkpoints/key.ts'

export const auditTreeSealed: readonly SealedColumn[] = [
  { table: 'audit_destination', key: ['tree'], column: 'bucket_secret', purpose: bucketPurpose },
  { table: 'audit_key', key: ['number'], column: 'private_key', purpose: keyPurpose },
]
