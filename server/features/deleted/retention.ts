import { keptDays } from '../../platform/deleted/deleted.ts'
import { pruneDeleted } from '../../platform/deleted/deleted-store.ts'
import type { Retention } from '../../platform/storage/retention.ts'

export const deletedRetention: readonly Retention[] = [
  { table: 'deleted_object', keptDays, countedFrom: 'when it was deleted', prune: pruneDeleted },
]
