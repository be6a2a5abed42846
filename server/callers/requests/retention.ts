import type { Retention } from '../../platform/storage/retention.ts'
import { prunePeopleRead } from './people-store.ts'
import { pruneCalls, pruneGaps } from './store.ts'

export const requestRetention: readonly Retention[] = [
  // Each corp may set fewer days.
  {
    table: 'call_log',
    keptDays: 7,
    isByMonth: true,
    countedFrom: 'when the call began; each corp may set 0 to 7 days (App centre → Developers → Defaults)',
    prune: pruneCalls,
  },
  {
    table: 'call_gap',
    keptDays: 7,
    countedFrom: "the minute; as many days as the corp's calls",
    prune: pruneGaps,
  },
  { table: 'people_read', keptDays: 400, countedFrom: 'the day', prune: prunePeopleRead },
]
