import type { SealedColumn } from '../../../platform/security/sealed-columns.ts'

export const purposes = {
  secret: 'official_account.secret',
  callbackToken: 'official_account.callback_token',
  callbackAesKey: 'official_account.callback_aes_key',
} as const

const ofAccount = { table: 'official_account', key: ['corp_id', 'original_id'] } as const

export const officialSealed: readonly SealedColumn[] = [
  { ...ofAccount, column: 'secret', purpose: purposes.secret },
  { ...ofAccount, column: 'callback_token', purpose: purposes.callbackToken },
  { ...ofAccount, column: 'callback_aes_key', purpose: purposes.callbackAesKey },
]
