import type { Retention } from '../../platform/storage/retention.ts'
import { pruneAnnouncements, pruneReaders } from './store.ts'

export const announcementRetention: readonly Retention[] = [
  { table: 'announcement', keptDays: 400, countedFrom: 'its end', prune: pruneAnnouncements },
  { table: 'announcement_mark', goesWith: 'announcement' },
  // What a person has put away is deleted in the night after the person's row.
  {
    table: 'announcement_reader',
    keptDays: 0,
    countedFrom: "when the person's row is gone",
    prune: pruneReaders,
  },
]
