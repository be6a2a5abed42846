import type { Corps } from '../../organisation/corps/corps.ts'
import { checkPathOn } from '../../organisation/corps/features/check-on.ts'
import { installationClosed } from '../../organisation/corps/suspension/check-open.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import { holdsPoint, reached } from '../../organisation/rights/reached.ts'
import type { Three } from '../../organisation/three/three.ts'
import { actingAs } from '../../platform/audit/actor.ts'
import type { AdminCaller, AdminGate, AdminReach, AdminUse } from '../../platform/http/admin/admin-gate.ts'
import type { Point } from '../../platform/http/admin/points.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { RawInputs } from '../../platform/http/gate.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import type { IdentifyAdmin } from '../admin-tokens/identify.ts'
import type { OutgoingClicks } from '../limits/outgoing-clicks.ts'
import { namedIn, sparing } from './acting-visitor.ts'
import { checkAdminOpen } from './suspended.ts'

type Needs = {
  corps: Corps
  identifyAdmin: IdentifyAdmin
  mirrors: Mirrors
  offered: FeatureOffers
  outgoingClicks: OutgoingClicks
  roles: Roles
  three: Three
}

/** The gate of the calls of management: the maker of an admin token, by that token. */
export function createAdminGate(ctx: Needs): AdminGate {
  return {
    identify: ctx.identifyAdmin,
    authorise: (caller, declared, given) => authorise(ctx, caller, declared, given),
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
  { scope, point, reach, range }: AdminUse,
  given: RawInputs,
): { corpId: string | undefined; caller: AdminCaller } {
  // A token is nobody of the three, and nobody proves themselves by it.
  if (ctx.corps.isLocked()) throw installationClosed()
  if (!caller.scopes.has(scope))
    throw new ApiError('forbidden', {
      zh: told`管理令牌没有 ${own(scope)} 权限；请另建有此权限的令牌`,
      en: told`the admin token lacks the scope ${own(scope)}: make a token that has it`,
    })
  const raw = makerIn(ctx, caller, reach, given)
  const person = reached(raw, { point, range, ...namedIn(given, range) })
  if (!person) throw beyondMaker({ ...caller, person: raw }, point)
  const as = { ...caller, person: sparing(ctx.roles, raw, person) }
  if (reach === 'corp' || (reach === 'own' && given['corpId']))
    return { corpId: corpOf(ctx, caller, given), caller: as }
  if (reach === 'installation' && caller.corpId !== undefined)
    throw new ApiError('forbidden', {
      zh: told`管理令牌只用于企业 ${own(caller.corpId)}，这个调用涉及整个平台`,
      en: told`the admin token is for corp ${own(caller.corpId)} only, and this call concerns the whole installation`,
    })
  return { corpId: caller.corpId, caller: as }
}

/** The maker with what the separation of the three leaves them in this call; what shows all corps is as narrow as in any of them. */
function makerIn({ corps, three }: Needs, caller: AdminCaller, reach: AdminReach, given: RawInputs): Person {
  const { person } = caller
  if (person.member) return person
  const named = given['corpId'] || caller.corpId || (reach === 'corp' ? corps.all()[0]?.corpId : undefined)
  const ofCorp = reach === 'installation' ? undefined : named
  const inAll = reach === 'own' && typeof ofCorp !== 'string' ? three.ofAccountAnywhere() : undefined
  const separated =
    three.ofAccount(undefined) ?? inAll ?? (typeof ofCorp === 'string' ? three.ofAccount(ofCorp) : undefined)
  return separated ? { ...person, separated } : person
}

/** A token is at most its maker at this moment. */
function beyondMaker({ person }: AdminCaller, point: Point): ApiError {
  return holdsPoint(person, point)
    ? new ApiError('forbidden', {
        zh: told`创建管理令牌的人的角色只用于部分部门或应用，这个调用不在其范围内`,
        en: told`the role of the admin token's maker is for some departments or apps, and this call is outside of its range`,
      })
    : new ApiError('forbidden', {
        zh: told`创建管理令牌的人没有权限 ${own(point)}`,
        en: told`the maker of the admin token does not have the point ${own(point)}`,
      })
}

function corpOf({ corps }: Needs, caller: AdminCaller, { corpId: asked }: RawInputs): string {
  const named = typeof asked === 'string' && asked !== '' ? asked : undefined
  if (caller.corpId !== undefined) {
    if (named !== undefined && named !== caller.corpId)
      throw new ApiError('forbidden', {
        zh: told`管理令牌只用于企业 ${own(caller.corpId)}，不能用于 ${named}`,
        en: told`the admin token is for corp ${own(caller.corpId)} only, not for ${named}`,
      })
    return corps.get(caller.corpId).corpId
  }
  if (named !== undefined) return corps.get(named).corpId
  const [only, ...others] = corps.all()
  if (!only || others.length > 0) throw new ApiError('missingParameter', 'corpId')
  return only.corpId
}
