import type { Db } from '../../../platform/storage/db.ts'
import type { StoredMember } from '../entities.ts'
import { isListed, memberStatus, userKey } from '../mirror/members.ts'
import { lineages } from '../mirror/tree.ts'
import * as store from '../store.ts'
import { filledMembers, writeSupplements } from '../supplement/fill-members.ts'
import { givenByWecom, moveSupplements } from '../supplement/supplement-store.ts'
import { changedFields } from './changed-fields.ts'
import { isSameMember, memberHash } from './difference.ts'
import { addChange, current, type MemberPutOperation, type Operation, type Plan } from './plan.ts'
import { editTags, tellTags } from './tags.ts'

export type Rename = Extract<Operation, { op: 'rename' }>
export type LeaveOperation = Extract<Operation, { op: 'leave' }>

/** Tolerance between WeCom's clock and ours when its times are compared with times that we recorded. */
const clockSlackMs = 5000

/** `before`: the member as the plan so far, or else the mirror, has it. */
type MemberUpdate = { put: MemberPutOperation; before: NonNullable<ReturnType<typeof current>> }

export async function putMembers(tx: Db, plan: Plan, puts: MemberPutOperation[]): Promise<void> {
  const latest = new Map<string, MemberPutOperation>()
  for (const put of puts) latest.set(put.key, put)
  const fresh: MemberPutOperation[] = []
  const known: MemberUpdate[] = []
  for (const put of latest.values()) {
    const before = current(plan, put.key)
    if (!before) fresh.push(put)
    else if (!isSameMember(before, put)) known.push({ put, before })
  }
  const appeared = new Set<string>()
  for (const row of await insertNew(tx, plan, fresh)) {
    appeared.add(row.key)
    addChange(plan, { kind: 'member', op: 'put', entityId: row.userId, memberId: row.id, fields: {} })
    plan.patch.members.set(row.key, row)
  }
  const ids = known.map(({ before }) => before.id)
  const stored = byId(await store.membersById(tx, plan.corpId, ids))
  const updated = byId(await updateKnown(tx, plan.corpId, known))
  for (const { put, before } of known) {
    const row = updated.get(before.id)
    const old = stored.get(before.id)
    if (!row || !old) continue
    const hasMoved = before.departments.join() !== row.departments.join()
    const hasAppeared = hasMoved || isListed(before) !== isListed(row)
    if (hasAppeared) appeared.add(put.key)
    if (before.status === memberStatus.active && row.status !== memberStatus.active) plan.ended.push(row.id)
    addChange(plan, {
      kind: 'member',
      op: 'put',
      entityId: row.userId,
      memberId: row.id,
      departmentsBefore: hasAppeared ? lineages(plan.mirror.tree, before.departments) : null,
      fields: changedFields(old, row),
    })
    plan.patch.members.set(put.key, row)
  }
  tellTags(plan, appeared, tag => tag.userKeys)
}

function byId<T extends { id: number }>(rows: readonly T[]): Map<number, T> {
  return new Map(rows.map(row => [row.id, row]))
}

/** Fields that upstream withheld are empty in a new member; the userid stands in for a missing name. */
async function insertNew(
  tx: Db,
  plan: Plan,
  puts: readonly MemberPutOperation[],
): Promise<(StoredMember & { key: string })[]> {
  if (puts.length === 0) return []
  const rows = puts.map((put): store.NewMember => {
    const { key, member } = put
    return {
      userKey: key,
      userId: member.userId,
      name: member.name ?? member.userId,
      alias: member.alias ?? '',
      mobile: member.mobile ?? '',
      email: member.email ?? '',
      sex: member.sex ?? 0,
      avatar: member.avatar ?? '',
      address: member.address ?? '',
      position: member.position ?? '',
      status: member.status ?? memberStatus.active,
      mainDepartment: member.mainDepartment,
      departments: member.departments,
      orders: member.orders,
      leaderIn: member.leaderIn,
      directLeaders: member.directLeaders ?? [],
      attributes: member.attributes ?? [],
      bizMail: member.bizMail ?? '',
      hash: memberHash(put),
      fromWecom: givenByWecom(member),
    }
  })
  const ids = await store.insertMembers(tx, plan.corpId, rows, plan.at)
  plan.arrived.push(...ids.values())
  return rows.map(({ userKey, fromWecom: _, attributes: _attributes, bizMail: _bizMail, ...row }) => ({
    ...row,
    key: userKey,
    id: ids.get(userKey)!,
  }))
}

async function updateKnown(tx: Db, corpId: string, told: readonly MemberUpdate[]): Promise<StoredMember[]> {
  if (told.length === 0) return []
  const rows = told.map(({ put, before }) => ({
    ...put.member,
    id: before.id,
    userKey: put.key,
    hash: memberHash(put),
  }))
  return store.updateMembers(tx, corpId, await filledMembers(tx, corpId, rows))
}

