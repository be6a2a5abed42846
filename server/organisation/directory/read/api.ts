import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { flag, optionalInteger, optionalText, text } from '../../../platform/http/input.ts'
import { ready } from '../../../platform/http/output.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Tickets } from '../../../platform/http/visitor.ts'
import type { MemberCore } from '../mirror/members.ts'
import { membersBelow } from '../mirror/members-below.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { ancestors, type DepartmentNode, subtree } from '../mirror/tree.ts'
import { entitledDepartments, memberPerson, personSight, type Roles } from '../permissions/person.ts'
import { departmentLevel, isEverything, level, type Sight, seesMember } from '../permissions/sight.ts'
import { external, externalOrgs, externalUsers, externalView } from './external.ts'
import { directMembers, orgRows, tagRows, wholeList, wholeTree } from './org-list.ts'
import { keepPage, keptPage } from './page-cache.ts'
import { checkProfile, profiledMember, profiledWithOrgs, profileInput, withProfiles } from './profile.ts'
import { sampleDepartment, sampleMember } from './samples.ts'
import { tagAnswer } from './tag-answer.ts'
import {
  departmentSchema,
  listAnswer,
  listedMember,
  listNote,
  listWire,
  livingMember,
  memberSchema,
  pageAnswer,
  personalDataOf,
  renamedMember,
  type View,
  viewOf,
  visibleDepartment,
  withMembers,
} from './view.ts'

type Needs = Core & { mirrors: Mirrors }
type PersonNeeds = Needs & { roles: Roles; tickets: Tickets }

const directory = { by: 'developer', scope: 'directory:read' } as const
const orgId = text({ zh: '部门 id', en: 'Id of the department' }, { max: 32 })
const fetchChild = flag({
  zh: '是否递归，0-否（默认），1-是',
  en: 'Whether to go down all levels: 0 no (default), 1 yes',
})

/** Of this call alone the document gives sortNo as a text (docs/interface/address-book.md#departments-of-a-person). */
const entitledSchema = Type.Object({
  ...departmentSchema.properties,
  sortNo: Type.String({
    about: {
      zh: '排序号，值大的排序靠前；此接口中为字符串',
      en: 'Order: higher comes first; a text in this call',
    },
  }),
})

function withTextOrder({ wire }: DepartmentNode): string {
  return wire.replace(/"sortNo":(-?\d+)\}$/, '"sortNo":"$1"}')
}

export const authList = endpoint({
  methods: ['GET'],
  path: '/api/org/authList',
  section: '4.3',
  summary: { zh: '获取通讯录权限', en: 'Get the departments that somebody may see' },
  description: {
    zh: 'jessionId 与 userId 二选一，同时给出时以 jessionId 为准。',
    en: 'Give jessionId or userId; with both, jessionId counts.',
  },
  access: directory,
  directory: true,
  input: {
    jessionId: optionalText(
      { zh: '平台登录凭证', en: 'The ticket with which the platform opened your page' },
      { max: 256 },
    ),
    userId: optionalText({ zh: '用户 id', en: 'Id of the member' }, { max: 64 }),
  },
  logged: ['userId'],
  output: Type.Object({ list: Type.Array(entitledSchema) }),
  errors: ['unknownMember', 'deadTicket'],
  sample: { list: [{ ...sampleDepartment, sortNo: String(sampleDepartment.sortNo) }] },
  sampleInput: { userId: '{userId}' },
  about: ({ userId, jessionId }) => (jessionId || !userId ? {} : { userIds: [userId] }),
  async handle(ctx: PersonNeeds, { input, developer }) {
    if (!input.jessionId && !input.userId)
      throw new ApiError('missingParameter', { zh: 'jessionId 或 userId', en: 'jessionId or userId' })
    const person = input.jessionId
      ? await ctx.tickets.requirePerson(developer, input.jessionId)
      : await memberPerson(ctx, developer.corpId, await listedMember(ctx, developer, input.userId ?? ''))
    const view = viewOf(ctx, developer)
    const nodes = entitledDepartments(view.tree, person)
      .flatMap(id => view.tree.get(id) ?? [])
      .flatMap(node => topsWithin(view, node))
      .sort((a, b) => a.index - b.index)
    return ready({ wire: `{"list":[${[...new Set(nodes)].map(withTextOrder).join()}]}` })
  },
})

/**
 * The developer's data scope limits what can be seen: an entitled department above it shrinks to the scope's roots
 * (docs/interface/authorisation.md#developers-and-scopes).
 */
function topsWithin({ tree, sight }: View, node: DepartmentNode): DepartmentNode[] {
  const isVisible = (one: DepartmentNode | undefined) =>
    one !== undefined && departmentLevel(sight, one) > level.none
  if (isVisible(node)) return [node]
  return subtree(tree, node).filter(one => isVisible(one) && !isVisible(one.parent))
}

