import type { OfferedScope } from '../../callers/developers/scope.ts'

export const messageScopes: readonly OfferedScope[] = [
  { scope: 'message:send', byDefault: true },
  { scope: 'sms:send', byDefault: true },
]
