import type { Retention } from '../../platform/storage/retention.ts'

export const choiceRetention: readonly Retention[] = [
  { table: 'message_choice', goesWith: 'member' },
  { table: 'message_choice_all', goesWith: 'member' },
]
