import type { OfferedScope } from '../../callers/developers/scope.ts'

export const webhookScopes: readonly OfferedScope[] = [{ scope: 'webhook:manage', byDefault: false }]
