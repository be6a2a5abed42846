import { Type } from 'typebox'
import type { Context } from '../context.ts'
import { endpoint, ready } from '../endpoint.ts'
import { ApiError } from '../errors.ts'
import { optionalIds, text } from '../input.ts'
import { WecomUnavailable } from '../upstream/wecom/errors.ts'
import { upstreamError } from '../upstream-error.ts'
import { livingMember, type View, viewOf, visibleDepartment } from './directory.ts'
import { isListed, userKey } from './members.ts'
import { seesTag } from './scope.ts'
import { departmentLevel, level, seesMember } from './sight.ts'
import type { Tag } from './store.ts'
import { writeDirectory } from './writer.ts'

/** Throws 1006. */
function visibleTag(view: View, tagId: string): Tag {
  const tag = /^\d{1,10}$/.test(tagId) ? view.mirror.tags.get(Number(tagId)) : undefined
  if (!tag || !seesTag(view.developer, tag.id)) throw new ApiError('unknownTag', tagId)
  return tag
}

export function tagAnswer(_ctx: Context, view: View, tagId: string) {
  const tag = visibleTag(view, tagId)
  const { members, tree } = view.mirror
  const userList = tag.userKeys.flatMap(key => {
    const core = members.byKey(key)
    if (!core || !isListed(core) || !seesMember(view.sight, tree, core)) return []
    return { userId: core.userId, userName: core.name }
  })
  const orgList = tag.departments.flatMap(id => {
    const node = tree.get(id)
    if (!node || departmentLevel(view.sight, node) === level.none) return []
    return { orgId: String(id), orgName: node.department.name }
  })
  return ready({ json: JSON.stringify({ tagId: String(tag.id), tagName: tag.name, userList, orgList }) })
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
  handle: (ctx, { input, developer }) => editTag(ctx, viewOf(ctx, developer), input, true),
})

export const removeTagUsers = endpoint({
  ...declared,
  path: '/api/org/removeTagUsers',
  section: '4.12',
  summary: '删除标签成员',
  handle: (ctx, { input, developer }) => editTag(ctx, viewOf(ctx, developer), input, false),
})

async function editTag(ctx: Context, view: View, given: TagInput, isAdding: boolean) {
  if (given.userIdList.length === 0 && given.partyIdList.length === 0) {
    throw new ApiError('missingParameter', 'userIdList、partyIdList 不能同时为空')
  }
  const tag = visibleTag(view, given.tagId)
  const users = knownUsers(view, given.userIdList)
  const departments = knownDepartments(view, given.partyIdList)
  const invalidUsers = new Set(given.userIdList.filter(userId => !users.has(userKey(userId))))
  const invalidParties = new Set(given.partyIdList.filter(id => !departments.has(id)))
  const parts = split([...users.keys()], [...departments.keys()])
  for (const part of parts) {
    const refused = await writePart(ctx, view, tag.id, part, isAdding)
    for (const userId of given.userIdList) if (refused.userKeys.has(userKey(userId))) invalidUsers.add(userId)
    for (const id of refused.parties) invalidParties.add(String(id))
  }
  return { invalUserIds: [...invalidUsers].join('|'), invalPartyIds: [...invalidParties] }
}

/** By key, in WeCom's own spelling. */
function knownUsers(view: View, userIds: string[]): Map<string, string> {
  return new Map(
    userIds.flatMap(userId => {
      const core = livingMember(view, userId)
      return core ? [[core.key, core.userId] as const] : []
    }),
  )
}

function knownDepartments(view: View, ids: string[]): Set<string> {
  return new Set(
    ids.filter(id => {
      try {
        return visibleDepartment(view, id) !== undefined
      } catch {
        return false
      }
    }),
  )
}

type Part = { userKeys: string[]; parties: number[] }

function split(userKeys: string[], departments: string[]): Part[] {
  const count = Math.max(
    Math.ceil(userKeys.length / usersPerCall),
    Math.ceil(departments.length / departmentsPerCall),
  )
  return Array.from({ length: count }, (_, n) => ({
    userKeys: userKeys.slice(n * usersPerCall, (n + 1) * usersPerCall),
    parties: departments.slice(n * departmentsPerCall, (n + 1) * departmentsPerCall).map(Number),
  }))
}

/** WeCom first, then the mirror; then the tag is read again, for others may write it at the same time. */
async function writePart(ctx: Context, view: View, tagId: number, part: Part, isAdding: boolean) {
  const { corpId } = view.mirror
  const { contact } = ctx.corps.get(corpId)
  const userIds = part.userKeys.map(key => view.mirror.members.byKey(key)?.userId ?? key)
  try {
    const refused = await (isAdding
      ? contact.addTagUsers(tagId, userIds, part.parties)
      : contact.delTagUsers(tagId, userIds, part.parties))
    const userKeys = new Set(refused.invalidUsers.map(userKey))
    const parties = new Set(refused.invalidParties)
    await writeToMirror(ctx, corpId, tagId, isAdding, {
      userKeys: part.userKeys.filter(key => !userKeys.has(key)),
      parties: part.parties.filter(id => !parties.has(id)),
    })
    return { userKeys, parties }
  } catch (error) {
    // It may have arrived: what WeCom has now is read again.
    if (error instanceof WecomUnavailable && error.ambiguous)
      await ctx.inbox.readAgain(corpId, `tag:${tagId}`)
    throw upstreamError(error)
  }
}

async function writeToMirror(
  ctx: Context,
  corpId: string,
  tagId: number,
  isAdding: boolean,
  part: Part,
): Promise<void> {
  const tag = ctx.mirrors.of(corpId).tags.get(tagId)
  if (!tag) return
  const change = <T>(present: T[], given: T[]) => {
    const named = new Set(given)
    return isAdding ? [...new Set([...present, ...given])] : present.filter(one => !named.has(one))
  }
  const next = {
    ...tag,
    userKeys: change(tag.userKeys, part.userKeys),
    departments: change(tag.departments, part.parties),
  }
  await writeDirectory(ctx, corpId, [{ kind: 'tag', op: 'put', tag: next }])
  await ctx.inbox.readAgain(corpId, `tag:${tagId}`)
}
