import type { OfferedScope } from '../../platform/http/scope.ts'

export const paymentScopes: readonly OfferedScope[] = [
  { scope: 'pay:read', byDefault: false },
  { scope: 'pay:write', byDefault: false },
]
