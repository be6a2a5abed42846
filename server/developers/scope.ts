/** What a developer may be allowed (spec §3.1). One is offered when a feature registers it, once its calls exist. */
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

/** How a feature offers a scope of its calls. `byDefault`: a new developer has it, because the interface document's own calls need it. */
export type OfferedScope = { scope: Scope; byDefault: boolean }