export const getUser = endpoint({
  methods: ['GET'],
  path: '/api/user/get',
  section: '4.4',
  summary: { zh: '获取成员信息', en: 'Get a member' },
  description: {
    zh: 'userId 不区分大小写。改过账号的成员，旧账号 30 天内仍可查到。',
    en: 'Upper and lower case of the userId are the same. A member whose userid has changed is found by the old one for 30 days.',
  },
  access: directory,
  directory: true,
  input: {
    userId: text({ zh: '用户 id', en: 'Id of the member' }, { max: 64 }),
    fields: profileInput,
    external,
  },
  logged: ['userId', 'fields', 'external'],
  output: profiledWithOrgs,
  errors: ['unknownMember'],
  sample: { ...sampleMember, orgList: [sampleDepartment] },
  sampleInput: { userId: '{userId}' },
  about: ({ userId, fields }) => (fields.includes('directLeaders') ? undefined : { userIds: [userId] }),
  handle(ctx: Needs, { input, developer }) {
    const { userId, fields } = input
    checkProfile(developer, fields)
    const view = input.external ? externalView(ctx, developer) : viewOf(ctx, developer)
    const answer =
      (core: MemberCore) =>
      ([wire]: string[]) => {
        if (wire === undefined) throw new ApiError('unknownMember', told`${userId}`)
        return ready({ wire, people: personalDataOf(view, [core], fields) })
      }
    const answered = (core: MemberCore) =>
      withProfiles(ctx, view, [core], { isWithOrgs: true, fields }, answer(core))
    const core = livingMember(view, userId)
    return core ? answered(core) : renamedMember(ctx, view, userId).then(answered)
  },
})

export const higherList = endpoint({
  methods: ['GET'],
  path: '/api/org/higherList',
  section: '4.6',
  summary: { zh: '获取部门上级列表', en: 'List the departments above' },
  description: {
    zh: `由近到远，最后是根部门，不含部门自身。${listNote.zh}`,
    en: `From the nearest to the root, without the department itself. ${listNote.en}`,
  },
  access: directory,
  directory: true,
  input: { orgId },
  logged: ['orgId'],
  output: Type.Object({ list: Type.Array(departmentSchema) }),
  errors: ['unknownDepartment'],
  sample: { list: [sampleDepartment] },
  sampleInput: { orgId: '{orgId}' },
  about: () => ({}),
  handle(ctx: Needs, { input, developer }) {
    const view = viewOf(ctx, developer)
    const above = ancestors(visibleDepartment(view, input.orgId))
    const visible = above.filter(node => departmentLevel(view.sight, node) > level.none)
    return listAnswer(
      developer,
      visible.map(node => node.wire),
    )
  },
})

const orgRowSchema = Type.Object({
  ...departmentSchema.properties,
  isAll: Type.String({
    about: {
      zh: '0-管理；1-查看；2-仅有下级部门的权限',
      en: '0 may manage; 1 may see; 2 only departments below may be seen',
    },
  }),
  childCount: Type.Integer({
    about: { zh: '可见的直接子部门数', en: 'How many visible departments are directly below' },
  }),
  userList: Type.Array(memberSchema),
})
const tagSchema = Type.Object({ tagId: Type.String(), tagName: Type.String() })
export const tagUsersSchema = Type.Object({
  tagId: Type.String(),
  tagName: Type.String(),
  userList: Type.Array(Type.Object({ userId: Type.String(), userName: Type.String() })),
  orgList: Type.Array(Type.Object({ orgId: Type.String(), orgName: Type.String() })),
})

