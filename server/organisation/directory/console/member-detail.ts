import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Corps } from '../../corps/corps.ts'
import { memberHistory } from '../feed-store.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import { ancestors } from '../mirror/tree.ts'
import type { Roles } from '../permissions/person.ts'
import { membersById } from '../store.ts'
import {
  isFromWecom,
  type SupplementField,
  type SupplementSource,
  shownOf,
  supplementFields,
  supplementRecords,
} from '../supplement/supplement-store.ts'
import { changesSeen, memberChangeSchema } from './member-changes.ts'
import {
  departmentNameSchema,
  levelWord,
  managesMember,
  memberRow,
  memberRowSchema,
  nameOf,
  pathOf,
  seenDepartments,
  sees,
  type Viewer,
} from './viewer.ts'

/** `earlier`: WeCom provided the field before it stopped doing so. */
export type FieldSource = 'wecom' | SupplementSource | 'earlier' | 'none'
const fieldOriginSchema = Type.Object({
  field: Type.Enum(['email', 'mobile', 'avatar']),
  source: Type.Enum(['wecom', 'consent', 'import', 'earlier', 'none']),
  /** Present when consent or an import provided a value, whether it is shown or not. */
  given: Type.Optional(
    Type.Object({
      source: Type.Enum(['consent', 'import']),
      updatedAt: Type.String(),
      updatedBy: Type.String(),
      isShown: Type.Boolean(),
    }),
  ),
})
export type FieldOrigin = Static<typeof fieldOriginSchema>
export const memberDetailSchema = Type.Object({
  ...memberRowSchema.properties,
  sex: Type.Number(),
  address: Type.String(),
  /** Whether the viewer may change the member's data. */
  canManage: Type.Boolean(),
  orgs: Type.Array(
    Type.Object({
      orgId: Type.String(),
      orgName: Type.String(),
      path: Type.Array(departmentNameSchema),
      isMain: Type.Boolean(),
      isLeader: Type.Boolean(),
      level: Type.Enum(['manage', 'view', 'path']),
    }),
  ),
  directLeaders: Type.Array(
    Type.Object({
      userId: Type.String(),
      userName: Type.String(),
    }),
  ),
  /** `via`: the department that carries the tag; absent when the member carries it directly. */
  tags: Type.Array(
    Type.Object({
      tagId: Type.String(),
      tagName: Type.String(),
      via: Type.Optional(departmentNameSchema),
    }),
  ),
  /** The role, also one that is no level of the interface document: 4 is the help desk. */
  roleLevel: Type.Union([Type.Literal(0), Type.Literal(4), Type.Literal(3), Type.Literal(2)]),
  assigned: Type.Array(
    Type.Object({
      orgId: Type.String(),
      orgName: Type.String(),
      manage: Type.Boolean(),
    }),
  ),
  origins: Type.Array(fieldOriginSchema),
  /** Newest first. */
  changes: Type.Array(memberChangeSchema),
})
export type MemberDetail = Static<typeof memberDetailSchema>

const changesShown = 20

/** Returns what the console shows of a member. @throws ApiError 1007 if the visitor may not see the member. */
export async function memberDetail(
  ctx: Core & { corps: Corps; roles: Roles },
  viewer: Viewer,
  core: MemberCore,
): Promise<MemberDetail> {
  const { db } = ctx
  const ids = [core.id]
  const [[member], [shown], given, history] = await Promise.all([
    membersById(db, viewer.corpId, ids),
    shownOf(db, viewer.corpId, ids),
    supplementRecords(db, viewer.corpId, ids),
    memberHistory(db, viewer.corpId, core.id, changesShown),
  ])
  if (!member || !shown) throw new ApiError('unknownMember', told`${core.userId}`)
  const role = ctx.roles.of(core.id)
  const orgs = seenDepartments(viewer, member.departments).map(node => ({
    ...nameOf(node),
    path: pathOf(node),
    isMain: node.department.id === member.mainDepartment,
    isLeader: member.leaderIn[member.departments.indexOf(node.department.id)] === 1,
    level: levelWord(viewer, node),
  }))
  return {
    ...memberRow(ctx, viewer, member),
    sex: member.sex,
    address: member.address,
    canManage: managesMember(viewer, core),
    orgs,
    directLeaders: namesOf(viewer, member.directLeaders),
    tags: tagsOf(viewer, core),
    roleLevel: role?.level ?? 0,
    assigned: (role?.departments ?? []).flatMap(({ departmentId, manage }) =>
      seenDepartments(viewer, [departmentId]).map(node => ({ ...nameOf(node), manage })),
    ),
    origins: supplementFields.map(field => {
      const record = given.find(one => one.field === field && one.value !== '')
      return originOf(field, shown[field], isFromWecom(shown.fromWecom, field), record)
    }),
    changes: changesSeen(viewer, core, history),
  }
}

function originOf(
  field: SupplementField,
  value: string,
  isWecom: boolean,
  record: { value: string; source: SupplementSource; updatedAt: Date; updatedBy: string } | undefined,
): FieldOrigin {
  const isShown = record !== undefined && value === record.value && !isWecom
  const source = value === '' ? 'none' : isWecom ? 'wecom' : isShown ? record.source : 'earlier'
  if (!record) return { field, source }
  const { updatedAt, updatedBy } = record
  return {
    field,
    source,
    given: { source: record.source, updatedAt: updatedAt.toISOString(), updatedBy, isShown },
  }
}

function namesOf(viewer: Viewer, userIds: readonly string[]): { userId: string; userName: string }[] {
  return userIds.flatMap(userId => {
    const core = viewer.mirror.members.byKey(userKey(userId))
    return core && sees(viewer, core) ? { userId: core.userId, userName: core.name } : []
  })
}

function tagsOf(viewer: Viewer, core: MemberCore): MemberDetail['tags'] {
  const { tree, mirror } = viewer
  const above = new Set(
    core.departments.flatMap(id => {
      const node = tree.get(id)
      return node ? [id, ...ancestors(node).map(one => one.department.id)] : []
    }),
  )
  return [...mirror.tags.values()].flatMap(tag => {
    const named = { tagId: String(tag.id), tagName: tag.name }
    if (tag.userKeys.includes(core.key)) return named
    const via = tag.departments.find(id => above.has(id))
    const node = via === undefined ? undefined : tree.get(via)
    if (!node) return []
    return seenDepartments(viewer, [node.department.id]).length > 0 ? { ...named, via: nameOf(node) } : named
  })
}
