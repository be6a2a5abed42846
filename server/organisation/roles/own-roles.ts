import { perform } from '../../platform/acts/perform.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import type { Core } from '../../platform/core.ts'
import type { Range } from '../../platform/http/admin/grant.ts'
import { type Point, points } from '../../platform/http/admin/points.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { refused } from '../../platform/http/page-call.ts'
import { readName, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Corps } from '../corps/corps.ts'
import { isListed, type MemberCore, userKey } from '../directory/mirror/members.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { roleLevel } from '../directory/permissions/person.ts'
import { boundRoleGroups } from '../groups/granted-store.ts'
import { nameInRole } from '../groups/groups.ts'
import { shippedPoints, whyNotGivable } from '../rights/shipped.ts'
import { checkNotSeparated } from '../three/gives-rights.ts'
import type { Three } from '../three/three.ts'
import { holderGrants, ownRoleGrants } from './granted-store.ts'
import * as store from './role-store.ts'

export type RoleNeeds = Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers; three: Three }

/** Who makes or gives a role. `person` is undefined for an operator at the command line. */
export type Maker = { actor: string; person: Person | undefined }

/** A role as people write it. `groups`: whose members have it as long as they are in one of them. */
export type RoleSettings = {
  name: string
  points: readonly string[]
  range: Range
  until: Date | null
  groups?: readonly number[]
}

export const rolesAtMost = 100
export const holdersAtMost = 500
const inRangeAtMost = 200
export const groupsOfRoleAtMost = 10

/** Makes a role and returns its number. Throws 1000, 1001, 1002, 1005, 1006, 1009, 1013, and 403 for more than the maker holds. */
export async function addRole(
  ctx: RoleNeeds,
  maker: Maker,
  corpId: string,
  given: RoleSettings,
): Promise<number> {
  checkNotSeparated(ctx.three, corpId)
  const role = checkRole(ctx, maker, corpId, given)
  return perform(ctx, { act: 'own-role.add', actor: maker.actor, corpId }, tx => insertRole(tx, corpId, role))
}

/** Stores a new own role. @throws ApiError 1000 if the corp has the most it may have, or one of this name. */
export async function insertRole(tx: Db, corpId: string, role: store.RoleValues) {
  await store.lockRoles(tx, corpId)
  const others = await store.rolesOfCorp(tx, corpId)
  checkName(others, role.name)
  if (others.length >= rolesAtMost)
    throw new ApiError('badParameter', {
      zh: told`已有 ${own(rolesAtMost)} 个自定义角色，请先删除不用的；没有创建`,
      en: told`there are ${own(rolesAtMost)} own roles, the most there may be: delete unused ones first; nothing was made`,
    })
  await nameInRole(tx, corpId, role.groups, [])
  const id = await store.insertRole(tx, corpId, role)
  const grants = await boundTogether(tx, corpId, id, role.groups)
  const detail = { changes: changesOf({}, wordsOf(role)), grants }
  return { target: String(id), targetName: role.name, detail, answer: id }
}

/** Changes what `change` has. `version` is that of the form, where there was one. Throws as `addRole`, and 409. */
export async function setRole(
  ctx: RoleNeeds,
  maker: Maker,
  corpId: string,
  id: number,
  change: Partial<RoleSettings>,
  version?: string,
): Promise<void> {
  checkNotSeparated(ctx.three, corpId)
  await perform(ctx, { act: 'own-role.set', actor: maker.actor, corpId }, async tx => ({
    ...(await changeRole(ctx, tx, maker, corpId, { id, change, version })),
    answer: undefined,
  }))
}

export async function changeRole(
  ctx: RoleNeeds,
  tx: Db,
  maker: Maker,
  corpId: string,
  { id, change, version }: { id: number; change: Partial<RoleSettings>; version?: string | undefined },
) {
  const before = await lockedRole(tx, corpId, id)
  checkVersion(versionRow(before), version)
  // Neither somebody else's role nor what it becomes may be more than the maker's own.
  checkHolds(maker, before.points)
  const role = checkRole(ctx, maker, corpId, { ...before, ...change }, change)
  checkName(
    (await store.rolesOfCorp(tx, corpId)).filter(one => one.id !== id),
    role.name,
  )
  await nameInRole(tx, corpId, role.groups, before.groups)
  await store.updateRole(tx, corpId, id, role)
  const grants = await boundTogether(tx, corpId, id, [...before.groups, ...role.groups])
  const detail = { changes: changesOf(wordsOf(before), wordsOf(role)), grants }
  return { target: String(id), targetName: role.name, detail }
}

