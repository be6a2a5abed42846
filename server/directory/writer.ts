import type { Context } from '../context.ts'
import type { Db } from '../db.ts'
import { differs, isSameMember, memberHash, memberPinyin } from './difference.ts'
import type { StoredMember } from './members.ts'
import { isListed, type MemberCore, memberStatus, type UpstreamMember, userKey } from './members.ts'
import { emptyPatch, type Mirror, type Patch } from './mirror.ts'
import type { Change, Tag } from './store.ts'
import * as store from './store.ts'
import { givenByWecom, moveSupplements } from './supplement-store.ts'
import { filledMembers, writeSupplements } from './supplement-write.ts'
import { type Department, lineages } from './tree.ts'

/** `hash` and `pinyin` are worked out once, by difference.ts. */
export type MemberPut = {
  kind: 'member'
  op: 'put'
  member: UpstreamMember
  hash?: number
  pinyin?: string
}

/** One thing that upstream says; applied in the order given. */
export type Operation =
  | { kind: 'department'; op: 'put'; department: Department }
  | { kind: 'department'; op: 'drop'; id: number }
  | MemberPut
  | { kind: 'member'; op: 'drop'; userId: string }
  /** `at` is WeCom's time of the change, in whole seconds. */
  | { kind: 'member'; op: 'rename'; from: string; to: string; at: Date }
  /** Gone at some time: only whoever is known since before then. */
  | { kind: 'member'; op: 'leave'; userId: string; at: Date; bornBefore: Date }
  /** What persons consented to and what was imported since the last time (supplement.ts). */
  | { kind: 'member'; op: 'supplement' }
  | { kind: 'tag'; op: 'put'; tag: Tag }
  | { kind: 'tag'; op: 'drop'; id: number }

export type Written = { changes: Change[] }
type Within = (tx: Db, written: Written) => Promise<void>

/** The mirror moved between looking and locking; the write is planned again. */
class Overtaken extends Error {}

type Rename = Extract<Operation, { op: 'rename' }>
type Leave = Extract<Operation, { op: 'leave' }>

const attempts = 20
const many = 1000
/** How far WeCom's clock may be from ours, when its times are held against those that we noted. */
const clockSlackMs = 5000

/**
 * Writes what differs from the mirror, the change feed with it, in one transaction that `within` may add to (events
 * done, a run's progress, the fence). What is equal is not written. Other nodes are told at commit; this one's memory
 * is current when the promise resolves. `operations` as a function is asked when nobody else can write any more.
 */
export async function writeDirectory(
  ctx: Context,
  corpId: string,
  operations: readonly Operation[] | (() => readonly Operation[]),
  within?: Within,
): Promise<Written> {
  const read = typeof operations === 'function' ? operations : () => operations
  const mirror = ctx.mirrors.of(corpId)
  if (!within && !read().some(operation => differs(mirror, operation))) return { changes: [] }
  return ctx.mirrors.alone(corpId, async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await tryToWrite(ctx, corpId, read, within)
      } catch (error) {
        // Also after another failure: a connection that broke may have broken after the commit.
        await ctx.mirrors.refresh(corpId).catch(() => undefined)
        if (!(error instanceof Overtaken) || attempt === attempts) throw error
      }
    }
  })
}

async function tryToWrite(
  ctx: Context,
  corpId: string,
  read: () => readonly Operation[],
  within: Within | undefined,
): Promise<Written> {
  const mirror = ctx.mirrors.of(corpId)
  const from = mirror.seq
  const plan = await ctx.db.transaction().execute(async tx => {
    if ((await store.lockFeed(tx, corpId)) !== from) throw new Overtaken()
    const plan = newPlan(ctx, mirror)
    const open = read().filter(operation => isOrdered(operation) || differs(mirror, operation))
    for (const group of grouped(open)) await writeGroup(tx, plan, group)
    plan.changes.forEach((change, index) => {
      change.seq = from + index + 1
    })
    await store.appendChanges(tx, corpId, plan.changes, plan.at)
    await within?.(tx, { changes: plan.changes })
    if (plan.changes.length > 0) await store.endFeed(tx, corpId, from + plan.changes.length, ctx.nodeId)
    return plan
  })
  await ctx.mirrors.applied(corpId, plan.patch, from, from + plan.changes.length)
  return { changes: plan.changes }
}

type Plan = { mirror: Mirror; corpId: string; at: Date; patch: Patch; changes: Change[] }

