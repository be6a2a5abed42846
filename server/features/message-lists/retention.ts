import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneLists } from './lists-store.ts'

/** Days for which a list is kept after it was used last. */
export const listKeptDays = 30

export const listRetention: readonly Retention[] = [
  {
    table: 'message_list',
    keptDays: listKeptDays,
    countedFrom: 'when it was last sent to, or made',
    prune: pruneLists,
  },
  { table: 'message_list_piece', goesWith: 'message_list' },
]

export const messageListPersonal: readonly PersonalTable[] = [
  {
    table: 'message_list_piece',
    what: { zh: '名单的内容', en: 'content of lists' },
    why: 'messages',
    columns: { content: 'text' },
    erased: 'short',
  },
]
