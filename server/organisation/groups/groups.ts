import { isDeepStrictEqual } from 'node:util'
import { perform } from '../../platform/acts/perform.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { checkText, readName, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { GroupUse } from '../../platform/manifest/access-end.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Db } from '../../platform/storage/db.ts'
import { checkKnownByAll } from '../../platform/upkeep/known-by-all.ts'
import type { Corps } from '../corps/corps.ts'
import { holdFeatures } from '../corps/features/store.ts'
import { isHere, userKey } from '../directory/mirror/members.ts'
import type { Mirror } from '../directory/mirror/mirror.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { checkGives, checkStillGives } from './gives-roles.ts'
import { boundRoleGroups, roleGroupGrants } from './granted-store.ts'
import * as store from './group-store.ts'
import {
  factsOf,
  listedIn,
  membershipsOf,
  putListed,
  putMoves,
  unknownAttributes,
} from './membership-store.ts'
import { type Rule, reachOf, readRule, withoutDepartments } from './rule.ts'
import { decidersOf, groundOf, movesOf } from './settle.ts'
import { settleSoon } from './work.ts'

export type GroupNeeds = Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers }

/** A group as people write it. `rule` as it came, not read yet; null for a list alone. `userIds`: the list. */
export type GroupSettings = { name: string; note: string; rule: unknown; userIds: readonly string[] }

export const groupsSince = '0183-member-groups.sql'
export const groupsAtMost = 500
export const listedAtMost = 10_000
const noteLength = 200

/** Who edits groups. `may` says whether they could give the same where a group is named; without it, as an operator may. */
export type Editor = { actor: string; may?: (use: GroupUse) => boolean }

/** Makes a group and returns its number. Throws 1000, 1001, 1005, 1006, 1007, 1009, and 1013 while an older node lives. */
export async function addGroup(
  ctx: GroupNeeds,
  editor: Editor,
  corpId: string,
  given: GroupSettings,
): Promise<number> {
  await checkKnownByAll(ctx.db, groupsSince)
  const mirror = await ctx.mirrors.load(corpId)
  const { rule, ...texts } = await checkGroup(ctx, mirror, given)
  const listed = memberIds(mirror, given.userIds, new Map())
  const { actor } = editor
  return perform(ctx, { act: 'group.add', actor, corpId }, async tx => {
    await store.lockGroups(tx, corpId)
    checkHolds(editor, await ctx.offered.groupUses(tx, corpId, undefined))
    const others = await store.groupsOf(tx, corpId)
    checkName(others, texts.name)
    if (others.length >= groupsAtMost)
      throw new ApiError('badParameter', {
        zh: told`已有 ${own(groupsAtMost)} 个人群，请先删除不用的；没有创建`,
        en: told`there are ${own(groupsAtMost)} groups, the most there may be: delete unused ones first; nothing was made`,
      })
    const changedAt = new Date(ctx.now())
    const values = { ...texts, rule, hasDates: reachOf(rule).hasDates, changedAt, changedBy: actor }
    const id = await store.insertGroup(tx, corpId, values)
    await putList(ctx, tx, mirror, { id, rule: null, version: 1 }, { added: listed, removed: [] })
    await settleSoon(tx, corpId, changedAt)
    const changes = changesOf({}, { ...texts, groupRule: rule, listed: listed.length })
    return { target: String(id), targetName: texts.name, detail: { changes }, answer: id }
  })
}

