import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneVersions } from './types-store.ts'

export const typeRetention: readonly Retention[] = [
  {
    table: 'message_type',
    isBounded: true,
    because: 'two hundred per developer, and of the corp itself, at most',
  },
  {
    table: 'message_type_version',
    keptDays: 400,
    countedFrom: 'when a later version came in its place; the one in force and the newest stay',
    prune: pruneVersions,
  },
]

export const messageTypePersonal: readonly PersonalTable[] = [
  {
    table: 'message_type_version',
    what: { zh: '消息类型由谁保存和批准', en: 'who made and approved message types' },
    why: 'administration',
    columns: { made_by: 'userId', approved_by: 'userId' },
    shown: ['key', 'version'],
    erased: 'names',
  },
]
