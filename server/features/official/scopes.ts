import type { OfferedScope } from '../../platform/http/scope.ts'

export const officialScopes: readonly OfferedScope[] = [
  { scope: 'official:read', byDefault: false },
  { scope: 'official:write', byDefault: false },
]
