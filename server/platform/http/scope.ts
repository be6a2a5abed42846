/** What a developer may be allowed to do (docs/interface/authorisation.md#developers-and-scopes), in the order in which it is shown. */
export const scopes = [
  'directory:read',
  'directory:mobile',
  'directory:profile',
  'directory:external',
  'tag:write',
  'source:write',
  'message:send',
  'message:type',
  'inbox:embed',
  'chat:write',
  'sms:send',
  'code:send',
  'code:any',
  'ticket:issue',
  'pay:read',
  'pay:write',
  'pay:refund',
  'agent:read',
  'agent:location',
  'official:read',
  'official:write',
  'todo:read',
  'todo:write',
  'approval:read',
  'approval:write',
  'webhook:manage',
  'upstream:call',
] as const
export type Scope = (typeof scopes)[number]

/** Scopes of a new developer, because calls of the interface document need them. */
export const defaultScopes: readonly Scope[] = [
  'directory:read',
  'directory:mobile',
  'tag:write',
  'message:send',
  'sms:send',
]

/** Leaves out what another version of wisp stored and this one does not know. */
export function knownOf(stored: readonly string[]): string[] {
  return stored.filter(scope => scopes.includes(scope as Scope))
}
