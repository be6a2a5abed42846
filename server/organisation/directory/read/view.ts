import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type PersonalData, ready } from '../../../platform/http/output.ts'
import { told } from '../../../platform/http/told.ts'
import { isExternal, isListed, type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import type { DepartmentNode, DepartmentTree } from '../mirror/tree.ts'
import { scopeSight } from '../permissions/data-scope.ts'
import { departmentLevel, isEverything, level, type Sight, seesMember } from '../permissions/sight.ts'
import { aliasesOf } from '../store.ts'

type Needs = Core & { mirrors: Mirrors }

/** Wire forms of the entities (docs/interface/address-book.md#entities). */
export const departmentSchema = Type.Object({
  orgId: Type.String({ about: { zh: '部门 id', en: 'Id of the department' } }),
  orgName: Type.String({ about: { zh: '部门名称', en: 'Name of the department' } }),
  corpId: Type.String({ about: { zh: '企业 id', en: 'Id of the corp' } }),
  parentId: Type.String({
    about: { zh: '父部门 id，根部门为 "0"', en: 'Id of the parent department; "0" for the root' },
  }),
  sortNo: Type.Number({ about: { zh: '排序号，值大的排序靠前', en: 'Order: higher comes first' } }),
})

export const memberSchema = Type.Object({
  userId: Type.String({ about: { zh: '用户 id', en: 'Id of the member' } }),
  userName: Type.String({ about: { zh: '用户姓名', en: 'Name' } }),
  orgId: Type.String({ about: { zh: '主部门 id', en: 'Id of the main department' } }),
  mobile: Type.String({
    about: {
      zh: '手机号；没有 directory:mobile 权限时打码',
      en: 'Mobile number; masked without the permission directory:mobile',
    },
  }),
  alias: Type.String({ about: { zh: '别名', en: 'Alias' } }),
  fileId: Type.String({
    about: { zh: '头像文件 id，用于 /api/file/get', en: 'File id of the picture, for /api/file/get' },
  }),
  sex: Type.String({ about: { zh: '0-未定义；1-男；2-女', en: '0 unknown; 1 male; 2 female' } }),
  email: Type.String({
    about: {
      zh: '邮箱：企业微信通讯录的 email 字段，或管理员补充的；不是企业邮箱 (biz_mail)，没有时为空',
      en: "Mail address: the field email of WeCom's address book, or what administrators supplied; never WeCom's own mailbox (biz_mail); empty where there is none",
    },
  }),
  address: Type.String({ about: { zh: '地址', en: 'Address' } }),
  status: Type.Integer({
    about: {
      zh: '1-已激活；2-已禁用；4-未激活；6-外部人员（external=1）',
      en: '1 active; 2 disabled; 4 not activated; 6 from outside WeCom (external=1)',
    },
  }),
  avatarUrl: Type.String({
    about: { zh: '头像链接，一小时内有效', en: 'Link to the picture, good for an hour' },
  }),
})

export const memberWithOrgsSchema = Type.Object({
  ...memberSchema.properties,
  orgList: Type.Array(departmentSchema),
})

/** What a developer sees of its corp. The mirror moves on while a call waits; `sight` is of this `tree` and `revision`. */
export type View = {
  mirror: Mirror
  tree: DepartmentTree
  revision: number
  sight: Sight
  developer: Caller
  withMobile: boolean
  /** People from outside WeCom are found by their userids too. */
  withExternal?: boolean
}

export function viewOf(ctx: Needs, developer: Caller): View {
  const mirror = ctx.mirrors.of(developer.corpId)
  return {
    mirror,
    tree: mirror.tree,
    revision: mirror.revision,
    sight: scopeSight(mirror, developer),
    developer,
    withMobile: developer.scopes.has('directory:mobile'),
  }
}

/**
 * The same for the receivers of messages and for what asks for people from outside WeCom. They have no department of WeCom's, so that only
 * developers whose data scope is the whole corp find them.
 */
export function viewWithExternal(ctx: Needs, developer: Caller): View {
  return { ...viewOf(ctx, developer), withExternal: developer.dataScope === undefined }
}

export function findDepartment(view: View, orgId: string): DepartmentNode | undefined {
  const node = /^\d{1,10}$/.test(orgId) ? view.tree.get(Number(orgId)) : undefined
  return node && departmentLevel(view.sight, node) > level.none ? node : undefined
}

/** Throws 1005. */
export function visibleDepartment(view: View, orgId: string): DepartmentNode {
  const node = findDepartment(view, orgId)
  if (!node) throw new ApiError('unknownDepartment', told`${orgId}`)
  return node
}

type Visibility = Pick<View, 'mirror' | 'tree' | 'sight' | 'withExternal'>

export function visibleMember(view: Visibility, core: MemberCore | undefined): MemberCore | undefined {
  if (core && isExternal(core)) return view.withExternal ? core : undefined
  return core && isListed(core) && seesMember(view.sight, view.tree, core) ? core : undefined
}

/** The listed member with this userid, or undefined. Former userids are not looked up. */
export function livingMember(view: View, userId: string): MemberCore | undefined {
  return visibleMember(view, view.mirror.members.byKey(userKey(userId)))
}

/**
 * Finds the members for these userids, keyed as the caller spelt them. A former userid stands for its person for 30 days
 * unless somebody else has it now. Members who are not listed or not visible are left out.
 */
export async function namedMembers(
  ctx: Core,
  view: Visibility,
  userIds: readonly string[],
): Promise<Map<string, MemberCore>> {
  const { members, corpId } = view.mirror
  const strange = userIds.map(userKey).filter(key => !members.byKey(key))
  const aliases = await aliasesOf(ctx.db, corpId, strange, new Date(ctx.now()))
  const renamed = new Map(aliases.map(one => [one.userKey, members.byId(one.memberId)]))
  return new Map(
    userIds.flatMap(userId => {
      const key = userKey(userId)
      const core = visibleMember(view, members.byKey(key) ?? renamed.get(key))
      return core ? [[userId, core] as const] : []
    }),
  )
}

/** The member with this userid or, for 30 days after a change, with this former one. Throws 1007. */
export async function renamedMember(ctx: Core, view: View, userId: string): Promise<MemberCore> {
  const core = (await namedMembers(ctx, view, [userId])).get(userId)
  if (!core) throw new ApiError('unknownMember', told`${userId}`)
  return core
}

export async function listedMember(ctx: Needs, developer: Caller, userId: string): Promise<MemberCore> {
  const view = viewOf(ctx, developer)
  return livingMember(view, userId) ?? renamedMember(ctx, view, userId)
}

/** Members in wire form and in order. Answers synchronously when all are in memory, which is the normal case. */
export function withMembers<T>(
  ctx: Core,
  view: View,
  cores: readonly MemberCore[],
  isWithOrgs: boolean,
  use: (members: string[]) => T,
): T | Promise<T> {
  const { mirror, withMobile } = view
  const texts: string[] = []
  for (const core of cores) {
    const member = mirror.fragments.get(core, withMobile)
    if (member === undefined) return loadMembers(ctx, view, cores, isWithOrgs).then(use)
    texts.push(textOf(view, core, member, isWithOrgs))
  }
  return use(texts)
}

async function loadMembers(
  ctx: Core,
  view: View,
  cores: readonly MemberCore[],
  isWithOrgs: boolean,
): Promise<string[]> {
  const { mirror, withMobile } = view
  const texts = await mirror.fragments.read(ctx.db, cores, withMobile)
  return cores.flatMap((core, index) => {
    const member = texts[index]
    // The member was dropped between listing and reading.
    return member === undefined ? [] : textOf(view, core, member, isWithOrgs)
  })
}

/** A member in wire form as this view shows it. */
export function textOf(view: View, core: MemberCore, member: string, isWithOrgs: boolean): string {
  const visible = isEverything(view.sight) ? member : withVisibleMain(view, core, member)
  return isWithOrgs ? withOrgs(view, core, visible) : visible
}

const mainDepartment = /"orgId":"(\d*)"/

/** Instead of a main department that the developer does not see, the member's first visible one is named. */
function withVisibleMain(view: View, core: MemberCore, member: string): string {
  const seen = visibleNodes(view, core).map(node => String(node.department.id))
  return member.replace(mainDepartment, (given, id: string) =>
    seen.includes(id) ? given : `"orgId":"${seen[0] ?? ''}"`,
  )
}

function visibleNodes({ tree, sight }: View, core: MemberCore): DepartmentNode[] {
  return core.departments.flatMap(id => {
    const node = tree.get(id)
    return node && departmentLevel(sight, node) > level.none ? node : []
  })
}

function withOrgs(view: View, core: MemberCore, member: string): string {
  const list = visibleNodes(view, core)
    .map(node => node.wire)
    .join()
  return `${member.slice(0, -1)},"orgList":[${list}]}`
}

/** What the descriptions of such calls say of it. */
export const listNote = {
  zh: '开发者标记 listStyle: array 时 body 即为数组。',
  en: 'For developers with listStyle: array, body is the array.',
}

/** `body.list`, or the bare array for developers configured so (docs/interface/conventions.md#types-and-lists). */
export function listWire(developer: Caller, items: readonly string[], more = ''): string {
  const list = `[${items.join()}]`
  return developer.arrayLists ? list : `{"list":${list}${more}}`
}

/** A page of a list: `people` as of `listAnswer`, `isMore` when further pages follow. */
export type ListPage = { wire: string; people: PersonalData; isMore: boolean }

/** A bare array has no `total`, so that a header says whether further pages follow. */
export function pageAnswer({ arrayLists }: Caller, { wire, people, isMore }: ListPage) {
  return ready({ wire, people, ...(arrayLists && isMore ? { headers: { 'x-wisp-more': '1' } } : {}) })
}

/** `people`: whose personal data the list has. */
export function listAnswer(developer: Caller, items: readonly string[], people?: PersonalData) {
  return ready({ wire: listWire(developer, items), ...(people ? { people } : {}) })
}

const givenOfAll = ['userName', 'alias', 'sex', 'email', 'address'] as const

/** What an answer of these members gives of each. `more`: further fields that were asked for. */
export function personalDataOf(
  { withMobile }: Pick<View, 'withMobile'>,
  cores: readonly MemberCore[],
  more: readonly string[] = [],
): PersonalData {
  const fields = [...(withMobile ? ['mobile'] : []), ...givenOfAll, ...more]
  return { memberIds: cores.map(core => core.id), fields }
}
