import type { Retention } from '../../platform/storage/retention.ts'

export const brandRetention: readonly Retention[] = [
  { table: 'brand', isBounded: true, because: 'one row per corp, and one of the installation' },
]
