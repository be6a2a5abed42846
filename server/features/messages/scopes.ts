import type { OfferedScope } from '../../platform/http/scope.ts'

export const messageScopes: readonly OfferedScope[] = [
  { scope: 'message:send', byDefault: true },
  { scope: 'sms:send', byDefault: true },
]
