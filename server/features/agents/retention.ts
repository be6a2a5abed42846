import type { Retention } from '../../platform/storage/retention.ts'
import { pruneMedia } from './api/media-store.ts'

export const agentRetention: readonly Retention[] = [
  { table: 'agent_callback', isBounded: true, because: 'one row per agent' },
  { table: 'agent_life', isBounded: true, because: 'two rows per agent' },
  {
    table: 'agent_media',
    keptDays: 4,
    countedFrom: 'when a developer was told of it; WeCom keeps media for three days',
    prune: pruneMedia,
  },
]
