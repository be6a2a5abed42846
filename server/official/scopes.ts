import type { OfferedScope } from '../developers/scope.ts'

export const officialScopes: readonly OfferedScope[] = [{ scope: 'official:write', byDefault: false }]
