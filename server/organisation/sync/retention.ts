import { pruneMissedPushes } from '../../platform/inbox/missed-store.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneEvents, pruneRuns } from './retention-store.ts'
import { pruneUpstreamOutages } from './upstream-outage-store.ts'

export const syncRetention: readonly Retention[] = [
  {
    table: 'inbox_event',
    keptDays: 30,
    countedFrom: 'when it came; what still waits stays',
    prune: pruneEvents,
  },
  {
    table: 'missed_push',
    keptDays: 3,
    countedFrom: 'the last push of the account that was refused',
    prune: pruneMissedPushes,
  },
  {
    table: 'sync_run',
    keptDays: 30,
    countedFrom: 'its end, with its pages and differences',
    prune: pruneRuns,
  },
  { table: 'wecom_outage', isBounded: true, because: 'one row a corp, which goes with the next answer' },
  {
    table: 'upstream_outage',
    keptDays: 1,
    countedFrom: 'when a node last found that the upstream does not answer',
    prune: pruneUpstreamOutages,
  },
  { table: 'sync_page', goesWith: 'sync_run' },
  { table: 'sync_drift', goesWith: 'sync_run' },
]