/** Changes what `change` has. `version` is that of the form, where there was one. Throws as `addGroup`, and 409. */
export async function setGroup(
  ctx: GroupNeeds,
  editor: Editor,
  corpId: string,
  id: number,
  change: Partial<GroupSettings>,
  version?: string,
): Promise<void> {
  await checkKnownByAll(ctx.db, groupsSince)
  const mirror = await ctx.mirrors.load(corpId)
  const stored = await knownGroup(ctx.db, corpId, id)
  const isAnew = change.rule !== undefined && !isDeepStrictEqual(change.rule, stored.rule)
  const next = await checkGroup(
    ctx,
    mirror,
    { ...stored, userIds: [], ...change },
    isAnew ? undefined : stored.rule,
  )
  const { actor } = editor
  await perform(ctx, { act: 'group.set', actor, corpId }, async tx => {
    await store.lockGroups(tx, corpId)
    const before = await store.lockGroup(tx, corpId, id)
    if (!before) throw unknownGroup(id)
    checkVersion(versionRow(before), version)
    checkName(
      (await store.groupsOf(tx, corpId)).filter(one => one.id !== id),
      next.name,
    )
    const rule = isAnew ? next.rule : before.rule
    const was = await listedIn(tx, corpId, id)
    const now =
      change.userIds &&
      memberIds(mirror, change.userIds, new Map(was.map(one => [userKey(one.userId), one.id])))
    const list = listChange(was, now)
    const changedAt = new Date(ctx.now())
    const texts = {
      name: change.name === undefined ? before.name : next.name,
      note: change.note === undefined ? before.note : next.note,
    }
    const isSamePeople = !isAnew && list.added.length + list.removed.length === 0
    const isNothing = isSamePeople && texts.name === before.name
    const uses = isNothing ? [] : await ctx.offered.groupUses(tx, corpId, id)
    checkHolds(editor, uses)
    if (!isSamePeople) checkStillGives(uses, { ...texts, rule, listed: (now ?? was).length })
    const values = { ...texts, rule, hasDates: reachOf(rule).hasDates, changedAt, changedBy: actor }
    await store.updateGroup(tx, corpId, id, values, isAnew && rule !== null)
    // What the rule says of those who leave the list is decided here, unless it is worked through anyway.
    await putList(ctx, tx, mirror, { id, rule, version: before.version }, list)
    if (isAnew && rule === null) await store.scanAgain(tx, corpId, [id])
    await settleSoon(tx, corpId, changedAt)
    const changes = changesOf(
      { name: before.name, note: before.note, groupRule: before.rule, listed: was.length },
      { ...texts, groupRule: rule, listed: now?.length ?? was.length },
    )
    const givesRights = uses.some(one => one.givesRights)
    const grants = givesRights ? await boundRoleGroups(tx, corpId, [id], list.removed) : []
    return { target: String(id), targetName: before.name, detail: { changes, grants }, answer: undefined }
  })
}

/** Deletes a group. Throws 1000 where something names it, which says what; one that is empty gives nothing to apps that are told of all. */
export async function removeGroup(
  ctx: GroupNeeds,
  { actor }: Editor,
  corpId: string,
  id: number,
): Promise<void> {
  await perform(ctx, { act: 'group.remove', actor, corpId }, async tx => {
    await store.lockGroups(tx, corpId)
    const before = await store.lockGroup(tx, corpId, id)
    if (!before) throw unknownGroup(id)
    const isEmpty = before.members === 0 && before.scanAfter === null
    const uses = (await ctx.offered.groupUses(tx, corpId, id)).filter(one => !one.isOfAll || !isEmpty)
    if (uses.length > 0) {
      const named = uses.slice(0, 10)
      throw new ApiError('badParameter', {
        zh: told`人群“${before.name}”还在使用，没有删除；用在：${named.map(one => one.zh).join('、')}`,
        en: told`the group "${before.name}" is in use and was not deleted; it is used in: ${named.map(one => one.en).join(', ')}`,
      })
    }
    await store.deleteGroup(tx, corpId, id)
    const { name, note, rule } = before
    const changes = changesOf({ name, note, groupRule: rule }, { name: null, note: null, groupRule: null })
    return { target: String(id), targetName: name, detail: { changes }, answer: undefined }
  })
}

/** Whoever changes who is in a group, or its name, could give by hand what it gives. Throws 1009. */
function checkHolds({ may }: Editor, uses: readonly GroupUse[]): void {
  const beyond = may ? uses.filter(one => !may(one)).slice(0, 10) : []
  if (beyond.length > 0)
    throw new ApiError('forbidden', {
      zh: told`这会改变${beyond.map(one => one.zh).join('、')}的范围，您没有修改它们的权限；没有改动`,
      en: told`this changes the range of ${beyond.map(one => one.en).join(', ')}, which you may not change; nothing was changed`,
    })
}

