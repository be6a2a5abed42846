import type { Corps } from '../../organisation/corps/corps.ts'
import { checkPathOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actingAs } from '../../platform/audit/actor.ts'
import type { AdminCaller, AdminGate, AdminReach } from '../../platform/http/admin/admin-gate.ts'
import type { AdminScope } from '../../platform/http/admin/admin-scope.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { RawInputs } from '../../platform/http/gate.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import type { IdentifyAdmin } from '../admin-tokens/identify.ts'
import type { OutgoingClicks } from '../limits/outgoing-clicks.ts'
import { checkAdminOpen } from './suspended.ts'

type Needs = {
  corps: Corps
  identifyAdmin: IdentifyAdmin
  mirrors: Mirrors
  offered: FeatureOffers
  outgoingClicks: OutgoingClicks
}

/** The gate of the calls of management: the maker of an admin token, by that token. */
export function createAdminGate(ctx: Needs): AdminGate {
  return {
    identify: ctx.identifyAdmin,
    authorise: (caller, scope, reach, given) => authorise(ctx, caller, scope, reach, given),
    checkOpen: (corpId, caller, method) => checkAdminOpen(ctx, corpId, caller, method),
    checkOn: (corpId, path) => checkPathOn(ctx, corpId, path),
    during: ctx.mirrors.during,
    acting: ({ actor, person, tokenId, tokenName }, request, work) =>
      actingAs(
        {
          actor,
          name: person.member?.name ?? '',
          address: callerAddress(request),
          token: `${tokenName} (#${tokenId})`,
        },
        work,
      ),
    goOut: ({ tokenId }, corpId) => ctx.outgoingClicks.count(`admin-token:${tokenId}`, corpId),
  }
}

function authorise(
  ctx: Needs,
  caller: AdminCaller,
  scope: AdminScope,
  reach: AdminReach,
  given: RawInputs,
): string | undefined {
  if (!caller.scopes.has(scope))
    throw new ApiError('forbidden', {
      zh: told`管理令牌没有 ${own(scope)} 权限`,
      en: told`the admin token lacks the scope ${own(scope)}`,
    })
  if (reach === 'corp' || (reach === 'own' && given['corpId'])) return corpOf(ctx, caller, given)
  if (reach === 'installation' && caller.corpId !== undefined)
    throw new ApiError('forbidden', {
      zh: told`管理令牌只用于企业 ${own(caller.corpId)}，这个调用涉及整个平台`,
      en: told`the admin token is for corp ${own(caller.corpId)} alone, and this call concerns the whole installation`,
    })
  return caller.corpId
}

function corpOf({ corps }: Needs, caller: AdminCaller, { corpId: asked }: RawInputs): string {
  const named = typeof asked === 'string' && asked !== '' ? asked : undefined
  if (caller.corpId !== undefined) {
    if (named !== undefined && named !== caller.corpId)
      throw new ApiError('forbidden', {
        zh: told`管理令牌只用于企业 ${own(caller.corpId)}，不能用于 ${named}`,
        en: told`the admin token is for corp ${own(caller.corpId)} alone, not for ${named}`,
      })
    return corps.get(caller.corpId).corpId
  }
  if (named !== undefined) return corps.get(named).corpId
  const [only, ...others] = corps.all()
  if (!only || others.length > 0) throw new ApiError('missingParameter', 'corpId')
  return only.corpId
}
