import type { Grant } from '../../../platform/http/admin/grant.ts'
import type { Separation, ThreeRole } from '../../../platform/http/admin/three-role.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import { isExternal, type MemberCore, memberStatus } from '../mirror/members.ts'
import type { DepartmentTree } from '../mirror/tree.ts'
import { everything, level, type Sight, sightOf } from './sight.ts'

/**
 * The administrator levels of the interface document, and 0 for a plain member
 * (docs/interface/authorisation.md#who-is-signed-in).
 */
export const roleLevel = { member: 0, system: 1, superAdministrator: 2, graded: 3 } as const

/** The system super administrator's local account. */
export const administratorName = 'admin'

/** A super administrator, a graded one, or the help desk. Only the first two are levels of the interface document. */
export const helpDeskRole = 4

/** What somebody has been appointed to. `departments` are those of a graded administrator. */
export type Role = { level: 2 | 3 | 4; departments: { departmentId: number; manage: boolean }[] }

/** All roles, which every node has in memory. */
export type Roles = {
  of(memberId: number): Role | undefined
  /** The corp's own roles that the member has at this moment. */
  grantsOf(corpId: string, memberId: number): readonly Grant[]
  /** What the separation of the three administrators means for the member; undefined where they are not separated. */
  separationOf(corpId: string, memberId: number): Separation | undefined
  /** Which of the installation's three administrators the member is. */
  installationRoleOf(memberId: number): ThreeRole | undefined
  /** Which of the three the member is in any corp or the installation. */
  threeOf(memberId: number): ThreeRole | undefined
}

/** Whether the member is an administrator, of the help desk, one of the three, or has a role of the corp's own. */
export function hasRole(roles: Roles, corpId: string, memberId: number): boolean {
  return (
    roles.of(memberId) !== undefined ||
    roles.grantsOf(corpId, memberId).length > 0 ||
    roles.threeOf(memberId) !== undefined
  )
}

export function memberPerson(ctx: { roles: Roles }, corpId: string, member: MemberCore): Person {
  const { roles } = ctx
  const separated = roles.separationOf(corpId, member.id)
  const ofInstallation = roles.installationRoleOf(member.id)
  // One of the three has nothing but what the three have: no level and no role of the corp's own counts beside it.
  const isOfThree = separated?.as !== undefined
  const role = isOfThree ? undefined : roles.of(member.id)
  // A group may have people from outside WeCom, who get no role by it.
  const grants = isOfThree || isExternal(member) ? [] : roles.grantsOf(corpId, member.id)
  const person = {
    corpId,
    member,
    ...(grants.length > 0 ? { grants } : {}),
    ...(separated ? { separated } : {}),
    ...(ofInstallation ? { ofInstallation } : {}),
  }
  // To everybody else, apps included, the help desk's people and those with own roles are plain members.
  if (role?.level === helpDeskRole)
    return { ...person, roleLevel: roleLevel.member, assigned: [], isHelpDesk: true }
  return { ...person, roleLevel: role?.level ?? roleLevel.member, assigned: role?.departments ?? [] }
}

/** Active members and people from outside WeCom act; who else does, by how they proved themselves, is known to `callers/` (docs/interface/authorisation.md#sessions). */
export function mayAct(member: MemberCore): boolean {
  return member.status === memberStatus.active || member.status === memberStatus.external
}

/** `called`: as the caller named the member. Throws 1007. */
export function checkMayAct(member: MemberCore, called: string): void {
  if (!mayAct(member))
    throw new ApiError('unknownMember', {
      zh: told`${called} 未激活或已禁用，请在企业微信中激活或启用`,
      en: told`${called} is not activated, or disabled: activate or enable the member in WeCom`,
    })
}

/**
 * What a person may see: everything for levels 1 and 2, the assigned departments for level 3, their own for plain
 * members; in each case including all departments below.
 */
export function personSight(tree: DepartmentTree, person: Person): Sight {
  if (person.roleLevel === roleLevel.system || person.roleLevel === roleLevel.superAdministrator)
    return everything
  if (person.roleLevel === roleLevel.graded) {
    return sightOf(
      tree,
      person.assigned.map(one => ({
        departmentId: one.departmentId,
        level: one.manage ? level.manage : level.view,
      })),
    )
  }
  const own = person.member?.departments ?? []
  return sightOf(
    tree,
    own.map(departmentId => ({ departmentId, level: level.view })),
  )
}

/**
 * The departments that a person is entitled to (docs/interface/address-book.md#departments-of-a-person): the roots, the assigned
 * ones, or their own.
 */
export function entitledDepartments(tree: DepartmentTree, person: Person): number[] {
  if (person.roleLevel === roleLevel.system || person.roleLevel === roleLevel.superAdministrator) {
    return tree.roots.map(root => root.department.id)
  }
  if (person.roleLevel === roleLevel.graded) return person.assigned.map(one => one.departmentId)
  return [...(person.member?.departments ?? [])]
}
