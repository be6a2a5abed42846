import type { Retention } from '../../platform/storage/retention.ts'
import { pruneSends } from './replies/send-store.ts'
import { pruneMedia } from './replies/store.ts'

export const agentRetention: readonly Retention[] = [
  { table: 'agent_callback', isBounded: true, because: 'one row per agent' },
  {
    table: 'agent_media',
    keptDays: 1,
    countedFrom: 'the end of the file at WeCom',
    prune: pruneMedia,
  },
  { table: 'agent_send', keptDays: 90, countedFrom: 'when it was decided', prune: pruneSends },
]
