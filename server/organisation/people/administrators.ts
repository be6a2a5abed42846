import { Type } from 'typebox'
import { jointAct } from '../../platform/acts/joint-act.ts'
import { perform } from '../../platform/acts/perform.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import { readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Identity } from '../../platform/http/visitor.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import type { Corps } from '../corps/corps.ts'
import { isListed, type MemberCore, userKey } from '../directory/mirror/members.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { helpDeskRole, type Role } from '../directory/permissions/person.ts'
import { checkNotSeparated, corpOfJoint, givesRights } from '../three/gives-rights.ts'
import type { Three } from '../three/three.ts'
import { roleGrants } from './granted-store.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; three: Three }

export type RoleSettings = {
  level: Role['level']
  /** At least one for level 3; none for the others. */
  departments?: { departmentId: number; manage: boolean }[]
}

/** The form in which somebody who is signed in changes a role. */
export type RoleForm = {
  /** The version of the role that the form was filled from; '' when there was none. */
  version: string
  /** Who changes it; undefined for the local administrator. */
  self: Identity | undefined
  /** The administrator's own userid, which they type to lower or give up their own role. */
  confirm: string | undefined
}

/** Makes a member a super administrator (2), a graded one (3), or one of the help desk (4). Throws 1007, 1005, 1000. */
export async function setRole(
  ctx: Needs,
  actor: string,
  corpId: string,
  userId: string,
  role: RoleSettings,
  form?: RoleForm,
): Promise<void> {
  checkNotSeparated(ctx.three, corpId)
  const member = checkRoleOf(ctx, corpId, userId, role)
  if (role.level !== 2) checkOwn(member, form, lowered)
  await perform(ctx, { act: 'role.set', actor, corpId }, async tx => ({
    ...(await writeRole(tx, corpId, member, role, form)),
    answer: undefined,
  }))
}

async function writeRole(
  tx: Db,
  corpId: string,
  member: MemberCore,
  { level, departments = [] }: RoleSettings,
  form?: RoleForm,
) {
  const before = await store.lockRole(tx, corpId, member.id)
  if (form) checkUnchanged(before, form.version)
  await store.putRole(tx, corpId, member.id, { level, departments })
  const grants = await boundGrants(tx, roleGrants, corpId, [String(member.id)])
  const detail = { changes: changesOf(before ?? {}, { level, departments }), grants }
  return { target: member.userId, detail }
}

/** The member whose role it is to be. Throws 1007, 1005, 1000. */
function checkRoleOf(ctx: Needs, corpId: string, userId: string, role: RoleSettings): MemberCore {
  const member = memberOf(ctx, corpId, userId)
  checkRole(ctx, corpId, role.level, role.departments ?? [])
  return member
}

/** `role.set` where the three administrators are separated: one proposes it, another agrees. */
export const jointRole = jointAct({
  title: { zh: '设置管理员', en: 'Set administrator' },
  shape: Type.Object(
    {
      userId: Type.String({ maxLength: 64 }),
      level: Type.Enum([2, 3, 4]),
      departments: Type.Optional(
        Type.Array(Type.Object({ departmentId: Type.Integer(), manage: Type.Boolean() }), { maxItems: 200 }),
      ),
    },
    { additionalProperties: false },
  ),
  needs: () => givesRights,
  async check(ctx: Needs, corpId, { userId, ...role }) {
    const ofCorp = corpOfJoint(corpId)
    const check = async () => checkRoleOf(ctx, ofCorp, userId, role)
    const { id, userId: about } = await ctx.mirrors.during(ofCorp, check)
    return { about, memberIds: [id] }
  },
  async run(ctx: Needs, tx, _actor, corpId, { userId, ...role }) {
    const ofCorp = corpOfJoint(corpId)
    const write = () => writeRole(tx, ofCorp, memberOf(ctx, ofCorp, userId), role)
    return { act: 'role.set', ...(await ctx.mirrors.during(ofCorp, write)) }
  },
})

/** Takes away a member's role. Throws 1007 when there is no such member, 1000 when the member has no role. */
export async function removeRole(
  ctx: Needs,
  actor: string,
  corpId: string,
  userId: string,
  form?: RoleForm,
): Promise<void> {
  const member = memberOf(ctx, corpId, userId)
  checkOwn(member, form, removed)
  await perform(ctx, { act: 'role.remove', actor, corpId }, async tx => {
    const before = await store.lockRole(tx, corpId, member.id)
    if (form) checkUnchanged(before, form.version)
    if (!(await store.dropRole(tx, corpId, member.id)))
      throw new ApiError('badParameter', {
        zh: told`${member.userId} 没有角色`,
        en: told`${member.userId} has no role`,
      })
    const grants = await boundGrants(tx, roleGrants, corpId, [String(member.id)])
    const detail = { changes: changesOf({ ...before }, { level: null, departments: [] }), grants }
    return { target: member.userId, detail, answer: undefined }
  })
}

/**
 * Takes departments that were deleted out of the roles of graded administrators, who would see a new department of the same id otherwise.
 */
