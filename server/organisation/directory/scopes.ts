import type { OfferedScope } from '../../platform/http/scope.ts'

export const directoryScopes: readonly OfferedScope[] = [
  { scope: 'directory:read', byDefault: true },
  { scope: 'directory:mobile', byDefault: true },
  { scope: 'tag:write', byDefault: true },
]
