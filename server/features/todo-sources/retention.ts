import type { Retention } from '../../platform/storage/retention.ts'
import { pruneBindings } from './source-store.ts'
import { pruneUnrecognised } from './unrecognised/store.ts'

export const sourceRetention: readonly Retention[] = [
  {
    table: 'todo_source',
    isBounded: true,
    because: 'administrators make them, and a corp has at most a hundred',
  },
  { table: 'todo_pushed', goesWith: 'todo' },
  {
    table: 'todo_unrecognised',
    keptDays: 90,
    countedFrom: 'when it last came',
    prune: pruneUnrecognised,
  },
  {
    table: 'todo_source_person',
    keptDays: 1095,
    countedFrom: 'when the sender last bound it',
    prune: pruneBindings,
  },
]
