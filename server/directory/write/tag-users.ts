import { Type } from 'typebox'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { endpoint } from '../../http/endpoint.ts'
import { ApiError } from '../../http/errors.ts'
import { optionalIds, text } from '../../http/input.ts'
import { upstreamError } from '../../http/upstream-error.ts'
import type { Inbox } from '../../inbox/inbox.ts'
import { WecomUnavailable } from '../../upstream/wecom/errors.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { seesTag } from '../permissions/data-scope.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { findDepartment, livingMember, namedMembers, type View, viewOf } from '../read/view.ts'
import type { Tag } from '../store.ts'
import type { Operation } from './plan.ts'
import { writeDirectory } from './writer.ts'

type Needs = Core & { corps: Corps; inbox: Inbox; mirrors: Mirrors }

/** Throws 1006. */
function visibleTag(view: View, tagId: string): Tag {
  const tag = /^\d{1,10}$/.test(tagId) ? view.mirror.tags.get(Number(tagId)) : undefined
  if (!tag || !seesTag(view.developer, tag.id)) throw new ApiError('unknownTag', tagId)
  return tag
}

export function tagAnswer(view: View, tagId: string) {
  const tag = visibleTag(view, tagId)
  const userList = tag.userKeys.flatMap(key => {
    const core = livingMember(view, key)
    return core ? { userId: core.userId, userName: core.name } : []
  })
  const orgList = tag.departments.flatMap(id => {
    const node = view.tree.get(id)
    if (!node || departmentLevel(view.sight, node) === level.none) return []
    return { orgId: String(id), orgName: node.department.name }
  })
  return { tagId: String(tag.id), tagName: tag.name, userList, orgList }
}

const listAtMost = 50_000
const usersPerCall = 1000
const departmentsPerCall = 100

const input = {
  tagId: text('标签 ID', { max: 32 }),
  userIdList: optionalIds('成员 ID 列表', { max: listAtMost }),
  partyIdList: optionalIds('部门 ID 列表', { max: listAtMost }),
}
type TagInput = { tagId: string; userIdList: string[]; partyIdList: string[] }

const declared = {
  methods: ['POST'],
  access: { by: 'developer', scope: 'tag:write' },
  directory: true,
  input,
  description:
    'userIdList、partyIdList 不能同时为空。先写入企业微信，再更新平台通讯录；无效的 ID 在应答中列出。',
  output: Type.Object({
    invalUserIds: Type.String({ description: '无效的用户 ID，用 | 分隔' }),
    invalPartyIds: Type.Array(Type.String(), { description: '无效的部门 ID' }),
  }),
  errors: ['unknownTag', 'upstream'],
  sample: { invalUserIds: 'lisi|wangwu', invalPartyIds: ['9'] },
} as const

export const addTagUsers = endpoint({
  ...declared,
  path: '/api/org/addTagUsers',
  section: '4.11',
  summary: '增加标签成员',
  handle: (ctx: Needs, { input, developer }) => editTag(ctx, viewOf(ctx, developer), input, true),
})

export const removeTagUsers = endpoint({
  ...declared,
  path: '/api/org/removeTagUsers',
  section: '4.12',
  summary: '删除标签成员',
  handle: (ctx: Needs, { input, developer }) => editTag(ctx, viewOf(ctx, developer), input, false),
})

async function editTag(ctx: Needs, view: View, given: TagInput, isAdding: boolean) {
  if (given.userIdList.length === 0 && given.partyIdList.length === 0) {
    throw new ApiError('missingParameter', {
      zh: 'userIdList、partyIdList 不能同时为空',
      en: 'userIdList or partyIdList',
    })
  }
  const tag = visibleTag(view, given.tagId)
  const users = await namedMembers(ctx, view, given.userIdList)
  const departments = knownDepartments(view, given.partyIdList)
  const refused = await changeTag(ctx, view.mirror.corpId, tag.id, { users, departments, isAdding })
  const invalidUsers = given.userIdList.filter(userId => !users.has(userId) || refused.userIds.has(userId))
  const invalidParties = given.partyIdList.filter(id => !departments.has(id) || refused.orgIds.has(id))
  return { invalUserIds: invalidUsers.join('|'), invalPartyIds: invalidParties }
}

