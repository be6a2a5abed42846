import type { text as zh } from '../zh/compat.ts'

export const text: Record<keyof typeof zh, string> = {
  tab: 'WeCom-compatible',
  hint: "Systems that send by WeCom's API keep their code: change the base address to the one below and corpsecret to a compat secret, and keep corpid and agentid. Their messages are in the message log, within this developer's data scope and limits.",
  base: 'Base address',
  noAgents:
    'There is no agentid to use: assign an app that is linked to a WeCom app to this developer in the app centre first.',
  secrets: 'Compat secrets',
  secretsNone: 'There is no compat secret yet.',
  secretNumber: 'Secret {n}',
  secretTitle: 'Compat secret created',
  add: 'Create a compat secret',
  addFull: 'There are two live compat secrets: revoke one first',
  createdAt: 'Created',
  lastUsed: 'last access_token',
  neverUsed: 'never',
  revoke: 'Revoke',
  revoked: 'Revoked',
  revokeTitle: 'Revoke compat secret {n}?',
  revokeHint: 'The secret and its access_tokens end at once. Systems that still use it cannot send any more.',
  calls: 'Latest sends',
  callsNone: 'Nothing was sent yet.',
}
