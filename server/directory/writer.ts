import { createHash } from 'node:crypto'
import { signal } from '../bus.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import type { StoredMember } from './fragments.ts'
import { type MemberCore, type UpstreamMember, userKey } from './members.ts'
import { emptyPatch, type Mirror, type Patch } from './mirror.ts'
import { pinyinOf } from './pinyin.ts'
import type { Change, Tag } from './store.ts'
import * as store from './store.ts'
import type { Department } from './tree.ts'

/** One thing that upstream says; applied in the order given. */
export type Operation =
  | { kind: 'department'; op: 'put'; department: Department }
  | { kind: 'department'; op: 'drop'; id: number }
  | { kind: 'member'; op: 'put'; member: UpstreamMember }
  | { kind: 'member'; op: 'drop'; userId: string }
  | { kind: 'member'; op: 'rename'; from: string; to: string }
  /** Gone at some time: only whoever is known since before then. */
  | { kind: 'member'; op: 'leave'; userId: string; bornBefore: Date }
  | { kind: 'tag'; op: 'put'; tag: Tag }
  | { kind: 'tag'; op: 'drop'; id: number }

export type Written = { changes: Change[] }

/** The mirror moved between looking and locking; the write is planned again. */
class Overtaken extends Error {}

const attempts = 20
const aliasDays = 30

/**
 * Writes what differs from the mirror, the change feed with it, in one transaction that `within` may add to (events
 * done, a run's progress, the fence). What is equal is not written. Other nodes are told at commit; this one's memory
 * is current when the promise resolves.
 */
export async function writeDirectory(
  ctx: Context,
  corpId: string,
  operations: readonly Operation[],
  within?: (tx: Db, written: Written) => Promise<void>,
): Promise<Written> {
  for (let attempt = 1; ; attempt++) {
    const mirror = ctx.mirrors.of(corpId)
    if (!within && !operations.some(operation => differs(mirror, operation))) return { changes: [] }
    const from = mirror.seq
    try {
      const plan = await ctx.db.transaction().execute(async tx => {
        if ((await store.lockFeed(tx, corpId)) !== from) throw new Overtaken()
        const plan = newPlan(ctx, mirror)
        for (const group of grouped(
          operations.filter(operation => isOrdered(operation) || differs(mirror, operation)),
        )) {
          await writeGroup(tx, plan, group)
        }
        plan.changes.forEach((change, index) => {
          change.seq = from + index + 1
        })
        await store.appendChanges(tx, corpId, plan.changes, plan.at)
        await within?.(tx, { changes: plan.changes })
        if (plan.changes.length > 0)
          await signal(tx, 'wisp_directory', `${corpId} ${from + plan.changes.length}`)
        return plan
      })
      await ctx.mirrors.applied(corpId, plan.patch, from, from + plan.changes.length)
      return { changes: plan.changes }
    } catch (error) {
      if (!(error instanceof Overtaken) || attempt === attempts) throw error
      await ctx.mirrors.refresh(corpId)
    }
  }
}

type Plan = { mirror: Mirror; corpId: string; at: Date; aliasUntil: Date; patch: Patch; changes: Change[] }

function newPlan(ctx: Context, mirror: Mirror): Plan {
  const at = new Date(ctx.now())
  const aliasUntil = new Date(ctx.now() + aliasDays * 86_400_000)
  return { mirror, corpId: mirror.corpId, at, aliasUntil, patch: emptyPatch(), changes: [] }
}

function isOrdered(operation: Operation): boolean {
  return operation.op !== 'put' || operation.kind === 'member'
}

/** A cheap look in memory; most of a full sync ends here. */
export function differs(mirror: Mirror, operation: Operation): boolean {
  switch (operation.kind) {
    case 'department':
      return operation.op === 'drop'
        ? mirror.tree.get(operation.id) !== undefined
        : !isSameDepartment(mirror.tree.get(operation.department.id)?.department, operation.department)
    case 'tag':
      return operation.op === 'drop'
        ? mirror.tags.has(operation.id)
        : !isSameTag(mirror.tags.get(operation.tag.id), operation.tag)
    case 'member':
      if (operation.op === 'rename' || operation.op === 'leave') return true
      if (operation.op === 'drop') return mirror.members.byKey(userKey(operation.userId)) !== undefined
      return !isSameMember(mirror.members.byKey(userKey(operation.member.userId)), operation.member)
  }
}

function isSameDepartment(a: Department | undefined, b: Department): boolean {
  if (!a || a.name !== b.name || a.parentId !== b.parentId || a.sortNo !== b.sortNo) return false
  return a.leaders.join('|') === b.leaders.join('|')
}

function isSameTag(a: Tag | undefined, b: Tag): boolean {
  if (!a || a.name !== b.name || a.userKeys.length !== b.userKeys.length) return false
  if (a.departments.length !== b.departments.length) return false
  const keys = new Set(a.userKeys)
  return b.userKeys.every(key => keys.has(key)) && b.departments.every(id => a.departments.includes(id))
}