/** What the role gives now, and what the groups give that it names or has named. */
async function boundTogether(tx: Db, corpId: string, id: number, groups: readonly number[]) {
  const ofRole = await boundGrants(tx, ownRoleGrants, corpId, [String(id)])
  return [...ofRole, ...(await boundRoleGroups(tx, corpId, [...new Set(groups)]))]
}

/** Deletes a role; whoever has it loses it at once. Throws 1000, 409. */
export async function removeRole(
  ctx: RoleNeeds,
  maker: Maker,
  corpId: string,
  id: number,
  version?: string,
): Promise<void> {
  await perform(ctx, { act: 'own-role.remove', actor: maker.actor, corpId }, async tx => {
    const before = await lockedRole(tx, corpId, id)
    checkVersion(versionRow(before), version)
    await store.deleteRole(tx, corpId, id)
    const grants = await boundTogether(tx, corpId, id, before.groups)
    const changes = changesOf(wordsOf(before), {
      name: null,
      rolePoints: [],
      roleRange: null,
      roleGroups: [],
    })
    const detail = { changes, grants }
    return { target: String(id), targetName: before.name, detail, answer: undefined }
  })
}

/**
 * Gives a role to a member, or gives it them until another time. `until`: null for as long as the role lasts. Throws 1000, 1007, and
 * 403 for more than the giver holds.
 */
export async function giveRole(
  ctx: RoleNeeds,
  giver: Maker,
  corpId: string,
  id: number,
  userId: string,
  until: Date | null,
): Promise<void> {
  checkNotSeparated(ctx.three, corpId)
  const member = memberOf(ctx, corpId, userId)
  checkUntil(ctx, until)
  await perform(ctx, { act: 'own-role.give', actor: giver.actor, corpId }, async tx => ({
    ...(await writeHolder(ctx, tx, giver, corpId, { id, member, until })),
    answer: undefined,
  }))
}

/**
 * Gives a role to a member, or changes until when.
 * @throws ApiError 1000 if the role has as many members as it may have, 1009 if the giver lacks one of its points.
 */
export async function writeHolder(
  ctx: RoleNeeds,
  tx: Db,
  giver: Maker,
  corpId: string,
  { id, member, until }: { id: number; member: MemberCore; until: Date | null },
) {
  const role = await lockedRole(tx, corpId, id)
  checkHolds(giver, role.points)
  const holders = await store.holdersOf(tx, corpId, id)
  const before = holders.find(one => one.memberId === member.id)
  const live = holders.filter(one => !one.until || one.until.getTime() > ctx.now())
  if (!live.some(one => one.memberId === member.id) && live.length >= holdersAtMost)
    throw new ApiError('badParameter', {
      zh: told`一个角色最多给 ${own(holdersAtMost)} 人；没有授予`,
      en: told`a role is given to at most ${own(holdersAtMost)} members; it was not given`,
    })
  const givenAt = new Date(ctx.now())
  await store.putHolder(tx, corpId, {
    roleId: id,
    memberId: member.id,
    until,
    givenBy: giver.actor,
    givenAt,
  })
  const changes = changesOf({ until: before?.until ?? null }, { until })
  const grants = await boundGrants(tx, holderGrants, corpId, [`${id}/${member.id}`])
  const detail = { ownRole: role.name, changes, grants }
  return { target: member.userId, detail }
}

