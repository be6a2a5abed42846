import type { OfferedScope } from '../../callers/developers/scope.ts'

export const peopleScopes: readonly OfferedScope[] = [{ scope: 'ticket:issue', byDefault: false }]
