import type { Retention } from '../../platform/storage/retention.ts'
import { pruneChanges } from './feed-store.ts'
import { pruneAliases, pruneMembers } from './store.ts'

export const directoryRetention: readonly Retention[] = [
  { table: 'department', isBounded: true, because: 'as many as the corp has; those that go are deleted' },
  { table: 'tag', isBounded: true, because: 'as many as the corp has; those that go are deleted' },
  { table: 'directory_feed', isBounded: true, because: 'one row per corp' },
  // The row of a member who left is kept for two years, for whatever refers to it.
  {
    table: 'member',
    keptDays: 730,
    countedFrom: 'when the person left; messages keep the userids',
    prune: pruneMembers,
  },
  { table: 'member_supplement', goesWith: 'member' },
  // Counted from the alias's expiry, which is 30 days after the rename (docs/interface/address-book.md#mirror).
  {
    table: 'member_alias',
    keptDays: 0,
    countedFrom: 'its end, 30 days after the rename',
    prune: pruneAliases,
  },
  {
    table: 'directory_change',
    keptDays: 30,
    countedFrom: "the change, with a member's values before and after; the newest of each corp stays",
    prune: pruneChanges,
  },
]
