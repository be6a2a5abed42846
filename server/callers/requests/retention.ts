import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneDataReads } from './data-reads/data-read-store.ts'
import { prunePeopleRead } from './people-store.ts'
import { pruneCalls, pruneGaps } from './store.ts'

export const requestRetention: readonly Retention[] = [
  // Each corp may set fewer days.
  {
    table: 'call_log',
    keptDays: 7,
    isByMonth: true,
    countedFrom:
      'when the call began; each corp may set 0 to 7 days (App centre → Developers → Advanced → Defaults)',
    prune: pruneCalls,
  },
  {
    table: 'call_gap',
    keptDays: 7,
    countedFrom: "the minute; as many days as the corp's calls",
    prune: pruneGaps,
  },
  {
    table: 'data_read',
    keptDays: 7,
    countedFrom:
      "the read; as many days as the corp's calls, or up to 400 where the corp says so (App centre → Developers → Advanced → Defaults)",
    prune: pruneDataReads,
  },
  { table: 'people_read', keptDays: 400, countedFrom: 'the day', prune: prunePeopleRead },
]

export const requestPersonal: readonly PersonalTable[] = [
  {
    table: 'call_log',
    what: { zh: '接口日志', en: 'the request log' },
    why: 'diagnosis',
    columns: { params: 'quoted' },
    erased: 'short',
  },
  {
    table: 'data_read',
    what: { zh: '开发者读取个人信息的记录', en: 'which developers read personal data' },
    why: 'security',
    columns: { member_ids: 'members' },
    shown: ['dev_id', 'path', 'fields'],
    erased: 'numbers',
  },
]
