import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { isListed, type MemberCore, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { ancestors, type DepartmentNode } from '../../../organisation/directory/mirror/tree.ts'
import { entitledDepartments, personSight } from '../../../organisation/directory/permissions/person.ts'
import {
  departmentLevel,
  level,
  type Sight,
  seesMember,
} from '../../../organisation/directory/permissions/sight.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalInteger, structured, text } from '../../../platform/http/input.ts'
import { pageCall, person, refused } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import { takesTicket } from '../app-urls.ts'
import { type Apps, visibleApps } from '../catalog.ts'

type Needs = Core & { mirrors: Mirrors }

/** The pickers of app pages show only what the person may see (docs/interface/apps.md#for-pages-of-apps). */
const pickDepartmentSchema = Type.Object({
  orgId: Type.String(),
  orgName: Type.String(),
  parentId: Type.String(),
  hasChildren: Type.Boolean(),
})
export type PickDepartment = Static<typeof pickDepartmentSchema>
const pickMemberSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  orgName: Type.String(),
})
export type PickMember = Static<typeof pickMemberSchema>

type View = { mirror: Mirror; sight: Sight }

const membersAtMost = 100
const foundAtMost = 30

/** Lists departments below parentId, or the topmost that the person is entitled to. */
export const pickerDepartments = pageCall({
  method: 'GET',
  path: '/web/portal/picker/departments',
  access: person,
  directory: true,
  input: { parentId: optionalInteger('部门 id', { min: 1, max: 4_294_967_295 }) },
  output: Type.Object({
    list: Type.Array(pickDepartmentSchema),
  }),
  handle(ctx: Needs, { input, visitor, corpId }) {
    const view = viewOf(ctx, corpId, visitor)
    const nodes =
      input.parentId === undefined
        ? topmost(view, entitledDepartments(view.mirror.tree, visitor))
        : visibleChildren(view, departmentOf(view, input.parentId))
    return { list: nodes.map(node => departmentRow(view, node)) }
  },
})

/** The direct members of the department, one page at a time. */
export const pickerMembers = pageCall({
  method: 'GET',
  path: '/web/portal/picker/members',
  access: person,
  directory: true,
  input: {
    orgId: optionalInteger('部门 id', { min: 1, max: 4_294_967_295 }),
    pageNo: optionalInteger('从 1 起', { min: 1, max: 100_000 }),
  },
  output: Type.Object({
    list: Type.Array(pickMemberSchema),
    total: Type.Number(),
  }),
  handle(ctx: Needs, { input, visitor, corpId }) {
    const view = viewOf(ctx, corpId, visitor)
    if (input.orgId === undefined) throw new ApiError('missingParameter', 'orgId')
    departmentOf(view, input.orgId)
    const members = view.mirror.members.direct(input.orgId)
    const from = ((input.pageNo ?? 1) - 1) * membersAtMost
    const page = members.slice(from, from + membersAtMost)
    return { list: page.map(member => memberRow(view, member)), total: members.length }
  },
})

/**
 * The app to whose page the picker goes back when it was opened outside of a frame. Throws 403 for a page that is on the
 * origins of no app that is open to this person: names of people go nowhere else.
 */
export const pickerApp = pageCall({
  method: 'GET',
  path: '/web/portal/picker/app',
  access: person,
  directory: true,
  input: { to: text('应用页面的地址', { max: 4000 }) },
  output: Type.Object({ name: Type.String() }),
  handle(ctx: Needs & { apps: Apps; corps: Corps }, { input, visitor, corpId }) {
    const app = visibleApps(ctx, corpId, visitor).find(one => takesTicket(one, input.to))
    if (!app)
      throw refused({
        zh: '这个地址不属于对您开放的应用，不能把选择结果交给它',
        en: 'this address belongs to no app that is open to you, so it cannot get what you choose',
      })
    return { name: app.name }
  },
})

const idsAtMost = 1000
const idsOf = (what: string, pattern: string) =>
  structured(what, Type.Array(Type.String({ pattern }), { maxItems: idsAtMost }))

/**
 * The names of whom a page of an app had chosen before. Its address is no source for them, because everybody can write one. Who or what
 * the person may not see has its id for a name.
 */
