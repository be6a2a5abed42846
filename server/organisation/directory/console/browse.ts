import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { flag, optionalNumbers, optionalText, text, type Values } from '../../../platform/http/input.ts'
import {
  maybeOrderOf,
  type Order,
  pageOf,
  paging,
  several,
  sorting,
} from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Corps } from '../../corps/corps.ts'
import { isListed, type MemberCore, memberStatus } from '../mirror/members.ts'
import { membersBelow } from '../mirror/members-below.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import type { DepartmentNode } from '../mirror/tree.ts'
import { scopeSight } from '../permissions/data-scope.ts'
import type { Roles } from '../permissions/person.ts'
import { isEverything, seesMember } from '../permissions/sight.ts'
import { countSeen } from '../read/count-seen.ts'
import { memberDetail, memberDetailSchema } from './member-detail.ts'
import { searchedQuit } from './searched-quit.ts'
import {
  departmentNameSchema,
  levelWord,
  memberRowSchema,
  memberRows,
  nameOf,
  pathOf,
  seenDepartment,
  seenMember,
  sees,
  shownDepartments,
  type Viewer,
  viewerOf,
} from './viewer.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

const departmentRowSchema = Type.Object({
  ...departmentNameSchema.properties,
  parentId: Type.String(),
  level: Type.Enum(['manage', 'view', 'path']),
  /** Direct child departments that are shown to the viewer. */
  childCount: Type.Number(),
  /** Direct members; the next field counts those below too. Null where only the path to something below is shown. */
  memberCount: Type.Union([Type.Number(), Type.Null()]),
  memberCountBelow: Type.Union([Type.Number(), Type.Null()]),
})
export type DepartmentRow = Static<typeof departmentRowSchema>
const departmentListSchema = Type.Object({
  list: Type.Array(departmentRowSchema),
  /** From the root down to the requested department, which is included. */
  path: Type.Array(departmentNameSchema),
  /** False before the first sync. */
  synced: Type.Boolean(),
})
export type DepartmentList = Static<typeof departmentListSchema>

export const directoryDepartments = pageCall({
  method: 'GET',
  path: '/web/directory/departments',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: { parentId: optionalText('部门 id，不填为最上层', { max: 32 }) },
  output: departmentListSchema,
  handle(ctx: Core & { mirrors: Mirrors }, { input, visitor, corpId }): DepartmentList {
    const viewer = viewerOf(ctx, corpId, visitor)
    const isShown = shownDepartments(viewer)
    const parent = input.parentId ? viewer.tree.get(Number(input.parentId)) : undefined
    if (input.parentId && !(parent && isShown(parent)))
      throw new ApiError('unknownDepartment', told`${input.parentId}`)
    const nodes = parent ? parent.children : viewer.tree.roots
    return {
      list: nodes.filter(isShown).map(node => departmentRow(viewer, node, isShown)),
      path: parent ? pathOf(parent) : [],
      synced: viewer.tree.order.length > 0,
    }
  },
})

function departmentRow(
  viewer: Viewer,
  node: DepartmentNode,
  isShown: (node: DepartmentNode) => boolean,
): DepartmentRow {
  const { tree, mirror } = viewer
  const level = levelWord(viewer, node)
  // Everything below a visible department is visible too, so its counts need no check of single members.
  const isCounted = level !== 'path'
  const none = { offset: 0, limit: 0 }
  return {
    ...nameOf(node),
    parentId: String(node.department.parentId),
    level,
    childCount: node.children.filter(isShown).length,
    memberCount: isCounted ? mirror.members.ordinalsIn(node.department.id).length : null,
    memberCountBelow: isCounted ? membersBelow(tree, mirror.members, node, none).total : null,
  }
}

export const sorts = ['userName', 'userId', 'status'] as const
/** Sorting compares in this process; up to this many members nobody notices a wait. */
export const sortedAtMost = 50_000
export type MemberOrder = Order<(typeof sorts)[number]>
const foundAtMost = 2000

