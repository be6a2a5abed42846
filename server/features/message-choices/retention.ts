import type { PersonalTable } from '../../platform/storage/personal/personal-table.ts'
import type { Retention } from '../../platform/storage/retention.ts'

export const choiceRetention: readonly Retention[] = [
  { table: 'message_choice', goesWith: 'member' },
  { table: 'message_choice_all', goesWith: 'member' },
]

export const choicePersonal: readonly PersonalTable[] = [
  {
    table: 'message_choice',
    what: { zh: '消息设置', en: 'choices about messages' },
    why: 'preferences',
    columns: { member_id: 'member' },
    shown: ['type_key', 'is_off'],
    erased: 'goes',
  },
  {
    table: 'message_choice_all',
    what: { zh: '全部关闭与免打扰', en: 'all off, and quiet hours' },
    why: 'preferences',
    columns: { member_id: 'member', quiet_hours: 'text' },
    shown: ['is_all_off'],
    erased: 'goes',
  },
]
