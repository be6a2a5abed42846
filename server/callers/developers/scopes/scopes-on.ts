import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkOn, isOn } from '../../../organisation/corps/features/check-on.ts'
import { type Scope, scopes } from '../../../platform/http/scope.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'

type Needs = { corps: Corps; offered: FeatureOffers }

/** The scopes that a developer of the corp can have: those of features that are switched off are not offered. */
export function scopesOn(ctx: Needs, corpId: string): Scope[] {
  return scopes.filter(scope => {
    const feature = ctx.offered.optionalOfScope(scope)
    return feature === undefined || isOn(ctx, corpId, feature)
  })
}

/** A developer keeps the scopes that it has. Throws 1009 for a further one of a feature that is switched off. */
export function checkScopesOn(
  ctx: Needs,
  corpId: string,
  given: readonly string[],
  held: ReadonlySet<string> = new Set(),
): void {
  for (const scope of given) {
    const feature = ctx.offered.optionalOfScope(scope)
    if (feature !== undefined && !held.has(scope)) checkOn(ctx, corpId, feature)
  }
}