/** Takes departments that were deleted out of the rules. */
export async function endRuleDepartments(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  corpId: string,
  departmentIds: readonly number[],
): Promise<void> {
  const gone = new Set(departmentIds)
  for (const { id, rule: known } of await store.groupsOf(tx, corpId)) {
    if (!known || !withoutDepartments(known, gone)) continue
    // It may have been edited meanwhile.
    const group = await store.lockGroup(tx, corpId, id)
    const rule = group?.rule && withoutDepartments(group.rule, gone)
    if (!group || !rule) continue
    const values = { ...group, rule, hasDates: reachOf(rule).hasDates }
    await store.updateGroup(tx, corpId, id, values, true)
    const entry = {
      corpId,
      actor: 'wisp',
      act: 'group.set' as const,
      target: String(id),
      targetName: group.name,
    }
    const changes = changesOf({ groupRule: group.rule }, { groupRule: rule })
    const isOfRole = (await roleGroupGrants.read(tx, corpId, [String(id)])).length > 0
    const grants = isOfRole ? await boundRoleGroups(tx, corpId, [id]) : []
    await record(tx, ctx, { ...entry, detail: { changes, grants } })
  }
}

export function versionRow({ name, note, rule, version }: store.GroupRow): object {
  return { name, note, rule, version }
}

/** Throws 1000. */
export async function knownGroup(db: Db, corpId: string, id: number): Promise<store.GroupRow> {
  const group = await store.findGroup(db, corpId, id)
  if (!group) throw unknownGroup(id)
  return group
}