function isSameMember(
  core: Pick<MemberCore, 'hash' | 'userId'> | undefined,
  member: UpstreamMember,
): boolean {
  return core !== undefined && core.userId === member.userId && core.hash === memberHash(member)
}

/** 48 bits of SHA-1 over every field: exact as a number, and a change is missed once in 10^14. */
export function memberHash(member: UpstreamMember): number {
  const fields = [
    member.userId,
    member.name,
    member.alias,
    member.mobile,
    member.email,
    member.sex,
    member.avatar,
    member.address,
    member.position,
    member.status,
    member.mainDepartment,
    member.departments,
    member.orders,
    member.leaderIn,
    member.directLeaders,
  ]
  return createHash('sha1').update(JSON.stringify(fields)).digest().readUIntBE(0, 6)
}

/** Neighbours of one kind and op become one statement; the order between groups is kept. */
function grouped(operations: readonly Operation[]): Operation[][] {
  const groups: Operation[][] = []
  for (const operation of operations) {
    const last = groups.at(-1)
    const isAlike =
      last?.[0]?.kind === operation.kind &&
      last[0].op === operation.op &&
      operation.op !== 'rename' &&
      operation.op !== 'leave'
    if (last && isAlike) last.push(operation)
    else groups.push([operation])
  }
  return groups
}

async function writeGroup(tx: Db, plan: Plan, group: Operation[]): Promise<void> {
  const first = group[0]!
  const key = `${first.kind} ${first.op}` as const
  const of = <O extends Operation>() => group as O[]
  type Of<K, O> = Extract<Operation, { kind: K; op: O }>
  if (key === 'department put')
    return putDepartments(
      tx,
      plan,
      of<Of<'department', 'put'>>().map(one => one.department),
    )
  if (key === 'department drop')
    return dropDepartments(
      tx,
      plan,
      of<Of<'department', 'drop'>>().map(one => one.id),
    )
  if (key === 'member put')
    return putMembers(
      tx,
      plan,
      of<Of<'member', 'put'>>().map(one => one.member),
    )
  if (key === 'member drop')
    return dropMembers(
      tx,
      plan,
      of<Of<'member', 'drop'>>().map(one => userKey(one.userId)),
    )
  if (key === 'tag put')
    return putTags(
      tx,
      plan,
      of<Of<'tag', 'put'>>().map(one => one.tag),
    )
  if (key === 'tag drop')
    return dropTags(
      tx,
      plan,
      of<Of<'tag', 'drop'>>().map(one => one.id),
    )
  if (key === 'member leave') return leave(tx, plan, first as Of<'member', 'leave'>)
  const { from, to } = first as Of<'member', 'rename'>
  return renameMember(tx, plan, from, to)
}

function addChange(plan: Plan, change: Pick<Change, 'kind' | 'op' | 'entityId'> & Partial<Change>): void {
  plan.changes.push({ seq: 0, oldId: null, memberId: null, departmentsBefore: null, ...change })
}

/** What the plan has made of an entity so far, or else what the mirror has. */
function current(
  plan: Plan,
  key: string,
): Pick<MemberCore, 'id' | 'userId' | 'departments' | 'hash'> | undefined {
  return plan.patch.members.has(key) ? plan.patch.members.get(key) : plan.mirror.members.byKey(key)
}

async function putDepartments(tx: Db, plan: Plan, departments: Department[]): Promise<void> {
  const latest = [...new Map(departments.map(one => [one.id, one])).values()]
  await store.putDepartments(tx, plan.corpId, latest)
  for (const department of latest) {
    const before = plan.mirror.tree.get(department.id)?.department
    const op = before && before.parentId !== department.parentId ? 'move' : 'put'
    addChange(plan, { kind: 'department', op, entityId: String(department.id) })
    plan.patch.departments.set(department.id, department)
  }
}

async function dropDepartments(tx: Db, plan: Plan, ids: number[]): Promise<void> {
  await store.dropDepartments(tx, plan.corpId, ids)
  for (const id of ids) {
    addChange(plan, { kind: 'department', op: 'drop', entityId: String(id) })
    plan.patch.departments.set(id, undefined)
  }
  const gone = new Set(ids)
  await editTags(tx, plan, tag => {
    const departments = tag.departments.filter(id => !gone.has(id))
    return departments.length < tag.departments.length ? { ...tag, departments } : undefined
  })
}

