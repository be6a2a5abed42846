import type { SealedColumn } from '../../../platform/security/sealed-columns.ts'

const ofCallback = { table: 'agent_callback', key: ['corp_id', 'agent_id'] } as const

const columns = [
  'address_key',
  'token',
  'aes_key',
  'next_token',
  'next_aes_key',
  'old_token',
  'old_aes_key',
  'forward_token',
  'forward_aes_key',
] as const

export type SealedName = (typeof columns)[number]

/** A token keeps its seal when it becomes the present or the old one, so all of them are sealed for one purpose. */
export const callbackPurpose = 'agent_callback'

export const agentSealed: readonly SealedColumn[] = columns.map(column => ({
  ...ofCallback,
  column,
  purpose: callbackPurpose,
}))