export function unknownGroup(id: number | string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有编号为 ${id} 的人群，它可能已被删除`,
    en: told`there is no group ${id}; it may have been deleted`,
  })
}

/**
 * Checks groups that visibility or a data scope names from now on, in the transaction that writes it; `known` were named before. Throws 1006
 * for one that is not there, 1009 where the corp has groups switched off, 1013 while an older node lives.
 */
export async function nameGroups(
  tx: Db,
  corpId: string,
  ids: readonly number[] = [],
  known: readonly number[] = [],
): Promise<void> {
  const added = ids.filter(id => !known.includes(id))
  if (added.length === 0) return
  await checkGroupsOn(tx, corpId)
  const held = await store.holdGroups(tx, corpId, added)
  const missing = added.filter(id => !held.includes(id))
  if (missing.length > 0) throw unknownGroups(missing)
}

/** Returns the refusal of groups that do not exist. */
export function unknownGroups(ids: readonly (number | string)[]): ApiError {
  return new ApiError('unknownTag', {
    zh: told`没有人群 ${ids.join('、')}`,
    en: told`there is no group ${ids.join(', ')}`,
  })
}

/** Whether these groups can give a role of the corp's own (gives-roles.ts). Throws 1000, and 1006 for one that is not there. */
export async function checkGiveRoles(db: Db, corpId: string, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const group = await store.findGroup(db, corpId, id)
    if (!group) throw unknownGroups([id])
    checkGives(group.name, group.rule, (await listedIn(db, corpId, id)).length)
  }
}

/** Names groups in a role, in the transaction that writes it; `known` were named before. Throws as `nameGroups` and `checkGiveRoles`. */
export async function nameInRole(
  tx: Db,
  corpId: string,
  ids: readonly number[],
  known: readonly number[],
): Promise<void> {
  await nameGroups(tx, corpId, ids, known)
  // From now on their rules and lists stay as they are until the transaction ends.
  await checkGiveRoles(
    tx,
    corpId,
    ids.filter(id => !known.includes(id)),
  )
}

/** Throws 1009 where the corp has groups switched off, and 1013 while an older node lives. Features stay until the transaction ends. */
export async function checkGroupsOn(tx: Db, corpId: string): Promise<void> {
  await checkKnownByAll(tx, groupsSince)
  const { features } = await holdFeatures(tx, corpId)
  if (!features.includes('groups'))
    throw new ApiError('forbidden', {
      zh: '本企业没有开启“人群”，超级管理员可在“企业与体检 → 功能”中开启',
      en: 'this corp has "Groups" switched off; a super administrator can switch it on in the console under Corps and check-up → Features',
    })
}

/**
 * Checks a group before it is stored. `before`: the rule that was checked when it was stored; what it names may be gone by now.
 * @throws ApiError 1000 (name, rule), 1005 (department), 1006 (tag), 1007 (member), 1009 (groups are switched off).
 */
export async function checkGroup(
  ctx: Core,
  mirror: Mirror,
  given: GroupSettings,
  before?: Rule | null,
): Promise<{ name: string; note: string; rule: Rule | null }> {
  const name = readName(given.name)
  checkText(given.note, 'note', noteLength)
  if (before !== undefined) return { name, note: given.note, rule: before }
  const rule = given.rule === null || given.rule === undefined ? null : readRule(given.rule)
  const { departments, tags, attributes } = reachOf(rule)
  const noDepartments = departments.filter(id => !mirror.tree.get(id))
  if (noDepartments.length > 0) throw new ApiError('unknownDepartment', told`${noDepartments.join('|')}`)
  const noTags = tags.filter(id => !mirror.tags.has(id))
  if (noTags.length > 0) throw new ApiError('unknownTag', told`${noTags.join('|')}`)
  const [strange] = await unknownAttributes(ctx.db, mirror.corpId, attributes)
  if (strange !== undefined)
    throw new ApiError('badParameter', {
      zh: told`rule：没有成员有扩展属性“${strange}”，请核对它在企业微信中的名称`,
      en: told`rule: no member has the extended attribute "${strange}": check its name in WeCom`,
    })
  return { name, note: given.note, rule }
}

function checkName(others: readonly store.GroupRow[], name: string): void {
  if (others.some(one => one.name.toLowerCase() === name.toLowerCase()))
    throw new ApiError('badParameter', {
      zh: told`name：已有名为“${name}”的人群`,
      en: told`name: there is a group "${name}" already`,
    })
}

/** Members by userid; people who left are found only among those who were listed. Throws 1000, 1007. */
function memberIds(
  { members }: Mirror,
  userIds: readonly string[],
  was: ReadonlyMap<string, number>,
): number[] {
  const keys = readSet(userIds.map(userKey), 'userIds', listedAtMost)
  return keys.map(key => {
    const core = members.byKey(key)
    const id = core && isHere(core) ? core.id : was.get(key)
    if (id === undefined) throw new ApiError('unknownMember', told`${key}`)
    return id
  })
}

type ListChange = { added: readonly number[]; removed: readonly number[] }

function listChange(was: readonly { id: number }[], now: readonly number[] | undefined): ListChange {
  if (!now) return { added: [], removed: [] }
  const before = new Set(was.map(one => one.id))
  const after = new Set(now)
  return {
    added: now.filter(id => !before.has(id)),
    removed: was.flatMap(({ id }) => (after.has(id) ? [] : id)),
  }
}

/** Writes the list of a group that is locked, and decides about those whom it concerns. */
async function putList(
  ctx: GroupNeeds,
  tx: Db,
  mirror: Mirror,
  group: { id: number; rule: Rule | null; version: number },
  change: ListChange,
): Promise<void> {
  const ids = [...change.added, ...change.removed]
  if (ids.length === 0) return
  const { corpId } = mirror
  const at = new Date(ctx.now())
  await putListed(tx, corpId, group.id, change, at)
  const rows = (await membershipsOf(tx, corpId, ids)).filter(one => one.groupId === group.id)
  const deciders = decidersOf([group], groundOf(ctx, mirror))
  await putMoves(tx, corpId, movesOf(deciders, ids, await factsOf(tx, corpId, ids), rows), at)
}
