import { Type } from 'typebox'
import type { Context } from '../context.ts'
import type { Developer } from '../developers/developers.ts'
import { ready } from '../endpoint.ts'
import { ApiError } from '../errors.ts'
import { isListed, type MemberCore, userKey } from './members.ts'
import type { Mirror } from './mirror.ts'
import { scopeSight } from './scope.ts'
import { departmentLevel, isEverything, level, type Sight, seesMember } from './sight.ts'
import { aliasOf } from './store.ts'
import type { DepartmentNode } from './tree.ts'

/** Wire shapes (spec §4, Entities). */
export const departmentSchema = Type.Object({
  orgId: Type.String({ description: '部门 id' }),
  orgName: Type.String({ description: '部门名称' }),
  corpId: Type.String({ description: '企业 id' }),
  parentId: Type.String({ description: '父部门 id，根部门为 "0"' }),
  sortNo: Type.Number({ description: '排序号，值大的排序靠前' }),
})

export const memberSchema = Type.Object({
  userId: Type.String({ description: '用户 id' }),
  userName: Type.String({ description: '用户姓名' }),
  orgId: Type.String({ description: '主部门 id' }),
  mobile: Type.String({ description: '手机号；没有 directory:mobile 权限时打码' }),
  alias: Type.String({ description: '别名' }),
  fileId: Type.String({ description: '头像文件 id，用于 /api/file/get' }),
  sex: Type.String({ description: '0-未定义；1-男；2-女' }),
  email: Type.String({ description: '邮箱' }),
  address: Type.String({ description: '地址' }),
  status: Type.Integer({ description: '1-已激活；2-已禁用；4-未激活' }),
  avatarUrl: Type.String({ description: '头像链接，一小时内有效' }),
})

export const memberWithOrgsSchema = Type.Object({
  ...memberSchema.properties,
  orgList: Type.Array(departmentSchema),
})

/** What a developer sees of its corp. */
export type View = { mirror: Mirror; sight: Sight; developer: Developer; withMobile: boolean }

export function viewOf(ctx: Context, developer: Developer): View {
  const mirror = ctx.mirrors.of(developer.corpId)
  return {
    mirror,
    sight: scopeSight(mirror, developer),
    developer,
    withMobile: developer.scopes.has('directory:mobile'),
  }
}

/** Throws 1005. */
export function visibleDepartment(view: View, orgId: string): DepartmentNode {
  const node = /^\d{1,10}$/.test(orgId) ? view.mirror.tree.get(Number(orgId)) : undefined
  if (!node || departmentLevel(view.sight, node) === level.none)
    throw new ApiError('unknownDepartment', orgId)
  return node
}

/** The listed member with this userid, or undefined. Aliases are not looked up. */
export function livingMember(view: View, userId: string): MemberCore | undefined {
  const core = view.mirror.members.byKey(userKey(userId))
  return core && isListed(core) && seesMember(view.sight, view.mirror.tree, core) ? core : undefined
}

/** By userid or, for 30 days, by the userid before it changed. Throws 1007. */
export async function renamedMember(ctx: Context, view: View, userId: string): Promise<MemberCore> {
  const { mirror } = view
  const alias = mirror.members.byKey(userKey(userId))
    ? undefined
    : await aliasOf(ctx.db, mirror.corpId, userKey(userId), new Date(ctx.now()))
  const core = alias && mirror.members.byId(alias.memberId)
  if (!core || !isListed(core) || !seesMember(view.sight, mirror.tree, core))
    throw new ApiError('unknownMember', userId)
  return core
}

export async function listedMember(ctx: Context, developer: Developer, userId: string): Promise<MemberCore> {
  const view = viewOf(ctx, developer)
  return livingMember(view, userId) ?? renamedMember(ctx, view, userId)
}

/** The wire form of members, in order: at once when all are in memory, which is the rule. */
export function withMembers<T>(
  ctx: Context,
  view: View,
  cores: readonly MemberCore[],
  isWithOrgs: boolean,
  use: (members: string[]) => T,
): T | Promise<T> {
  const { mirror, withMobile } = view
  const texts: string[] = []
  for (const core of cores) {
    const open = mirror.fragments.open(core, withMobile)
    if (open === undefined) return loadMembers(ctx, view, cores, isWithOrgs).then(use)
    texts.push(isWithOrgs ? `${open},"orgList":[${orgListOf(view, core)}]}` : `${open}}`)
  }
  return use(texts)
}

async function loadMembers(
  ctx: Context,
  view: View,
  cores: readonly MemberCore[],
  isWithOrgs: boolean,
): Promise<string[]> {
  const { mirror, withMobile } = view
  await mirror.fragments.load(ctx.db, cores)
  return cores.flatMap(core => {
    const open = mirror.fragments.open(core, withMobile)
    // Gone between the list and the reading.
    if (open === undefined) return []
    return isWithOrgs ? `${open},"orgList":[${orgListOf(view, core)}]}` : `${open}}`
  })
}

function orgListOf(view: View, core: MemberCore): string {
  const { tree } = view.mirror
  const isWhole = isEverything(view.sight)
  let list = ''
  for (const id of core.departments) {
    const node = tree.get(id)
    if (node && (isWhole || departmentLevel(view.sight, node) > level.none))
      list += list ? `,${node.json}` : node.json
  }
  return list
}

/** `body.list`, or the bare array for developers marked so (spec §2). */
export function listAnswer(developer: Developer, items: readonly string[], more = '') {
  const list = `[${items.join()}]`
  return ready({ json: developer.arrayLists ? list : `{"list":${list}${more}}` })
}
