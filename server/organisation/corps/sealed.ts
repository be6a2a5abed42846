import type { SealedColumn } from '../../platform/security/sealed-columns.ts'

export const purposes = {
  contactSecret: 'corp.contact_secret',
  callbackToken: 'corp.callback_token',
  callbackAesKey: 'corp.callback_aes_key',
  agentSecret: 'agent.secret',
} as const

const ofCorp = { table: 'corp', key: ['corp_id'] } as const

export const corpSealed: readonly SealedColumn[] = [
  { ...ofCorp, column: 'contact_secret', purpose: purposes.contactSecret },
  { ...ofCorp, column: 'callback_token', purpose: purposes.callbackToken },
  { ...ofCorp, column: 'callback_aes_key', purpose: purposes.callbackAesKey },
  { table: 'agent', key: ['corp_id', 'agent_id'], column: 'secret', purpose: purposes.agentSecret },
]
