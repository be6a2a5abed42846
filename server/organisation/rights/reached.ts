import type { CallRange, Grant } from '../../platform/http/admin/grant.ts'
import type { Point } from '../../platform/http/admin/points.ts'
import type { Person } from '../../platform/http/visitor.ts'
import { roleLevel } from '../directory/permissions/person.ts'
import { isGiven, shippedPoints } from './shipped.ts'

/** What a call is about, and what it can be restricted to. */
export type Need = {
  point: Point
  range?: CallRange | undefined
  /** The app or the developer that the call names, where it is about one. */
  appId?: string | undefined
  devId?: string | undefined
}

/**
 * The person as the handler of a call must take them, with what their roles together allow in it; undefined for somebody whose roles do
 * not allow it. The limits of handlers stay those of the levels: the whole corp is seen by a super administrator, departments by a
 * graded one. Single apps and developers are checked here, and lists of them look at `only`.
 */
export function reached<P extends Person>(person: P, need: Need): P | undefined {
  const { point, range } = need
  const isFixed = shippedPoints(person).has(point)
  if (person.member && person.separated?.as)
    return isFixed ? { ...person, roleLevel: roleLevel.superAdministrator } : undefined
  if (isFixed && person.roleLevel !== roleLevel.graded) return person
  const grants = grantsWith(person, point)
  if (grants.some(one => one.range.kind === 'corp'))
    return { ...person, roleLevel: roleLevel.superAdministrator, assigned: [] }
  if (range === 'departments') return withDepartments(person, isFixed, grants)
  const only = onlyOf(grants)
  if (range === 'apps') return only.appIds.size + only.devIds.size > 0 ? { ...person, only } : undefined
  const isNamed =
    (need.appId !== undefined && only.appIds.has(need.appId)) ||
    (need.devId !== undefined && only.devIds.has(need.devId))
  return isNamed ? person : undefined
}

function withDepartments<P extends Person>(person: P, isFixed: boolean, grants: readonly Grant[]) {
  const own = new Set(
    grants.flatMap(({ range }) => (range.kind === 'departments' ? range.departmentIds : [])),
  )
  if (own.size === 0) return isFixed ? person : undefined
  const assigned = isFixed ? person.assigned.filter(one => !own.has(one.departmentId)) : []
  for (const departmentId of own) assigned.push({ departmentId, manage: true })
  return { ...person, roleLevel: roleLevel.graded, assigned }
}

function onlyOf(grants: readonly Grant[]) {
  const appIds = new Set<string>()
  const devIds = new Set<string>()
  for (const { range } of grants) {
    if (range.kind !== 'apps') continue
    for (const id of range.appIds) appIds.add(id)
    for (const id of range.devIds) devIds.add(id)
  }
  return { appIds, devIds }
}

/**
 * Whether somebody whom the gate let make one call may do another too. Who acts by a role of the corp's own was given a level for that call
 * alone: only what their roles hold counts.
 */
export function mayAlso(person: Person, need: Need): boolean {
  const own = person.spares ? { ...person, roleLevel: roleLevel.member } : person
  return reached(own, need) !== undefined
}

/** Whether somebody has a point at all, however narrow the range. */
export function holdsPoint(person: Person, point: Point): boolean {
  return shippedPoints(person).has(point) || grantsWith(person, point).length > 0
}

function grantsWith(person: Person, point: Point): readonly Grant[] {
  return isGiven(point, person) ? (person.grants ?? []).filter(one => one.points.has(point)) : []
}
