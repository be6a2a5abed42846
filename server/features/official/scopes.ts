import type { OfferedScope } from '../../callers/developers/scope.ts'

export const officialScopes: readonly OfferedScope[] = [
  { scope: 'official:read', byDefault: false },
  { scope: 'official:write', byDefault: false },
]