async function putMembers(tx: Db, plan: Plan, members: UpstreamMember[]): Promise<void> {
  const latest = [...new Map(members.map(one => [userKey(one.userId), one])).entries()]
  const changed = latest.filter(([key, member]) => !isSameMember(current(plan, key), member))
  if (changed.length === 0) return
  const rows = changed.map(([key, member]) => ({
    ...member,
    id: current(plan, key)?.id ?? 0,
    userKey: key,
    ...(member.name === undefined ? {} : { pinyin: pinyinOf(member.name) }),
    hash: memberHash(member),
  }))
  const isNew = (row: store.MemberWrite) => row.id === 0
  const inserted = await store.insertMembers(tx, plan.corpId, rows.filter(isNew), plan.at)
  const updated = await store.updateMembers(
    tx,
    rows.filter(row => !isNew(row)),
  )
  for (const row of [...inserted, ...updated]) {
    const key = userKey(row.userId)
    const before = current(plan, key)
    const hasMoved = before && before.departments.join() !== row.departments.join()
    addChange(plan, {
      kind: 'member',
      op: 'put',
      entityId: row.userId,
      memberId: row.id,
      departmentsBefore: hasMoved ? [...before.departments] : null,
    })
    plan.patch.members.set(key, row)
  }
}

async function dropMembers(tx: Db, plan: Plan, keys: string[]): Promise<void> {
  const gone = new Map(
    keys.flatMap(key => {
      const before = current(plan, key)
      return before ? [[key, before] as const] : []
    }),
  )
  await store.dropMembers(
    tx,
    [...gone.values()].map(one => one.id),
    plan.at,
  )
  for (const [key, before] of gone) {
    addChange(plan, {
      kind: 'member',
      op: 'drop',
      entityId: before.userId,
      memberId: before.id,
      departmentsBefore: [...before.departments],
    })
    plan.patch.members.set(key, undefined)
  }
  await editTags(tx, plan, tag => {
    const userKeys = tag.userKeys.filter(key => !gone.has(key))
    return userKeys.length < tag.userKeys.length ? { ...tag, userKeys } : undefined
  })
}

async function leave(
  tx: Db,
  plan: Plan,
  { userId, bornBefore }: { userId: string; bornBefore: Date },
): Promise<void> {
  const key = userKey(userId)
  const person = await store.personRecord(tx, plan.corpId, key)
  if (person?.leftAt === null && person.createdAt < bornBefore) await dropMembers(tx, plan, [key])
}

/**
 * The person keeps everything under the new userid. Safe to repeat: an alias that already leads from the old userid to
 * the person who has the new one says that this was done. A person who was taken for gone, or for somebody new, because
 * the news came late, is put together again.
 */
async function renameMember(tx: Db, plan: Plan, from: string, to: string): Promise<void> {
  const [oldKey, newKey] = [userKey(from), userKey(to)]
  const holder = await store.personRecord(tx, plan.corpId, newKey)
  const alias = await store.aliasOf(tx, plan.corpId, oldKey, plan.at)
  if (oldKey === newKey || (holder && alias?.memberId === holder.id)) return
  const person = await store.personRecord(tx, plan.corpId, oldKey)
  if (!person) return
  if (holder?.leftAt === null) {
    if (holder.createdAt < person.createdAt || holder.id < person.id) return
    await store.deleteMember(tx, holder.id)
  }
  await store.renameMember(tx, plan.corpId, person.id, to, newKey, {
    userKey: oldKey,
    expiresAt: plan.aliasUntil,
  })
  const rows = await store.membersById(tx, [person.id])
  const row = rows[0] as StoredMember
  addChange(plan, { kind: 'member', op: 'rename', entityId: to, oldId: from, memberId: person.id })
  plan.patch.members.set(oldKey, undefined)
  plan.patch.members.set(newKey, row)
  await editTags(tx, plan, tag =>
    tag.userKeys.includes(oldKey)
      ? { ...tag, userKeys: [...new Set(tag.userKeys.map(key => (key === oldKey ? newKey : key)))] }
      : undefined,
  )
}

async function putTags(tx: Db, plan: Plan, tags: Tag[]): Promise<void> {
  const latest = [...new Map(tags.map(tag => [tag.id, tag])).values()]
  await store.putTags(tx, plan.corpId, latest)
  for (const tag of latest) {
    addChange(plan, { kind: 'tag', op: 'put', entityId: String(tag.id) })
    plan.patch.tags.set(tag.id, tag)
  }
}

async function dropTags(tx: Db, plan: Plan, ids: number[]): Promise<void> {
  await store.dropTags(tx, plan.corpId, ids)
  for (const id of ids) {
    addChange(plan, { kind: 'tag', op: 'drop', entityId: String(id) })
    plan.patch.tags.set(id, undefined)
  }
}

/** WeCom takes what is gone out of the tags and tells nobody. */
async function editTags(tx: Db, plan: Plan, edit: (tag: Tag) => Tag | undefined): Promise<void> {
  const tags = new Map(plan.mirror.tags)
  for (const [id, tag] of plan.patch.tags) {
    if (tag) tags.set(id, tag)
    else tags.delete(id)
  }
  const edited = [...tags.values()].flatMap(tag => edit(tag) ?? [])
  if (edited.length > 0) await putTags(tx, plan, edited)
}
