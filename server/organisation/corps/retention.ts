import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneNodeAddresses } from './store.ts'

export const corpRetention: readonly Retention[] = [
  { table: 'corp', isBounded: true, because: 'one row per corp' },
  {
    table: 'verified_address',
    isBounded: true,
    because: 'one row per callback, domain or account of a corp',
  },
  { table: 'agent', isBounded: true, because: 'one row per agent of a corp' },
  {
    table: 'restored_lock',
    isBounded: true,
    because: 'one row per corp and for the installation, until a restored backup is confirmed',
  },
  {
    table: 'node_address',
    keptDays: 7,
    countedFrom: 'when WeCom last saw the node',
    prune: pruneNodeAddresses,
  },
]

export const corpPersonal: readonly PersonalTable[] = [
  {
    table: 'corp',
    what: { zh: '企业由谁暂停', en: 'who suspended the corp' },
    why: 'administration',
    columns: { suspended_by: 'userId' },
    erased: 'names',
  },
  {
    table: 'restored_lock',
    what: { zh: '恢复的备份由谁确认', en: 'who confirmed a restored backup' },
    why: 'security',
    columns: { first_by: 'userId' },
    erased: 'names',
  },
]
