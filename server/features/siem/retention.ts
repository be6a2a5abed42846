import type { Retention } from '../../platform/storage/retention.ts'

export const siemRetention: readonly Retention[] = [
  { table: 'siem_receiver', isBounded: true, because: 'at most 5 rows per corp, and 5 of the installation' },
  { table: 'siem_told', goesWith: 'alert' },
]