export const memberFilterInput = {
  orgId: optionalText('部门 id，不填为可见的全部', { max: 32 }),
  fetchChild: flag('是否包含下级部门'),
  text: optionalText('姓名、账号、别名、手机或拼音', { max: 64 }),
  status: several('状态', ['active', 'disabled', 'notActivated', 'quit']),
  departments: optionalNumbers('数据范围的部门 id，含下级', { max: 1000 }),
  tags: optionalNumbers('数据范围的标签 id', { max: 1000 }),
}
export type MemberQuestion = Values<typeof memberFilterInput>

/**
 * Whether a member is one of those asked for by state and data scope; `departments` and `tags` mean what they mean in the data scope
 * of a developer. Those who quit are found only by their state.
 */
export function fitsMember(
  viewer: Viewer,
  { status, departments, tags }: Pick<MemberQuestion, 'status' | 'departments' | 'tags'>,
): (core: MemberCore) => boolean {
  const isScoped = departments.length + tags.length > 0
  const scope = isScoped ? scopeSight(viewer.mirror, { dataScope: { departments, tags } }) : undefined
  return core =>
    (status === undefined ? isListed(core) : status.some(one => core.status === memberStatus[one])) &&
    (scope === undefined || seesMember(scope, viewer.tree, core))
}

export const directoryMembers = pageCall({
  method: 'GET',
  path: '/web/directory/members',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: { ...memberFilterInput, ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(memberRowSchema),
    total: Type.Number(),
    /** Whether more were found than are counted. */
    isMore: Type.Boolean(),
    /** Whether there are few enough to be sorted. */
    isSortable: Type.Boolean(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const node = input.orgId ? seenDepartment(viewer, input.orgId) : undefined
    const { cores, total, isMore } = findMembers(viewer, { ...input, node })
    const isSortable = total <= sortedAtMost
    return { list: await memberRows(ctx, viewer, cores), total, isMore, isSortable }
  },
})

type MemberFilter = Omit<MemberQuestion, 'orgId'> & {
  node: DepartmentNode | undefined
  sort: string | undefined
  pageNo: number | undefined
  pageSize: number | undefined
}
type SearchResult = { cores: MemberCore[]; total: number; isMore: boolean }

function findMembers(viewer: Viewer, filter: MemberFilter): SearchResult {
  const { node, text, status } = filter
  const sort = maybeOrderOf(filter.sort, sorts)
  const range = pageOf(filter)
  const fits = fitsMember(viewer, filter)
  const areAll = status === undefined && filter.departments.length + filter.tags.length === 0
  if (text !== undefined)
    return searched(viewer, filter, core => seesMember(viewer.sight, viewer.tree, core) && fits(core))
  if (!sort && areAll) {
    const { total, page } = listed(viewer, node, filter.fetchChild, range)
    return { cores: page, total, isMore: false }
  }
  // Walking through a million members to refuse them would hold up others.
  const limit = sort && areAll ? sortedAtMost + 1 : Number.POSITIVE_INFINITY
  const whole = status?.includes('quit')
    ? withQuit(viewer, node, filter.fetchChild)
    : listed(viewer, node, filter.fetchChild, { offset: 0, limit }).page
  const chosen = areAll ? whole : whole.filter(fits)
  if (sort && chosen.length > sortedAtMost)
    throw new ApiError('badParameter', {
      zh: `排序最多 ${sortedAtMost} 人，请先选择部门、状态或搜索`,
      en: `at most ${sortedAtMost} members can be sorted: choose a department or state, or search first`,
    })
  const fitting = sort ? sorted(chosen, sort) : chosen
  return {
    cores: fitting.slice(range.offset, range.offset + range.limit),
    total: fitting.length,
    isMore: false,
  }
}

/** Those who quit at WeCom as well, whom the tree does not lead to, in the order in which memory has them. */
function withQuit(viewer: Viewer, node: DepartmentNode | undefined, isDeep: boolean): MemberCore[] {
  const { members } = viewer.mirror
  const isSeen = (core: MemberCore) => seesMember(viewer.sight, viewer.tree, core)
  return [...members.all()].filter(core => isSeen(core) && isInside(viewer, core, node, isDeep))
}

/** The members in the order of the tree, each once. */
function listed(
  viewer: Viewer,
  node: DepartmentNode | undefined,
  isDeep: boolean,
  range: { offset: number; limit: number },
): { total: number; page: MemberCore[] } {
  const { tree, mirror } = viewer
  if (node && !isDeep) {
    const direct = mirror.members.direct(node.department.id)
    return { total: direct.length, page: direct.slice(range.offset, range.offset + range.limit) }
  }
  const top = node ?? (tree.roots.length === 1 ? tree.roots[0] : undefined)
  const seen = isEverything(viewer.sight) ? undefined : (core: MemberCore) => sees(viewer, core)
  if (top) return membersBelow(tree, mirror.members, top, range, seen)
  const all = [...mirror.members.all()].filter(core => sees(viewer, core))
  return { total: all.length, page: all.slice(range.offset, range.offset + range.limit) }
}

/** Sorts by best match unless another order is chosen. */
function searched(viewer: Viewer, filter: MemberFilter, fits: (core: MemberCore) => boolean): SearchResult {
  const { members, search } = viewer.mirror
  const { node, text = '' } = filter
  const isWanted = (core: MemberCore) => fits(core) && isInside(viewer, core, node, filter.fetchChild)
  const allow = (ordinal: number) => {
    const core = members.at(ordinal)
    return core !== undefined && isWanted(core)
  }
  const options = { offset: 0, limit: foundAtMost + 1, mobile: true, allow }
  const found = search.search(text, options).flatMap(ordinal => members.at(ordinal) ?? [])
  if (filter.status?.includes('quit'))
    found.push(...searchedQuit(viewer.mirror, text, isWanted, foundAtMost + 1))
  const kept = sorted(found.slice(0, foundAtMost), maybeOrderOf(filter.sort, sorts))
  const { offset, limit } = pageOf(filter)
  return { cores: kept.slice(offset, offset + limit), total: kept.length, isMore: found.length > foundAtMost }
}

export function isInside(
  { tree }: Viewer,
  core: MemberCore,
  node: DepartmentNode | undefined,
  isDeep: boolean,
): boolean {
  if (!node) return true
  return core.departments.some(id => {
    const index = tree.get(id)?.index ?? -1
    return isDeep ? index >= node.index && index < node.end : index === node.index
  })
}

const byName = new Intl.Collator('zh-CN')

export function sorted(cores: readonly MemberCore[], sort: MemberOrder | undefined): MemberCore[] {
  if (!sort) return [...cores]
  const { by, sign } = sort
  const byKey = (a: MemberCore, b: MemberCore) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  const compare = {
    userName: (a: MemberCore, b: MemberCore) => byName.compare(a.name, b.name) || byKey(a, b),
    userId: byKey,
    status: (a: MemberCore, b: MemberCore) => a.status - b.status || byKey(a, b),
  }[by]
  return [...cores].sort((a, b) => sign * compare(a, b))
}

export const directoryMember = pageCall({
  method: 'GET',
  path: '/web/directory/member',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: { userId: text('成员账号', { max: 64 }) },
  output: memberDetailSchema,
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors; roles: Roles }, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    return memberDetail(ctx, viewer, await seenMember(ctx, viewer, input.userId))
  },
})

const directorySummarySchema = Type.Object({
  synced: Type.Boolean(),
  departments: Type.Number(),
  members: Type.Number(),
  tags: Type.Number(),
  byStatus: Type.Object({
    active: Type.Number(),
    disabled: Type.Number(),
    notActivated: Type.Number(),
  }),
  regime: Type.Enum(['unknown', 'full', 'restricted']),
})
export type DirectorySummary = Static<typeof directorySummarySchema>

export const directorySummary = pageCall({
  method: 'GET',
  path: '/web/directory/summary',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: {},
  output: directorySummarySchema,
  handle(ctx: Needs, { visitor, corpId }): DirectorySummary {
    const viewer = viewerOf(ctx, corpId, visitor)
    const { listed, departments, active, disabled, notActivated } = countSeen(viewer.mirror, viewer.sight)
    return {
      synced: viewer.tree.order.length > 0,
      departments,
      members: listed,
      tags: viewer.mirror.tags.size,
      byStatus: { active, disabled, notActivated },
      regime: regimeOf(ctx, corpId),
    }
  },
})

function regimeOf(ctx: Core & { corps: Corps }, corpId: string): DirectorySummary['regime'] {
  return ctx.corps.get(corpId).regime
}
