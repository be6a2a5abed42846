import { messageScopes } from '../features/messages/scopes.ts'
import { officialScopes } from '../features/official/scopes.ts'
import { paymentScopes } from '../features/payments/scopes.ts'
import { webhookScopes } from '../features/webhooks/scopes.ts'
import { directoryScopes } from '../organisation/directory/scopes.ts'
import { peopleScopes } from '../organisation/people/scopes.ts'
import type { OfferedScope, Scope } from '../platform/http/scope.ts'

const offered: readonly OfferedScope[] = [
  ...directoryScopes,
  ...messageScopes,
  ...peopleScopes,
  ...paymentScopes,
  ...officialScopes,
  ...webhookScopes,
]

/** The scopes that a developer can be given, in the order in which they are shown. */
export const scopes: readonly Scope[] = offered.map(one => one.scope)

export const defaultScopes: readonly Scope[] = offered.filter(one => one.byDefault).map(one => one.scope)

/**
 * Those of a developer's stored scopes that are offered. An earlier version offered some before their calls existed; these
 * stay stored and are shown again once they are offered.
 */
export function offeredOf(stored: readonly string[]): string[] {
  return stored.filter(scope => scopes.includes(scope as Scope))
}