/** Takes a role from a member. Throws 1000 for one who does not have it. */
export async function takeRole(
  ctx: RoleNeeds,
  actor: string,
  corpId: string,
  id: number,
  userId: string,
): Promise<void> {
  const memberId = await holderNamed(ctx, corpId, id, userId)
  await perform(ctx, { act: 'own-role.take', actor, corpId }, async tx => {
    const role = await lockedRole(tx, corpId, id)
    if (memberId === undefined || !(await store.dropHolder(tx, corpId, id, memberId)))
      throw new ApiError('badParameter', {
        zh: told`${userId} 没有角色“${role.name}”`,
        en: told`${userId} does not have the role "${role.name}"`,
      })
    const grants = await boundGrants(tx, holderGrants, corpId, [`${id}/${memberId}`])
    return { target: userId, detail: { ownRole: role.name, grants }, answer: undefined }
  })
}

/** Takes departments that were deleted out of the ranges: WeCom may give their ids to other departments. */
export async function endRangeDepartments(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  corpId: string,
  departmentIds: readonly number[],
): Promise<void> {
  // Whoever changes a role at the same time would put back what they read before.
  await store.lockRoles(tx, corpId)
  const changed = await store.dropDepartments(tx, corpId, departmentIds)
  for (const { id, name, before, after } of changed) {
    const grants = await boundGrants(tx, ownRoleGrants, corpId, [String(id)])
    const detail = { changes: changesOf({ departments: before }, { departments: after }), grants }
    const entry = {
      corpId,
      actor: 'wisp',
      act: 'own-role.set' as const,
      target: String(id),
      targetName: name,
    }
    await record(tx, ctx, { ...entry, detail })
  }
  if (changed.length > 0) await signal(tx, 'wisp_config', corpId)
}

/** The role without what makes no difference to a form. */
export function versionRow({
  name,
  points,
  range,
  until,
  groups,
}: Omit<store.RoleRow, 'id' | 'changedAt'>): object {
  return { name, points, range, until, groups }
}

async function lockedRole(tx: Db, corpId: string, id: number): Promise<store.RoleRow> {
  await store.lockRoles(tx, corpId)
  const role = await store.findRole(tx, corpId, id)
  if (!role) throw unknownRole(id)
  return role
}

export function unknownRole(id: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有编号为 ${id} 的自定义角色，它可能已被删除`,
    en: told`there is no own role ${id}; it may have been deleted`,
  })
}

/** Returns the member with this userid. @throws ApiError 1007 if there is none. */
export function memberOf({ corps, mirrors }: RoleNeeds, corpId: string, userId: string): MemberCore {
  corps.get(corpId)
  const member = mirrors.of(corpId).members.byKey(userKey(userId))
  if (!member || !isListed(member)) throw new ApiError('unknownMember', told`${userId}`)
  return member
}

/** Who has the role under this userid; members who left the address book can lose it too. */
async function holderNamed({ db, mirrors }: RoleNeeds, corpId: string, id: number, userId: string) {
  const { members } = mirrors.of(corpId)
  const holders = await store.holdersOf(db, corpId, id)
  const isNamed = (memberId: number) =>
    members.byId(memberId)?.key === userKey(userId) || `#${memberId}` === userId
  return holders.find(one => isNamed(one.memberId))?.memberId
}

function checkName(others: readonly store.RoleRow[], name: string): void {
  if (others.some(one => one.name.toLowerCase() === name.toLowerCase()))
    throw new ApiError('badParameter', {
      zh: told`name：已有名为“${name}”的角色`,
      en: told`name: there is a role "${name}" already`,
    })
}

/** Checks that an end lies in the future; null and undefined are no end. @throws ApiError 1000 if it is in the past. */
export function checkUntil({ now }: Pick<Core, 'now'>, until: Date | null | undefined): void {
  if (until && until.getTime() <= now())
    throw new ApiError('badParameter', {
      zh: told`until ${own(until.toISOString())} 已经过去，应为以后的时间`,
      en: told`until ${own(until.toISOString())} is in the past; it should be in the future`,
    })
}

/**
 * Checks an own role before it is stored. `change`: what changes in a role that exists; departments and apps in the rest of it may
 * be deleted by now.
 * @throws ApiError 1000, 1001 (points, range), 1005 (department).
 */
