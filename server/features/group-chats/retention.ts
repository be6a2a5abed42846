import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'
import { pruneFailed } from './store.ts'

export const chatRetention: readonly Retention[] = [
  {
    table: 'group_chat',
    keptDays: 30,
    countedFrom: 'a creation that WeCom refused; others stay until they are removed, at most 5000 in a corp',
    prune: pruneFailed,
  },
  { table: 'group_chat_feed', isBounded: true, because: 'one row per corp' },
]

export const groupChatPersonal: readonly PersonalTable[] = [
  {
    table: 'group_chat',
    what: { zh: '群聊的群主与成员', en: 'owner and members of group chats' },
    why: 'messages',
    given: ['wecom', 'developers'],
    columns: { owner: 'userId', wanted: 'userIds', follow: 'quoted' },
    shown: ['name'],
    erased: 'sync',
  },
]