export const orgList = endpoint({
  methods: ['GET'],
  path: '/api/org/list',
  section: '4.7、4.9、4.10',
  summary: {
    zh: '获取部门下级列表；获取标签列表；获取标签成员',
    en: 'List the departments below; list tags; list members of a tag',
  },
  description: {
    zh: '文档中三个接口共用此路径：tagId 不为空时返回标签成员（4.10）；只有 devToken 时同时返回全量组织架构 list 和标签列表 tagList（4.7、4.9），支持 ETag；其余为部门下级列表（4.7）。带 jessionId 时只返回此人有权限的部门。',
    en: 'Three calls of the interface document share this path: with tagId the members of the tag (4.10); with the devToken alone the whole tree as list and all tags as tagList (4.7, 4.9), with an ETag; else the departments below (4.7). With jessionId only what that person may see.',
  },
  access: directory,
  directory: true,
  input: {
    orgId: optionalText(
      { zh: '部门 id，不填为全量组织架构', en: 'Id of the department; the whole tree without it' },
      { max: 32 },
    ),
    fetchChild,
    fetchUser: flag({
      zh: '是否查询部门下成员，递归时不支持',
      en: 'Whether to list members too; not when going down all levels',
    }),
    jessionId: optionalText(
      { zh: '平台登录凭证', en: 'The ticket with which the platform opened your page' },
      { max: 256 },
    ),
    tagId: optionalText({ zh: '标签 id', en: 'Id of the tag' }, { max: 32 }),
    external,
  },
  logged: ['orgId', 'fetchChild', 'fetchUser', 'tagId', 'external'],
  output: Type.Union([
    Type.Object({ list: Type.Array(orgRowSchema), tagList: Type.Optional(Type.Array(tagSchema)) }),
    tagUsersSchema,
  ]),
  errors: ['unknownDepartment', 'unknownTag', 'deadTicket'],
  sample: {
    list: [{ ...sampleDepartment, isAll: '0', childCount: 2, userList: [] }],
    tagList: [{ tagId: '1', tagName: '值班' }],
  },
  sampleInput: { orgId: '{orgId}' },
  about: ({ tagId, fetchUser }) => (tagId || fetchUser ? undefined : {}),
  handle(ctx: PersonNeeds, { input, developer, given }) {
    if (input.external) return externalOrgs(ctx, developer, input.orgId)
    const view = viewOf(ctx, developer)
    if (input.tagId) return tagAnswer(view, input.tagId)
    if (input.jessionId) return personOrgList(ctx, view, input.jessionId, input)
    const isBare = !input.orgId && !given['fetchChild'] && !given['fetchUser']
    return isBare ? ready(wholeList(view)) : departmentList(ctx, view, view.sight, false, input)
  },
})

type OrgListInput = { orgId: string | undefined; fetchChild: boolean; fetchUser: boolean }

async function personOrgList(ctx: PersonNeeds, view: View, jessionId: string, input: OrgListInput) {
  const person = await ctx.tickets.requirePerson(view.developer, jessionId)
  const sight = { ...personSight(view.tree, person), and: view.sight }
  return departmentList(ctx, view, sight, true, input)
}

function departmentList(ctx: Core, view: View, sight: Sight, isPerson: boolean, input: OrgListInput) {
  const { developer } = view
  if (!input.orgId) return listAnswer(developer, wholeTree(view, sight, isPerson))
  const rows = orgRows(view, sight, isPerson)
  const node = visibleDepartment(view, input.orgId)
  if (!rows.isShown(node)) throw new ApiError('unknownDepartment', told`${input.orgId}`)
  const below = input.fetchChild ? subtree(view.tree, node) : [node, ...node.children]
  const nodes = below.filter(rows.isShown)
  if (input.fetchChild || !input.fetchUser)
    return listAnswer(
      developer,
      nodes.map(one => rows.row(one, [])),
    )
  return withDirectMembers(ctx, view, sight, nodes, (users, cores) =>
    listAnswer(
      developer,
      nodes.map((one, index) => rows.row(one, users[index] ?? [])),
      personalDataOf(view, cores),
    ),
  )
}

async function withDirectMembers<T>(
  ctx: Core,
  view: View,
  sight: Sight,
  nodes: DepartmentNode[],
  use: (users: string[][], cores: readonly MemberCore[]) => T,
): Promise<T> {
  const users: string[][] = []
  const all: MemberCore[] = []
  for (const node of nodes) {
    const cores = directMembers(view, sight, node)
    users.push(await withMembers(ctx, view, cores, false, list => list))
    for (const core of cores) all.push(core)
  }
  return use(users, all)
}

const everythingAtMost = 10_000
const pageSizeDefault = 100

