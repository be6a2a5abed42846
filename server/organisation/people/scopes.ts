import type { OfferedScope } from '../../developers/scope.ts'

export const peopleScopes: readonly OfferedScope[] = [{ scope: 'ticket:issue', byDefault: false }]