export async function endRoleDepartments(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  corpId: string,
  departmentIds: readonly number[],
): Promise<void> {
  const taken = await store.dropRoleDepartments(tx, corpId, departmentIds)
  for (const [memberId, own] of Map.groupBy(taken, one => one.memberId)) {
    const after = (await store.roleOf(tx, corpId, memberId))?.departments ?? []
    const lost = own.map(({ departmentId, manage }) => ({ departmentId, manage }))
    const grants = await boundGrants(tx, roleGrants, corpId, [String(memberId)])
    const detail = {
      changes: changesOf({ departments: [...after, ...lost] }, { departments: after }),
      grants,
    }
    await record(tx, ctx, { corpId, actor: 'wisp', act: 'role.set', target: own[0]!.userId, detail })
  }
  if (taken.length > 0) await signal(tx, 'wisp_config', corpId)
}

export type RoleView = {
  userId: string
  userName: string
  level: Role['level']
  departments: { departmentId: number; name: string; manage: boolean }[]
}

/** The roles of members who are in the address book now, but not of those who left. */
export async function listRoles(
  ctx: Core & { corps: Corps; mirrors: Mirrors },
  corpId: string,
): Promise<RoleView[]> {
  ctx.corps.get(corpId)
  const mirror = ctx.mirrors.of(corpId)
  return (await store.rolesOfCorp(ctx.db, corpId)).flatMap(({ memberId, level, departments }) => {
    const member = mirror.members.byId(memberId)
    if (!member || !isListed(member)) return []
    const named = departments.map(one => ({
      ...one,
      name: mirror.tree.get(one.departmentId)?.department.name ?? '',
    }))
    return [{ userId: member.userId, userName: member.name, level, departments: named }]
  })
}

/** The member who has this userid now. Throws 1007. */
export function memberOf(
  ctx: Core & { corps: Corps; mirrors: Mirrors },
  corpId: string,
  userId: string,
): MemberCore {
  ctx.corps.get(corpId)
  const member = ctx.mirrors.of(corpId).members.byKey(userKey(userId))
  if (!member || !isListed(member)) throw new ApiError('unknownMember', told`${userId}`)
  return member
}

const departmentsAtMost = 200

function checkRole(
  ctx: Core & { mirrors: Mirrors },
  corpId: string,
  level: number,
  departments: { departmentId: number; manage: boolean }[],
): void {
  if (level === 2 && departments.length > 0)
    throw new ApiError('badParameter', {
      zh: 'departments：超级管理员管理全部部门，不需指定部门',
      en: 'departments: a super administrator manages all departments and is given none',
    })
  if (level === helpDeskRole && departments.length > 0)
    throw new ApiError('badParameter', {
      zh: '服务台面向全体成员，不需指定部门',
      en: 'the help desk serves all members and is given no department',
    })
  if (level === 3 && departments.length === 0)
    throw new ApiError('missingParameter', {
      zh: 'departments：分级管理员至少需要一个部门',
      en: 'departments: a graded administrator needs at least one department',
    })
  const named = departments.map(one => one.departmentId)
  const ids = readSet(named, 'departments', departmentsAtMost)
  const { tree } = ctx.mirrors.of(corpId)
  const unknown = ids.filter(id => !tree.get(id))
  if (unknown.length > 0)
    throw new ApiError('unknownDepartment', {
      zh: told`${unknown.join('、')}`,
      en: told`${unknown.join(', ')}`,
    })
  if (ids.length < named.length)
    throw new ApiError('badParameter', {
      zh: 'departments：同一部门不能既管理又查看',
      en: 'departments: a department cannot be given both to manage and to view',
    })
}

const lowered: Words = { zh: '降级', en: 'lower yourself' }
const removed: Words = { zh: '移除管理员', en: 'remove yourself as administrator' }

/** Requires a confirmation, so that nobody locks themselves out by mistake. */
function checkOwn({ id, userId }: MemberCore, form: RoleForm | undefined, what: Words): void {
  if (form?.self?.id !== id || form.confirm === userId) return
  throw new ApiError('badParameter', {
    zh: told`confirm：您正要把自己${own(what.zh)}，请输入自己的账号 ${userId} 确认`,
    en: told`confirm: you are about to ${own(what.en)}; confirm it with your own userId ${userId}`,
  })
}

function checkUnchanged(present: Role | undefined, version: string): void {
  if (version !== (present ? roleVersion(present) : ''))
    throw new ApiError(
      'badParameter',
      {
        zh: '此人的角色刚刚被他人修改过，您的修改没有保存；请刷新后再改',
        en: 'another administrator has just changed this role, so your change was not saved: reload and redo the change',
      },
      { status: 409 },
    )
}

/** A role records no time of change, so its version is derived from its content. */
export function roleVersion({ level, departments }: Pick<Role, 'level' | 'departments'>): string {
  const sorted = departments.map(one => `${one.departmentId}:${one.manage}`).sort()
  return versionOf([level, ...sorted])
}