/**
 * Changes a tag. `users` and `departments` are keyed as the caller spelt them, so that the refused ones can be reported in
 * the same form. Throws 1011.
 */
export async function changeTag(
  ctx: Needs,
  corpId: string,
  tagId: number,
  change: { users: Map<string, MemberCore>; departments: Map<string, number>; isAdding: boolean },
): Promise<{ userIds: Set<string>; orgIds: Set<string> }> {
  const { users, departments, isAdding } = change
  const refusals = { userIds: new Set<string>(), orgIds: new Set<string>() }
  const userIds = new Map([...users.values()].map(core => [core.key, core.userId]))
  for (const part of split([...userIds.values()], [...new Set([...departments.values()])])) {
    const refused = await writePart(ctx, corpId, tagId, part, isAdding)
    for (const [userId, core] of users) if (refused.userKeys.has(core.key)) refusals.userIds.add(userId)
    for (const [id, department] of departments) if (refused.parties.has(department)) refusals.orgIds.add(id)
  }
  return refusals
}

/** The visible departments among these, keyed as the caller spelt them. */
function knownDepartments(view: View, ids: string[]): Map<string, number> {
  return new Map(
    ids.flatMap(id => {
      const node = findDepartment(view, id)
      return node ? [[id, node.department.id] as const] : []
    }),
  )
}

type Part = { userIds: string[]; parties: number[] }

function split(userIds: string[], parties: number[]): Part[] {
  const count = Math.max(
    Math.ceil(userIds.length / usersPerCall),
    Math.ceil(parties.length / departmentsPerCall),
  )
  return Array.from({ length: count }, (_, n) => ({
    userIds: userIds.slice(n * usersPerCall, (n + 1) * usersPerCall),
    parties: parties.slice(n * departmentsPerCall, (n + 1) * departmentsPerCall),
  }))
}

/** Writes to WeCom first, then to the mirror; then reads the tag again, because others may be writing it too. */
async function writePart(ctx: Needs, corpId: string, tagId: number, part: Part, isAdding: boolean) {
  const { contact } = ctx.corps.get(corpId)
  try {
    const refused = await (isAdding
      ? contact.addTagUsers(tagId, part.userIds, part.parties)
      : contact.delTagUsers(tagId, part.userIds, part.parties))
    const userKeys = new Set(refused.invalidUsers.map(userKey))
    const parties = new Set(refused.invalidParties)
    await writeToMirror(ctx, corpId, tagId, isAdding, {
      userKeys: part.userIds.map(userKey).filter(key => !userKeys.has(key)),
      parties: part.parties.filter(id => !parties.has(id)),
    })
    return { userKeys, parties }
  } catch (error) {
    // WeCom may have carried out the change, so the tag's current state is read again.
    if (error instanceof WecomUnavailable && error.ambiguous) await readAgain(ctx, corpId, tagId)
    throw upstreamError(error)
  }
}

async function writeToMirror(
  ctx: Core & { inbox: Inbox; mirrors: Mirrors },
  corpId: string,
  tagId: number,
  isAdding: boolean,
  done: { userKeys: string[]; parties: number[] },
): Promise<void> {
  const change = <T>(present: T[], given: T[]) => {
    const named = new Set(given)
    return isAdding ? [...new Set([...present, ...given])] : present.filter(one => !named.has(one))
  }
  // This runs again if another write came in between, so that no addition is lost.
  const edits = (): Operation[] => {
    const tag = ctx.mirrors.of(corpId).tags.get(tagId)
    if (!tag) return []
    const userKeys = change(tag.userKeys, done.userKeys)
    const departments = change(tag.departments, done.parties)
    return [{ kind: 'tag', op: 'put', tag: { ...tag, userKeys, departments } }]
  }
  await writeDirectory(ctx, corpId, edits)
  await readAgain(ctx, corpId, tagId)
}

/** Others may have changed the tag meanwhile, so the sync reads its current state from WeCom. */
async function readAgain(ctx: Core & { inbox: Inbox }, corpId: string, tagId: number): Promise<void> {
  const entity = `tag:${tagId}`
  await ctx.inbox.remind(ctx.db, { corpId, stream: 'directory', kind: 'read_again', entity, isHint: false })
}
