import { hasRole, type Roles } from '../../organisation/directory/permissions/person.ts'
import { holdsPoint, reached } from '../../organisation/rights/reached.ts'
import type { CallRange } from '../../platform/http/admin/grant.ts'
import { type Point, points } from '../../platform/http/admin/points.ts'
import type { PageUse, RawInputs } from '../../platform/http/gate.ts'
import { refused } from '../../platform/http/page-call.ts'
import type { Person, Visitor } from '../../platform/http/visitor.ts'
import { type Developers, developerNamed } from '../developers/developers.ts'
import { ownsDeveloper } from '../developers/owners/may-manage.ts'
import { notOfYours } from './separated.ts'

/**
 * The visitor as the handler of a call for administrators takes them: with what their roles allow in this call. Owners of a developer
 * need no role for its calls. Throws 403.
 */
export function actingVisitor(
  { developers, roles }: { developers: Developers; roles: Roles },
  declared: PageUse,
  visitor: Visitor,
  given: RawInputs,
): Visitor {
  const { access, point } = declared
  if (!point) throw new Error(`${declared.path} names no point`)
  if (access.by === 'owner') {
    const developer = developerNamed(developers, given)
    if (developer && ownsDeveloper(visitor, developer)) return visitor
  }
  const range = rangeOf(declared)
  // What the overview, the search and views show follows from the other points, which their handlers ask for.
  const as =
    point === 'console:use' && holdsPoint(visitor, point)
      ? visitor
      : reached(visitor, { point, range, ...namedIn(given, access.by === 'owner' ? 'developer' : range) })
  if (!as) throw whyNot(declared, visitor, point)
  return sparing(roles, visitor, as)
}

/** Returns the person so that acts by an own role spare holders of a role; acts by a fixed role are unchanged. */
export function sparing<P extends Person>(roles: Roles, raw: P, as: P): P {
  if (as === raw) return as
  // Unlocking is the security administrator's, also of people who have a role; the other two reset one of the three together.
  const spares = raw.separated?.as
    ? isOfThree(roles)
    : (memberId: number) => hasRole(roles, raw.corpId, memberId)
  return { ...as, spares }
}

const isOfThree = (roles: Roles) => (memberId: number) => roles.threeOf(memberId) !== undefined

/** Handlers of calls for graded administrators and the help desk keep to departments. */
function rangeOf({ access, range }: PageUse): CallRange | undefined {
  const isLimited = access.by === 'helpDesk' || (access.by === 'administrator' && access.level === 'graded')
  return isLimited ? 'departments' : range
}

/** The app or developer that a call is about, by its inputs. */
export function namedIn(
  { id, devId }: RawInputs,
  about: CallRange | 'developer' | undefined,
): { appId?: string; devId?: string } {
  if (about === 'app' && typeof id === 'string') return { appId: id }
  return about === 'developer' && typeof devId === 'string' ? { devId } : {}
}

function whyNot({ access }: PageUse, visitor: Visitor, point: Point) {
  const { zh, en } = points[point]
  if (
    visitor.separated &&
    !holdsPoint(visitor, point) &&
    visitor.roleLevel + (visitor.separated.as ? 1 : 0) > 0
  )
    return notOfYours(visitor, points[point])
  if (holdsPoint(visitor, point))
    return refused({
      zh: `您的角色只用于部分部门或应用，这个操作不在其范围内（需要权限：${zh}）`,
      en: `your role is for some departments or apps, and this is outside of its range (it takes: ${en})`,
    })
  if (visitor.grants)
    return refused({
      zh: `您的角色没有这个操作需要的权限：${zh}`,
      en: `your roles do not have what this takes: ${en}`,
    })
  if (access.by === 'helpDesk')
    return refused({
      zh: '只有服务台和管理员可以这样做',
      en: 'only the help desk and administrators may do this',
    })
  if (access.by === 'owner')
    return refused({
      zh: '只有超级管理员和这个开发者的负责人可以这样做',
      en: 'only super administrators and the owners of this developer may do this',
    })
  return refused({ zh: '您的管理员等级不能这样做', en: 'your administrator level does not allow this' })
}