export function checkRole(
  ctx: RoleNeeds,
  maker: Maker,
  corpId: string,
  given: RoleSettings,
  change: Partial<RoleSettings> = given,
): store.RoleValues {
  ctx.corps.get(corpId)
  if (change.until) checkUntil(ctx, change.until)
  const own = readSet(given.points, 'points', 200).map(readPoint)
  if (own.length === 0) throw new ApiError('missingParameter', 'points')
  const range = change.range ? readRange(ctx, corpId, change.range) : given.range
  checkHolds(maker, own)
  const inOrder = (Object.keys(points) as Point[]).filter(one => own.includes(one))
  const { until } = given
  const groups = readSet(given.groups ?? [], 'groups', groupsOfRoleAtMost)
  const name = readName(given.name)
  return { name, points: inOrder, range, until, groups, changedAt: new Date(ctx.now()) }
}

/** Throws 1000 for a point that there is not, and for one that no own role may hold. */
function readPoint(given: string): Point {
  if (!Object.hasOwn(points, given))
    throw new ApiError('badParameter', {
      zh: told`points：没有权限点 ${given}，应为“对象:动作”，例如 directory:read`,
      en: told`points: there is no point ${given}; it should be like directory:read`,
    })
  const point = given as Point
  const why = whyNotGivable(point)
  if (why)
    throw new ApiError('badParameter', {
      zh: told`points：自定义角色不能有 ${own(point)}：${own(why.zh)}`,
      en: told`points: an own role cannot have ${own(point)}: ${own(why.en)}`,
    })
  return point
}

/** Nobody makes, changes or gives a role that is more than what they hold themselves. */
function checkHolds({ person }: Maker, wanted: readonly string[]): void {
  if (!person) return
  const held: ReadonlySet<string> = shippedPoints(person)
  const lacking = wanted.filter(one => !held.has(one))
  const levels: readonly number[] = [roleLevel.system, roleLevel.superAdministrator]
  if (lacking.length > 0)
    throw refused({
      zh: `您没有权限 ${lacking.join('、')}，不能让别人有`,
      en: `you do not have ${lacking.join(', ')} and cannot give it to others`,
    })
  if (!levels.includes(person.roleLevel))
    throw refused({
      zh: '只有范围是整个企业的超级管理员可以设置和授予角色',
      en: 'only super administrators, whose range is the whole corp, make and give roles',
    })
}

function readRange(ctx: RoleNeeds, corpId: string, range: Range): Range {
  if (range.kind === 'corp') return { kind: 'corp' }
  if (range.kind === 'departments') {
    const { tree } = ctx.mirrors.of(corpId)
    const departmentIds = readSet(range.departmentIds, 'range.departmentIds', inRangeAtMost)
    if (departmentIds.length === 0) throw new ApiError('missingParameter', 'range.departmentIds')
    const unknown = departmentIds.filter(id => !tree.get(id))
    if (unknown.length > 0)
      throw new ApiError('unknownDepartment', {
        zh: told`${unknown.join('、')}`,
        en: told`${unknown.join(', ')}`,
      })
    return { kind: 'departments', departmentIds }
  }
  const appIds = readSet(range.appIds, 'range.appIds', inRangeAtMost)
  const devIds = readSet(range.devIds, 'range.devIds', inRangeAtMost)
  if (appIds.length + devIds.length === 0) throw new ApiError('missingParameter', 'range.appIds')
  const known = ctx.offered.inRange(corpId)
  const strange = [
    ...appIds.filter(id => !known.app.has(id)),
    ...devIds.filter(id => !known.developer.has(id)),
  ]
  if (strange.length > 0)
    throw new ApiError('badParameter', {
      zh: told`range：企业没有应用或开发者 ${strange.join('、')}`,
      en: told`range: the corp has no app or developer ${strange.join(', ')}`,
    })
  return { kind: 'apps', appIds, devIds }
}

/** A role by the fields of the audit log. */
export function wordsOf({ name, points: own, range, until, groups: roleGroups = [] }: RoleSettings) {
  const departments = range.kind === 'departments' ? range.departmentIds : undefined
  const { appIds: roleApps, devIds: roleDevelopers } = range.kind === 'apps' ? range : {}
  const parts = { departments, roleApps, roleDevelopers, roleGroups }
  return { name, rolePoints: own, roleRange: range.kind, ...parts, until }
}
