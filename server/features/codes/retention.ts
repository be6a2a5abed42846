import type { Retention } from '../../platform/storage/retention.ts'
import { pruneCodes } from './codes-store.ts'

export const codeRetention: readonly Retention[] = [
  { table: 'developer_code', keptDays: 1, countedFrom: 'when it was sent', prune: pruneCodes },
]
