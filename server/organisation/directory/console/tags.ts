import { type Static, Type } from 'typebox'
import type { Act } from '../../../platform/audit/acts.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalIds, optionalText, text } from '../../../platform/http/input.ts'
import { maybeOrderOf, onPage, orderOf, paging, sorting } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Tag } from '../entities.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { changeTag } from '../write/change-tag.ts'
import {
  departmentNameSchema,
  managesMember,
  memberRowSchema,
  memberRows,
  nameOf,
  pathOf,
  seenDepartments,
  sees,
  type Viewer,
  viewerOf,
} from './viewer.ts'

type Needs = Core & { mirrors: Mirrors }

const tagRowSchema = Type.Object({
  tagId: Type.String(),
  tagName: Type.String(),
  memberCount: Type.Number(),
  departmentCount: Type.Number(),
})
export type TagRow = Static<typeof tagRowSchema>

const byName = new Intl.Collator('zh-CN')

export const directoryTags = pageCall({
  method: 'GET',
  path: '/web/directory/tags',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: { text: optionalText('标签名', { max: 64 }), ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(tagRowSchema),
    total: Type.Number(),
  }),
  handle(ctx: Needs, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const wanted = (input.text ?? '').toLowerCase()
    const { by, sign } = orderOf(input.sort, ['tagName', 'tagId', 'memberCount'], 'tagId')
    const tags = [...viewer.mirror.tags.values()].filter(
      tag => tag.name.toLowerCase().includes(wanted) || String(tag.id) === wanted,
    )
    tags.sort((a, b) => {
      if (by === 'tagName') return sign * byName.compare(a.name, b.name) || a.id - b.id
      if (by === 'memberCount') return sign * (a.userKeys.length - b.userKeys.length) || a.id - b.id
      return sign * (a.id - b.id)
    })
    return {
      list: onPage(tags, input).map(tag => tagRow(viewer, tag)),
      total: tags.length,
    }
  },
})

function tagRow(viewer: Viewer, tag: Tag): TagRow {
  return {
    tagId: String(tag.id),
    tagName: tag.name,
    memberCount: taggedMembers(viewer, tag).length,
    departmentCount: seenDepartments(viewer, tag.departments).length,
  }
}

/** The members named by the tag itself that the viewer sees. */
function taggedMembers(viewer: Viewer, tag: Tag): MemberCore[] {
  return tag.userKeys.flatMap(key => {
    const core = viewer.mirror.members.byKey(key)
    return core && sees(viewer, core) ? core : []
  })
}

/** Throws 1006. */
function knownTag(viewer: Viewer, tagId: string): Tag {
  const tag = /^\d{1,10}$/.test(tagId) ? viewer.mirror.tags.get(Number(tagId)) : undefined
  if (!tag) throw new ApiError('unknownTag', told`${tagId}`)
  return tag
}

const tagId = text('标签 id', { max: 32 })

const tagDepartmentRowSchema = Type.Object({
  ...departmentNameSchema.properties,
  path: Type.Array(departmentNameSchema),
  canManage: Type.Boolean(),
})

const departmentsShown = 500

export const directoryTag = pageCall({
  method: 'GET',
  path: '/web/directory/tag',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: { tagId },
  output: Type.Object({
    ...tagRowSchema.properties,
    /** Only the first departments; tags with more than that are rare. */
    departments: Type.Array(tagDepartmentRowSchema),
  }),
  handle(ctx: Needs, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const tag = knownTag(viewer, input.tagId)
    const departments = seenDepartments(viewer, tag.departments)
      .slice(0, departmentsShown)
      .map(node => ({
        ...nameOf(node),
        path: pathOf(node),
        canManage: departmentLevel(viewer.sight, node) === level.manage,
      }))
    return { ...tagRow(viewer, tag), departments }
  },
})

