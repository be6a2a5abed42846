import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const secretPurpose = 'webhook.secret'
export const attemptPurpose = 'webhook_attempt.content'

export const webhookSealed: readonly SealedColumn[] = [
  { table: 'webhook', key: ['corp_id', 'id'], column: 'secret', purpose: secretPurpose },
  { table: 'webhook', key: ['corp_id', 'id'], column: 'old_secret', purpose: secretPurpose },
  {
    table: 'webhook_attempt',
    key: ['corp_id', 'webhook_id', 'seq', 'n'],
    column: 'content',
    purpose: attemptPurpose,
  },
]
