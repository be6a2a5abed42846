/**
 * What a developer may be allowed to do (docs/interface/authorisation.md#developers-and-scopes). A scope is offered only once a
 * feature with calls for it registers it.
 */
export const knownScopes = [
  'directory:read',
  'directory:mobile',
  'tag:write',
  'message:send',
  'sms:send',
  'ticket:issue',
  'pay:read',
  'pay:write',
  'official:read',
  'official:write',
  'webhook:manage',
] as const
export type Scope = (typeof knownScopes)[number]

/**
 * How a feature offers a scope for its calls. `byDefault`: a new developer has it, because calls of the interface
 * document need it.
 */
export type OfferedScope = { scope: Scope; byDefault: boolean }