export const directoryTagMembers = pageCall({
  method: 'GET',
  path: '/web/directory/tag-members',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: { tagId, text: optionalText('姓名或账号', { max: 64 }), ...paging, sort: sorting },
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        ...memberRowSchema.properties,
        canManage: Type.Boolean(),
      }),
    ),
    total: Type.Number(),
  }),
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const wanted = (input.text ?? '').toLowerCase()
    const order = maybeOrderOf(input.sort, ['userName', 'userId'])
    const cores = taggedMembers(viewer, knownTag(viewer, input.tagId)).filter(
      core => core.key.includes(wanted) || core.name.toLowerCase().includes(wanted),
    )
    if (order) {
      const { by, sign } = order
      cores.sort((a, b) =>
        by === 'userName' ? sign * byName.compare(a.name, b.name) : sign * (a.key < b.key ? -1 : 1),
      )
    }
    const page = onPage(cores, input)
    const manages = new Map(page.map(core => [core.userId, managesMember(viewer, core)]))
    const rows = await memberRows(ctx, viewer, page)
    return {
      list: rows.map(row => ({ ...row, canManage: manages.get(row.userId) === true })),
      total: cores.length,
    }
  },
})

const editedAtMost = 1000

export const directoryTagEdit = pageCall({
  method: 'POST',
  path: '/web/directory/tag-edit',
  access: administrator('graded'),
  point: 'directory:edit',
  directory: true,
  input: {
    tagId,
    isRemoving: optionalText('1 为移出标签', { max: 1 }),
    userIds: optionalIds('成员账号', { max: editedAtMost }),
    orgIds: optionalIds('部门 id', { max: editedAtMost }),
  },
  output: Type.Object({
    /** Unknown ids, ids outside the viewer's departments, and those that WeCom refused. */
    invalidUserIds: Type.Array(Type.String()),
    invalidOrgIds: Type.Array(Type.String()),
    changedUsers: Type.Number(),
    changedOrgs: Type.Number(),
  }),
  async handle(ctx: Core & { corps: Corps; inbox: Inbox; mirrors: Mirrors }, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const tag = knownTag(viewer, input.tagId)
    const { userIds, orgIds } = input
    const users = managedUsers(viewer, userIds)
    const departments = managedDepartments(viewer, orgIds)
    const fields = ['userIds', 'orgIds'] as const
    const isAdding = input.isRemoving !== '1'
    const { refused, changed } = await changeTag(ctx, corpId, tag.id, {
      isAdding,
      fields,
      userIds,
      orgIds,
      users,
      departments,
    })
    const act: Act = isAdding ? 'tag.add-members' : 'tag.remove-members'
    const detail = { tagName: tag.name, ...changed }
    const entry = { corpId, actor: visitor.actor, act, target: input.tagId, detail }
    if (changed.userIds.length + changed.orgIds.length > 0)
      await ctx.db.transaction().execute(tx => record(tx, ctx, entry))
    return {
      invalidUserIds: refused.userIds,
      invalidOrgIds: refused.orgIds,
      changedUsers: changed.userIds.length,
      changedOrgs: changed.orgIds.length,
    }
  },
})

/** The members among these whom the viewer manages, keyed as the caller spelt them. */
function managedUsers(viewer: Viewer, userIds: readonly string[]): Map<string, MemberCore> {
  return new Map(
    userIds.flatMap(userId => {
      const core = viewer.mirror.members.byKey(userKey(userId))
      return core && sees(viewer, core) && managesMember(viewer, core) ? [[userId, core] as const] : []
    }),
  )
}

function managedDepartments(viewer: Viewer, orgIds: readonly string[]): Map<string, number> {
  return new Map(
    orgIds.flatMap(orgId => {
      const node = /^\d{1,10}$/.test(orgId) ? viewer.tree.get(Number(orgId)) : undefined
      const isManaged = node && departmentLevel(viewer.sight, node) === level.manage
      return isManaged ? [[orgId, node.department.id] as const] : []
    }),
  )
}
