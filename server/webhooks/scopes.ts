import type { OfferedScope } from '../developers/scope.ts'

export const webhookScopes: readonly OfferedScope[] = [{ scope: 'webhook:manage', byDefault: false }]