function newPlan(ctx: Context, mirror: Mirror): Plan {
  const at = new Date(ctx.now())
  return { mirror, corpId: mirror.corpId, at, patch: emptyPatch(), changes: [] }
}

function isOrdered(operation: Operation): boolean {
  return operation.op !== 'put' || operation.kind === 'member'
}

/** Neighbours of one kind and op become one statement; the order between groups is kept. */
function grouped(operations: readonly Operation[]): Operation[][] {
  const groups: Operation[][] = []
  for (const operation of operations) {
    const last = groups.at(-1)
    const isAlike =
      last?.[0]?.kind === operation.kind && last[0].op === operation.op && operation.op !== 'leave'
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
  if (key === 'member put') return putMembers(tx, plan, of<MemberPut>())
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
  if (key === 'member supplement') return supplement(tx, plan)
  if (key === 'member leave') return leave(tx, plan, first as Leave)
  return renameMembers(tx, plan, of<Rename>())
}

function addChange(plan: Plan, change: Pick<Change, 'kind' | 'op' | 'entityId'> & Partial<Change>): void {
  plan.changes.push({ seq: 0, oldId: null, memberId: null, departmentsBefore: null, ...change })
}

/** What the plan has made of an entity so far, or else what the mirror has. */
function current(
  plan: Plan,
  key: string,
): Pick<MemberCore, 'id' | 'userId' | 'departments' | 'status' | 'hash'> | undefined {
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
  const fresh = new Set(latest.flatMap(({ id }) => (plan.mirror.tree.get(id) ? [] : id)))
  tellTags(plan, fresh, tag => tag.departments)
}

async function dropDepartments(tx: Db, plan: Plan, ids: number[]): Promise<void> {
  await store.dropDepartments(tx, plan.corpId, ids)
  for (const id of ids) {
    const departmentsBefore = lineages(plan.mirror.tree, [id])
    addChange(plan, { kind: 'department', op: 'drop', entityId: String(id), departmentsBefore })
    plan.patch.departments.set(id, undefined)
  }
  const gone = new Set(ids)
  await editTags(tx, plan, tag => {
    const departments = tag.departments.filter(id => !gone.has(id))
    return departments.length < tag.departments.length ? { ...tag, departments } : undefined
  })
}

type Before = ReturnType<typeof current>
/** `before`: as the mirror has them, or the plan so far. */
type Told<B extends Before = Before> = { key: string; put: MemberPut; before: B }

async function putMembers(tx: Db, plan: Plan, puts: MemberPut[]): Promise<void> {
  const latest = new Map(puts.map(put => [userKey(put.member.userId), put]))
  const fresh: Told<undefined>[] = []
  const known: Told<NonNullable<Before>>[] = []
  for (const [key, put] of latest) {
    const before = current(plan, key)
    if (!before) fresh.push({ key, put, before })
    else if (!isSameMember(before, put)) known.push({ key, put, before })
  }
  const appeared = new Set<string>()
  for (const row of await insertNew(tx, plan, fresh)) {
    appeared.add(row.key)
    addChange(plan, { kind: 'member', op: 'put', entityId: row.userId, memberId: row.id })
    plan.patch.members.set(row.key, row)
  }
  const updated = new Map((await updateKnown(tx, known)).map(row => [row.id, row]))
  for (const { key, before } of known) {
    const row = updated.get(before.id)
    if (!row) continue
    const hasMoved = before.departments.join() !== row.departments.join()
    const hasAppeared = hasMoved || isListed(before) !== isListed(row)
    if (hasAppeared) appeared.add(key)
    addChange(plan, {
      kind: 'member',
      op: 'put',
      entityId: row.userId,
      memberId: row.id,
      departmentsBefore: hasAppeared ? lineages(plan.mirror.tree, before.departments) : null,
    })
    plan.patch.members.set(key, row)
  }
  tellTags(plan, appeared, tag => tag.userKeys)
}

/** What upstream kept back of somebody new is empty, and a name is the userid until it is told. */
async function insertNew(tx: Db, plan: Plan, told: readonly Told<undefined>[]): Promise<store.NewMember[]> {
  if (told.length === 0) return []
  const ids = await takeIds(tx, plan.mirror, told.length)
  const rows = told.map(({ key, put }, index): store.NewMember => {
    const { member } = put
    return {
      id: ids[index] ?? 0,
      key,
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
      pinyin: memberPinyin(put),
      hash: memberHash(put),
      fromWecom: givenByWecom(member),
    }
  })
  await store.insertMembers(tx, plan.corpId, rows, plan.at)
  return rows
}

/** After many new members there come more: their ids are taken ahead. What a failed write took is lost, and not missed. */
async function takeIds(tx: Db, { freeIds }: Mirror, count: number): Promise<number[]> {
  const missing = count - freeIds.length
  if (missing > 0) freeIds.push(...(await store.newMemberIds(tx, count < many ? missing : count * 5)))
  return freeIds.splice(0, count)
}

async function updateKnown(tx: Db, told: readonly Told<NonNullable<Before>>[]): Promise<StoredMember[]> {
  if (told.length === 0) return []
  const rows = told.map(({ key, put, before }) => ({
    ...put.member,
    id: before.id,
    userKey: key,
    ...(put.member.name === undefined ? {} : { pinyin: memberPinyin(put) }),
    hash: memberHash(put),
  }))
  return store.updateMembers(tx, await filledMembers(tx, rows))
}

async function supplement(tx: Db, plan: Plan): Promise<void> {
  for (const row of await writeSupplements(tx, plan.corpId)) {
    addChange(plan, { kind: 'member', op: 'put', entityId: row.userId, memberId: row.id })
    plan.patch.members.set(userKey(row.userId), row)
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
      departmentsBefore: lineages(plan.mirror.tree, before.departments),
    })
    plan.patch.members.set(key, undefined)
  }
  await editTags(tx, plan, tag => {
    const userKeys = tag.userKeys.filter(key => !gone.has(key))
    return userKeys.length < tag.userKeys.length ? { ...tag, userKeys } : undefined
  })
}

