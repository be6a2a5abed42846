import { pruneMissedPushes } from '../../platform/inbox/missed-store.ts'
import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
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

export const syncPersonal: readonly PersonalTable[] = [
  {
    table: 'inbox_event',
    what: { zh: '企业微信、微信的推送', en: 'pushes of WeCom and WeChat' },
    why: 'diagnosis',
    columns: { plain: 'quoted', raw: 'text', answer: 'quoted' },
    erased: 'short',
  },
  {
    table: 'sync_run',
    what: { zh: '同步由谁发起', en: 'who asked for syncs' },
    why: 'administration',
    columns: { requested_by: 'userId', problems: 'quoted' },
    erased: 'short',
  },
  {
    table: 'sync_page',
    what: { zh: '同步读到的账号', en: 'userids that a sync read' },
    why: 'addressBook',
    columns: { user_keys: 'quoted' },
    erased: 'short',
  },
  {
    table: 'sync_drift',
    what: { zh: '同步的差异', en: 'differences that a sync found' },
    why: 'addressBook',
    columns: { entity_id: 'userId', fields: 'quoted' },
    erased: 'short',
  },
]
