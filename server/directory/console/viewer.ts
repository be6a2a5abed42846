import { type Static, Type } from 'typebox'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { ApiError } from '../../http/errors.ts'
import { personSight } from '../../people/people.ts'
import type { Visitor } from '../../people/sessions.ts'
import { fileIdOf } from '../mirror/fragments.ts'
import { isListed, type MemberCore, type StoredMember, userKey } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { ancestors, type DepartmentNode, type DepartmentTree } from '../mirror/tree.ts'
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

/** What an administrator sees of the corp. `sight` is of this `tree` and no other. */
export type Viewer = { corpId: string; mirror: Mirror; tree: DepartmentTree; sight: Sight; visitor: Visitor }

export function viewerOf(ctx: Core & { mirrors: Mirrors }, corpId: string, visitor: Visitor): Viewer {
  const mirror = ctx.mirrors.of(corpId)
  const { tree } = mirror
  return { corpId, mirror, tree, sight: personSight(tree, visitor), visitor }
}

/** Throws 1005, for unknown and invisible ones alike. */
export function seenDepartment(viewer: Viewer, orgId: string): DepartmentNode {
  const node = /^\d{1,10}$/.test(orgId) ? viewer.tree.get(Number(orgId)) : undefined
  if (!node || departmentLevel(viewer.sight, node) === level.none)
    throw new ApiError('unknownDepartment', orgId)
  return node
}

export function sees(viewer: Viewer, core: MemberCore): boolean {
  return isListed(core) && seesMember(viewer.sight, viewer.tree, core)
}

/** By userid or, for 30 days, by the one before it changed. Throws 1007, for unknown and invisible ones alike. */
export async function seenMember(ctx: Core, viewer: Viewer, userId: string): Promise<MemberCore> {
  const { members } = viewer.mirror
  let core = members.byKey(userKey(userId))
  if (!core) {
    const [alias] = await aliasesOf(ctx.db, viewer.corpId, [userKey(userId)], new Date(ctx.now()))
    core = alias && members.byId(alias.memberId)
  }
  if (!core || !sees(viewer, core)) throw new ApiError('unknownMember', userId)
  return core
}

/** May this administrator change what is said of the member: one of its departments is managed. */
export function managesMember(viewer: Viewer, core: MemberCore): boolean {
  return (
    isEverything(viewer.sight) ||
    core.departments.some(id => {
      const node = viewer.tree.get(id)
      return node !== undefined && departmentLevel(viewer.sight, node) === level.manage
    })
  )
}

/** `path`: only shown because something below it may be seen. */
export type DepartmentLevel = 'manage' | 'view' | 'path'

export function levelWord(viewer: Viewer, node: DepartmentNode): DepartmentLevel {
  const own = departmentLevel(viewer.sight, node)
  return own === level.manage ? 'manage' : own === level.view ? 'view' : 'path'
}

/** Which departments a tree shows: those that are seen, and the way to them. */
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

/** From the root down to the department itself. */
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
  /** Signed, good for an hour; '' without one. */
  avatarUrl: Type.String(),
  /** Those that the viewer sees, the main one first. */
  departments: Type.Array(departmentNameSchema),
})
export type MemberRow = Static<typeof memberRowSchema>

/** Rows in the order of `cores`; who went meanwhile is left out. */
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
  // Of this page's own origin, whatever address it was opened at: its policy loads pictures from nowhere else.
  const { pathname, search } = new URL(avatarLinks(ctx).link(corpId, fileId), 'http://wisp')
  return pathname + search
}
