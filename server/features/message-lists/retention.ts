import type { Retention } from '../../platform/storage/retention.ts'
import { pruneLists } from './lists-store.ts'

/** Days for which a list is kept after it was used last. */
export const listKeptDays = 30

export const listRetention: readonly Retention[] = [
  {
    table: 'message_list',
    keptDays: listKeptDays,
    countedFrom: 'when it was last sent to, or made',
    prune: pruneLists,
  },
  { table: 'message_list_piece', goesWith: 'message_list' },
]
