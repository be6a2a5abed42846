import type { Retention } from '../storage/retention.ts'
import { pruneAudit } from './store.ts'

/** Longer than a year, so that the same time last year can be compared. */
export const auditDays = 400

export const auditRetention: readonly Retention[] = [
  { table: 'audit', keptDays: auditDays, countedFrom: 'the act', prune: pruneAudit },
]