/** Whoever came to the userid after the news, as a new person or by a rename, is not meant. */
async function leave(tx: Db, plan: Plan, { userId, at, bornBefore }: Leave): Promise<void> {
  const key = userKey(userId)
  const person = await store.livingPerson(tx, plan.corpId, key)
  if (!person || person.createdAt >= bornBefore || (person.renamedAt && person.renamedAt >= at)) return
  await dropMembers(tx, plan, [key])
}

/** In WeCom's order. One of a chain may have come before the one that it follows: it gets its turn afterwards. */
async function renameMembers(tx: Db, plan: Plan, renames: Rename[]): Promise<void> {
  let waiting = [...renames].sort((a, b) => a.at.getTime() - b.at.getTime())
  for (let isMoving = true; isMoving; ) {
    const left: Rename[] = []
    for (const rename of waiting) if (!(await renameMember(tx, plan, rename))) left.push(rename)
    isMoving = left.length < waiting.length && left.length > 0
    waiting = left
  }
}

/**
 * The person keeps everything under the new userid. Safe to repeat: the old userid's alias says that this was done. A
 * person who was taken for gone, or for somebody new, because the news came late, is put together again. False: nobody
 * had the old userid then.
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
    // WeCom gives a userid only when it is free: who has it longer is gone, who has it since is this person.
    if (holder.createdAt < at) await dropMembers(tx, plan, [newKey])
    else {
      await moveSupplements(tx, holder.id, person.id)
      await store.deleteMember(tx, holder.id)
    }
  }
  await store.renameMember(tx, plan.corpId, person.id, to, newKey, { userKey: oldKey, since: at })
  const rows = await store.membersById(tx, [person.id])
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
    // The old userid is somebody else's already: who follows the feed let go of them with the rename.
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
  const edited = currentTags(plan).flatMap(tag => edit(tag) ?? [])
  if (edited.length > 0) await putTags(tx, plan, edited)
}

/**
 * A tag may name who is not there yet, or not listed. When that changes, so does the tag for those who follow the feed,
 * though its row does not.
 */
function tellTags<T>(plan: Plan, fresh: ReadonlySet<T>, named: (tag: Tag) => readonly T[]): void {
  if (fresh.size === 0) return
  for (const tag of currentTags(plan)) {
    if (named(tag).some(one => fresh.has(one)))
      addChange(plan, { kind: 'tag', op: 'put', entityId: String(tag.id) })
  }
}

function currentTags(plan: Plan): Tag[] {
  const tags = new Map(plan.mirror.tags)
  for (const [id, tag] of plan.patch.tags) {
    if (tag) tags.set(id, tag)
    else tags.delete(id)
  }
  return [...tags.values()]
}