export const pickerNames = pageCall({
  method: 'POST',
  path: '/web/portal/picker/names',
  access: person,
  directory: true,
  input: {
    userIds: idsOf('成员的 userId', '^[\\w.@-]{1,64}$'),
    orgIds: idsOf('部门 id', '^\\d{1,10}$'),
  },
  output: Type.Object({ list: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) }),
  handle(ctx: Needs, { input, visitor, corpId }) {
    const view = viewOf(ctx, corpId, visitor)
    const { members, tree } = view.mirror
    const people = input.userIds.map(id => {
      const member = members.byKey(userKey(id))
      const isSeen = member && isListed(member) && seesMember(view.sight, tree, member)
      return { id, name: isSeen ? member.name : id }
    })
    const departments = input.orgIds.map(id => {
      const node = tree.get(Number(id))
      return { id, name: node && isVisible(view, node) ? node.department.name : id }
    })
    return { list: [...people, ...departments] }
  },
})

/** Finds members by name, userid and pinyin, and departments by name. */
export const pickerSearch = pageCall({
  method: 'GET',
  path: '/web/portal/picker/search',
  access: person,
  directory: true,
  input: { text: text('姓名、账号、拼音或部门名', { max: 64 }) },
  output: Type.Object({
    members: Type.Array(pickMemberSchema),
    departments: Type.Array(pickDepartmentSchema),
  }),
  handle(ctx: Needs, { input, visitor, corpId }) {
    const view = viewOf(ctx, corpId, visitor)
    const { mirror, sight } = view
    const allow = (ordinal: number) => {
      const member = mirror.members.at(ordinal)
      return member !== undefined && seesMember(sight, mirror.tree, member)
    }
    const found = mirror.search.search(input.text, { offset: 0, limit: foundAtMost, mobile: false, allow })
    return {
      members: found.flatMap(ordinal => {
        const member = mirror.members.at(ordinal)
        return member ? [memberRow(view, member)] : []
      }),
      departments: departmentsNamed(view, input.text),
    }
  },
})

function viewOf(ctx: Needs, corpId: string, visitor: Person): View {
  const mirror = ctx.mirrors.of(corpId)
  return { mirror, sight: personSight(mirror.tree, visitor) }
}

function isVisible({ sight }: View, node: DepartmentNode): boolean {
  return departmentLevel(sight, node) > level.none
}

/** Finds a department that this view shows. Throws 1005. */
function departmentOf(view: View, id: number): DepartmentNode {
  const node = view.mirror.tree.get(id)
  if (!node || !isVisible(view, node)) throw new ApiError('unknownDepartment', told`${id}`)
  return node
}

function topmost(view: View, ids: readonly number[]): DepartmentNode[] {
  const nodes = ids.flatMap(id => view.mirror.tree.get(id) ?? [])
  const own = new Set(nodes)
  return [...own].filter(node => isVisible(view, node) && !ancestors(node).some(above => own.has(above)))
}

function visibleChildren(view: View, node: DepartmentNode): DepartmentNode[] {
  return node.children.filter(child => isVisible(view, child))
}

function departmentRow(view: View, node: DepartmentNode): PickDepartment {
  const { id, name, parentId } = node.department
  return {
    orgId: String(id),
    orgName: name,
    parentId: String(parentId),
    hasChildren: node.children.some(child => isVisible(view, child)),
  }
}

function memberRow(view: View, member: MemberCore): PickMember {
  const nodes = member.departments.flatMap(id => view.mirror.tree.get(id) ?? [])
  const shown = nodes.filter(node => isVisible(view, node)).map(node => node.department.name)
  return { userId: member.userId, userName: member.name, orgName: shown.join('、') }
}

function departmentsNamed(view: View, wanted: string): PickDepartment[] {
  const text = wanted.trim().toLowerCase()
  const found: PickDepartment[] = []
  if (!text) return found
  for (const node of view.mirror.tree.order) {
    if (found.length >= foundAtMost) break
    if (node.department.name.toLowerCase().includes(text) && isVisible(view, node))
      found.push(departmentRow(view, node))
  }
  return found
}