export const orgUserList = endpoint({
  methods: ['GET'],
  path: '/api/user/orgUserList',
  section: '4.8',
  summary: { zh: '获取部门成员', en: 'List the members of a department' },
  description: {
    zh: `不分页时最多返回 ${everythingAtMost} 人。同属多个下级部门的成员只出现一次。${listNote.zh}列表的返回形式为数组时没有 total，还有更多时应答头有 x-wisp-more: 1。`,
    en: `Without pages at most ${everythingAtMost} members. A member of several departments below is listed once. ${listNote.en} Developers whose lists are arrays get no total; the header x-wisp-more: 1 says that there are more.`,
  },
  access: directory,
  directory: true,
  input: {
    orgId,
    fetchChild,
    pageNo: optionalInteger(
      { zh: '页数，从 1 开始；0 也是第一页', en: 'Page, from 1; 0 is the first one too' },
      { min: 0, max: 1_000_000 },
    ),
    pageSize: optionalInteger(
      {
        zh: '每页条数，1 到 1000；只给 pageNo 时为 100',
        en: 'How many a page, 1 to 1000; 100 with pageNo alone',
      },
      { min: 1, max: 1000 },
    ),
    fields: profileInput,
    external,
  },
  logged: ['orgId', 'fetchChild', 'pageNo', 'pageSize', 'fields', 'external'],
  output: Type.Object({
    list: Type.Array(profiledMember),
    total: Type.Integer({ about: { zh: '总人数', en: 'How many in all' } }),
  }),
  errors: ['unknownDepartment'],
  sample: { list: [sampleMember], total: 1 },
  sampleInput: { orgId: '{orgId}', pageNo: 1, pageSize: 20 },
  handle(ctx: Needs, { input, developer }) {
    const { fields } = input
    checkProfile(developer, fields)
    if (input.external) return externalUsers(ctx, developer, input)
    const view = viewOf(ctx, developer)
    const node = visibleDepartment(view, input.orgId)
    const isPaged = input.pageNo !== undefined || input.pageSize !== undefined
    const limit = isPaged ? (input.pageSize ?? pageSizeDefault) : everythingAtMost
    const range = { offset: Math.max(0, (input.pageNo ?? 1) - 1) * limit, limit }
    const isKept = isPaged && fields.length === 0
    const key = pageKey(view, node, input.fetchChild, isKept ? range : undefined)
    const known = key && keptPage(view, key)
    if (known) return pageAnswer(developer, known)
    const { revision: members } = view.mirror.members
    const period = view.mirror.fragments.period()
    const { total, page } = input.fetchChild ? below(view, node, range) : ownMembers(view, node, range)
    if (!isPaged && total > everythingAtMost) {
      throw new ApiError('badParameter', {
        zh: told`共 ${own(total)} 人，请用 pageNo 和 pageSize 分页获取`,
        en: told`there are ${own(total)} members: read them in pages with pageNo and pageSize`,
      })
    }
    return withProfiles(ctx, view, page, { isWithOrgs: false, fields }, list => {
      const wire = listWire(developer, list, `,"total":${total}`)
      const people = personalDataOf(view, page, fields)
      const answer = { wire, people, isMore: range.offset + list.length < total }
      if (key) answer.wire = keepPage(view, key, { members, period, ...answer })
      return pageAnswer(developer, answer)
    })
  },
})

/** The page's cache key; undefined for pages that are not cached: complete lists, those with more fields, and those limited by a data scope. */
function pageKey(
  { sight, withMobile, developer }: View,
  node: DepartmentNode,
  isRecursive: boolean,
  range: Range | undefined,
): string | undefined {
  if (!range || !isEverything(sight)) return undefined
  const form = `${withMobile ? 'm' : ''}${developer.arrayLists ? 'a' : ''}${isRecursive ? 'r' : ''}`
  return `${node.department.id} ${range.offset} ${range.limit} ${form}`
}

type Range = { offset: number; limit: number }

function below({ mirror, tree, sight }: View, node: DepartmentNode, range: Range) {
  const { members } = mirror
  if (isEverything(sight)) return membersBelow(tree, members, node, range)
  return membersBelow(tree, members, node, range, core => seesMember(sight, tree, core))
}

function ownMembers(view: View, node: DepartmentNode, { offset, limit }: Range) {
  const direct = directMembers(view, view.sight, node)
  return { total: direct.length, page: direct.slice(offset, offset + limit) }
}

export const tagList = endpoint({
  methods: ['GET'],
  path: '/api/org/tagList',
  section: '4.9',
  summary: { zh: '获取标签列表', en: 'List tags' },
  access: directory,
  directory: true,
  input: {},
  output: Type.Object({ tagList: Type.Array(tagSchema) }),
  errors: [],
  sample: { tagList: [{ tagId: '1', tagName: '值班' }] },
  about: () => ({}),
  handle: (ctx: Needs, { developer }) =>
    ready({ wire: `{"tagList":[${tagRows(viewOf(ctx, developer)).join()}]}` }),
})

export const tagUserList = endpoint({
  methods: ['GET'],
  path: '/api/org/tagUserList',
  section: '4.10',
  summary: { zh: '获取标签成员', en: 'List the members of a tag' },
  access: directory,
  directory: true,
  input: { tagId: text({ zh: '标签 id', en: 'Id of the tag' }, { max: 32 }) },
  logged: ['tagId'],
  output: tagUsersSchema,
  errors: ['unknownTag'],
  sample: {
    tagId: '1',
    tagName: '值班',
    userList: [{ userId: 'zhangsan', userName: '张三' }],
    orgList: [{ orgId: '12', orgName: '市场部' }],
  },
  sampleInput: { tagId: '{tagId}' },
  handle: (ctx: Needs, { input, developer }) => tagAnswer(viewOf(ctx, developer), input.tagId),
})
