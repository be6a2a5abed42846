import type { OfferedScope } from '../../platform/http/scope.ts'

export const peopleScopes: readonly OfferedScope[] = [{ scope: 'ticket:issue', byDefault: false }]
