import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneMedia } from './api/media-store.ts'
import { pruneSends } from './replies/send-store.ts'
import { pruneUploads } from './replies/store.ts'

export const agentRetention: readonly Retention[] = [
  { table: 'agent_callback', isBounded: true, because: 'one row per agent' },
  { table: 'agent_life', isBounded: true, because: 'two rows per agent' },
  {
    table: 'agent_media',
    keptDays: 4,
    countedFrom: 'when a developer was told of it; WeCom keeps media for three days',
    prune: pruneMedia,
  },
  {
    table: 'agent_upload',
    keptDays: 1,
    countedFrom: 'the end of the file at WeCom',
    prune: pruneUploads,
  },
  { table: 'agent_send', keptDays: 90, countedFrom: 'when it was decided', prune: pruneSends },
]

export const agentPersonal: readonly PersonalTable[] = [
  {
    table: 'agent_media',
    what: { zh: '成员发给应用的素材', en: 'media sent to agents' },
    why: 'messages',
    columns: { user_key: 'userId' },
    erased: 'rows',
  },
  {
    table: 'agent_send',
    what: { zh: '应用给成员的答复', en: 'replies of agents' },
    why: 'messages',
    columns: { user_id: 'userId', content: 'text' },
    erased: 'rows',
  },
]
