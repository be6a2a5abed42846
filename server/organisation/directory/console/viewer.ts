import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { Corps } from '../../corps/corps.ts'
import type { StoredMember } from '../entities.ts'
import { fileIdOf } from '../mirror/fragments.ts'
import { isListed, type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { ancestors, type DepartmentNode, type DepartmentTree } from '../mirror/tree.ts'
import { personSight } from '../permissions/person.ts'
import {
  departmentLevel,
  isEverything,
  leadsToVisible,
  level,
  type Sight,
  seesMember,
} from '../permissions/sight.ts'
import { avatarLinks } from '../read/avatars.ts'
import { aliasesOf, membersById } from '../store.ts'

type Needs = Core & { corps: Corps }

/** What an administrator sees of the corp. `sight` is valid only for this `tree`. */
export type Viewer<V extends Person = Person> = {
  corpId: string
  mirror: Mirror
  tree: DepartmentTree
  sight: Sight
  visitor: V
}

export function viewerOf<V extends Person>(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  visitor: V,
): Viewer<V> {
  const mirror = ctx.mirrors.of(corpId)
  const { tree } = mirror
  return { corpId, mirror, tree, sight: personSight(tree, visitor), visitor }
}

/** Throws 1005, both for unknown and for invisible departments. */
export function seenDepartment(viewer: Viewer, orgId: string): DepartmentNode {
  const node = /^\d{1,10}$/.test(orgId) ? viewer.tree.get(Number(orgId)) : undefined
  if (!node || departmentLevel(viewer.sight, node) === level.none)
    throw new ApiError('unknownDepartment', told`${orgId}`)
  return node
}

export function sees(viewer: Viewer, core: MemberCore): boolean {
  return isListed(core) && seesMember(viewer.sight, viewer.tree, core)
}

/**
 * The member with this userid or, for 30 days after a change, with this former one. Throws 1007, both for unknown and for
 * invisible members.
 */
export async function seenMember(ctx: Core, viewer: Viewer, userId: string): Promise<MemberCore> {
  const { members } = viewer.mirror
  let core = members.byKey(userKey(userId))
  if (!core) {
    const [alias] = await aliasesOf(ctx.db, viewer.corpId, [userKey(userId)], new Date(ctx.now()))
    core = alias && members.byId(alias.memberId)
  }
  if (!core || !sees(viewer, core)) throw new ApiError('unknownMember', told`${userId}`)
  return core
}

/** Whether this administrator may change the member's data: they manage at least one of its departments. */
export function managesMember(viewer: Viewer, core: MemberCore): boolean {
  return (
    isEverything(viewer.sight) ||
    core.departments.some(id => {
      const node = viewer.tree.get(id)
      return node !== undefined && departmentLevel(viewer.sight, node) === level.manage
    })
  )
}

/** Whether they may supplement the member's mobile and mail address, by which people sign in. */
export function supplementsMember(viewer: Viewer, core: MemberCore): boolean {
  return managesMember(viewer, core) && !viewer.visitor.spares?.(core.id)
}

/** `path`: shown only because something below the department is visible. */
export type DepartmentLevel = 'manage' | 'view' | 'path'

export function levelWord(viewer: Viewer, node: DepartmentNode): DepartmentLevel {
  const own = departmentLevel(viewer.sight, node)
  return own === level.manage ? 'manage' : own === level.view ? 'view' : 'path'
}

/** The departments that a tree shows: visible ones and the path to them. */
export function shownDepartments(viewer: Viewer): (node: DepartmentNode) => boolean {
  if (isEverything(viewer.sight)) return () => true
  const leads = leadsToVisible(viewer.sight, viewer.tree)
  return node => leads[node.index] === 1
}

export const departmentNameSchema = Type.Object({
  orgId: Type.String(),
  orgName: Type.String(),
})
export type DepartmentName = Static<typeof departmentNameSchema>

export function nameOf(node: DepartmentNode): DepartmentName {
  return { orgId: String(node.department.id), orgName: node.department.name }
}

/** From the root down to the department, which is included. */
export function pathOf(node: DepartmentNode): DepartmentName[] {
  return [...ancestors(node).reverse(), node].map(nameOf)
}

export function seenDepartments(viewer: Viewer, ids: readonly number[]): DepartmentNode[] {
  return ids.flatMap(id => {
    const node = viewer.tree.get(id)
    return node && departmentLevel(viewer.sight, node) > level.none ? node : []
  })
}

export const memberRowSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  alias: Type.String(),
  position: Type.String(),
  mobile: Type.String(),
  email: Type.String(),
  /** 1 active, 2 disabled, 4 not activated. */
  status: Type.Number(),
  /** A signed link that is valid for an hour; '' without an avatar. */
  avatarUrl: Type.String(),
  /** Departments visible to the viewer, the main one first. */
  departments: Type.Array(departmentNameSchema),
})
export type MemberRow = Static<typeof memberRowSchema>

/** Rows in the order of `cores`; members that have been dropped since are left out. */
export async function memberRows(
  ctx: Needs,
  viewer: Viewer,
  cores: readonly MemberCore[],
): Promise<MemberRow[]> {
  const stored = await membersById(
    ctx.db,
    viewer.corpId,
    cores.map(core => core.id),
  )
  const byId = new Map(stored.map(member => [member.id, member]))
  return cores.flatMap(core => {
    const member = byId.get(core.id)
    return member ? memberRow(ctx, viewer, member) : []
  })
}

export function memberRow(ctx: Needs, viewer: Viewer, member: StoredMember): MemberRow {
  const { userId, name: userName, alias, position, mobile, email, status, mainDepartment } = member
  const mainFirst = [...member.departments].sort(
    (a, b) => Number(b === mainDepartment) - Number(a === mainDepartment),
  )
  const departments = seenDepartments(viewer, mainFirst).map(nameOf)
  const avatarUrl = avatarOf(ctx, viewer.corpId, member)
  return { userId, userName, alias, position, mobile, email, status, avatarUrl, departments }
}

export function avatarOf(ctx: Needs, corpId: string, member: { id: number; avatar: string }): string {
  const fileId = fileIdOf(member)
  if (!fileId) return ''
  // The link stays on the page's own origin, whatever its address, because its content policy allows pictures only from
  // there.
  const { pathname, search } = new URL(avatarLinks(ctx).link(corpId, fileId), 'http://wisp')
  return pathname + search
}
