import type { OfferedScope } from '../../platform/http/scope.ts'

export const webhookScopes: readonly OfferedScope[] = [{ scope: 'webhook:manage', byDefault: false }]
