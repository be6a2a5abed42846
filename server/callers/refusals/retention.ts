import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRefusals } from './store.ts'

/** As long as sign-ins: more than the 180 days for which such logs must be kept. */
export const refusalDays = 400

export const refusalRetention: readonly Retention[] = [
  { table: 'refusal', keptDays: refusalDays, countedFrom: 'the refusal', prune: pruneRefusals },
]