export async function supplement(tx: Db, plan: Plan): Promise<void> {
  for (const { row, before } of await writeSupplements(tx, plan.corpId)) {
    const fields = changedFields({ ...row, ...before }, row)
    addChange(plan, { kind: 'member', op: 'put', entityId: row.userId, memberId: row.id, fields })
    plan.patch.members.set(userKey(row.userId), row)
  }
}

export async function dropMembers(tx: Db, plan: Plan, keys: string[]): Promise<void> {
  const gone = new Map(
    keys.flatMap(key => {
      const before = current(plan, key)
      return before ? [[key, before] as const] : []
    }),
  )
  await store.dropMembers(
    tx,
    plan.corpId,
    [...gone.values()].map(one => one.id),
    plan.at,
  )
  for (const [key, before] of gone) {
    plan.ended.push(before.id)
    addChange(plan, {
      kind: 'member',
      op: 'drop',
      entityId: before.userId,
      memberId: before.id,
      departmentsBefore: lineages(plan.mirror.tree, before.departments),
    })
    plan.patch.members.set(key, undefined)
  }
  await editTags(tx, plan, tag => {
    const userKeys = tag.userKeys.filter(key => !gone.has(key))
    return userKeys.length < tag.userKeys.length ? { ...tag, userKeys } : undefined
  })
}

/** Drops the person who had the userid at that time, but not one who got it later by joining or by a rename. */
export async function leave(tx: Db, plan: Plan, { userId, at, bornBefore }: LeaveOperation): Promise<void> {
  const key = userKey(userId)
  const person = await store.livingPerson(tx, plan.corpId, key)
  if (!person || person.createdAt >= bornBefore || (person.renamedAt && person.renamedAt >= at)) return
  await dropMembers(tx, plan, [key])
}

/** Applies renames in WeCom's order. A rename in a chain may need another one first, so those that fail are retried. */
export async function renameMembers(tx: Db, plan: Plan, renames: Rename[]): Promise<void> {
  let waiting = [...renames].sort((a, b) => a.at.getTime() - b.at.getTime())
  for (let isMoving = true; isMoving; ) {
    const left: Rename[] = []
    for (const rename of waiting) if (!(await renameMember(tx, plan, rename))) left.push(rename)
    isMoving = left.length < waiting.length && left.length > 0
    waiting = left
  }
}

/**
 * Moves a person with everything to the new userid. Safe to repeat: the old userid's alias shows that it was done. If the
 * rename arrives late and the person was taken for gone or for somebody new, both rows become one person again. Returns
 * false when nobody had the old userid at that time.
 */
async function renameMember(tx: Db, plan: Plan, { from, to, at }: Rename): Promise<boolean> {
  const [oldKey, newKey] = [userKey(from), userKey(to)]
  if (oldKey === newKey) return true
  const alias = await store.aliasOf(tx, plan.corpId, oldKey, plan.at)
  if (alias && alias.since >= at) return true
  const person = await store.personAt(tx, plan.corpId, oldKey, at, clockSlackMs)
  if (!person) return false
  const holder = await store.livingPerson(tx, plan.corpId, newKey)
  if (holder?.renamedAt && holder.renamedAt > at) return false
  if (holder && holder.id !== person.id) {
    // WeCom assigns only free userids: an older holder must be gone, and a newer one is this same person.
    if (holder.createdAt < at) await dropMembers(tx, plan, [newKey])
    else {
      await moveSupplements(tx, plan.corpId, holder.id, person.id)
      await store.deleteMember(tx, plan.corpId, holder.id)
    }
  }
  await store.renameMember(tx, plan.corpId, person.id, to, newKey, { userKey: oldKey, since: at })
  const rows = await store.membersById(tx, plan.corpId, [person.id])
  addChange(plan, {
    kind: 'member',
    op: 'rename',
    entityId: to,
    oldId: from,
    memberId: person.id,
    departmentsBefore: lineages(plan.mirror.tree, rows[0]?.departments ?? []),
  })
  plan.patch.members.set(newKey, rows[0] as StoredMember)
  if (person.leftAt !== null) {
    // Somebody else has the old userid by now. Followers of the feed took it as gone by the rename, so it is reported again.
    const other = current(plan, oldKey)
    if (other) addChange(plan, { kind: 'member', op: 'put', entityId: other.userId, memberId: other.id })
    return true
  }
  plan.patch.members.set(oldKey, undefined)
  await editTags(tx, plan, tag =>
    tag.userKeys.includes(oldKey)
      ? { ...tag, userKeys: [...new Set(tag.userKeys.map(key => (key === oldKey ? newKey : key)))] }
      : undefined,
  )
  return true
}
