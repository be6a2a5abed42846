import type { SealedColumn } from '../security/sealed-columns.ts'

export const purposes = {
  smtp: 'message_settings.smtp',
  sms: 'message_settings.sms',
  content: 'message.content',
} as const

const ofSettings = { table: 'message_settings', key: ['corp_id'] } as const

export const messageSealed: readonly SealedColumn[] = [
  { ...ofSettings, column: 'smtp', purpose: purposes.smtp },
  { ...ofSettings, column: 'sms', purpose: purposes.sms },
  { table: 'message', key: ['id'], column: 'content', purpose: purposes.content },
]
