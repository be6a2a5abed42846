/**
 * Directory writes of a corp commit in feed order. Each writing transaction takes the row lock of `directory_feed` first. The
 * lock also replaces the reference of members and changes to their corp, which PostgreSQL would check row by row (migration
 * 0010); deleting a corp waits for it. Memory follows the change feed: a mirror at number N reads the changes after N and the
 * rows that they name. A writer plans against its memory only when the memory is at the number that it locked. Otherwise it
 * refreshes and plans again.
 */

import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Department } from '../entities.ts'
import * as feed from '../feed-store.ts'
import { userKey } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { lineages } from '../mirror/tree.ts'
import * as store from '../store.ts'
import { differs } from './difference.ts'
import { isOfExternal, makeWay, writeExternal } from './external.ts'
import {
  dropMembers,
  type LeaveOperation,
  leave,
  putMembers,
  type Rename,
  renameMembers,
  supplement,
} from './members.ts'
import {
  addChange,
  type ExternalOperation,
  type MemberPutOperation,
  newPlan,
  type Operation,
  type Plan,
  sizeAfter,
} from './plan.ts'
import { dropTags, editTags, putTags, tellTags } from './tags.ts'

type Needs = Core & { mirrors: Mirrors }

export type WriteResult = {
  changes: feed.FeedChange[]
  /** Ids of members who may no longer act: disabled, quit or gone. */
  ended: number[]
  /** Ids of members whose rows are new. */
  arrived: number[]
}
type WriteHook = (tx: Db, written: WriteResult) => Promise<void>

/** What is written: what WeCom said, or what administrators say of people whom it does not know. */
type WrittenOperation = Operation | ExternalOperation

/** The mirror changed between planning and locking, so the write must be planned again. */
class Overtaken extends Error {}

const attempts = 20

/**
 * Writes what differs from the mirror, together with the change feed, in one transaction. `within` may add to it (finished
 * events, a run's progress, the lease check). Other nodes are notified at commit; this node's memory is up to date when the
 * promise resolves. If `operations` is a function, it is called once other writers are locked out.
 */
export async function writeDirectory(
  ctx: Needs,
  corpId: string,
  operations: readonly WrittenOperation[] | (() => readonly WrittenOperation[]),
  within?: WriteHook,
): Promise<WriteResult> {
  const read = typeof operations === 'function' ? operations : () => operations
  return ctx.mirrors.during(corpId, async () => {
    const mirror = ctx.mirrors.of(corpId)
    if (!within && !read().some(operation => differs(mirror, operation)))
      return { changes: [], ended: [], arrived: [] }
    return ctx.mirrors.alone(corpId, () => writeInTurn(ctx, corpId, read, within))
  })
}

async function writeInTurn(
  ctx: Needs,
  corpId: string,
  read: () => readonly WrittenOperation[],
  within: WriteHook | undefined,
): Promise<WriteResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToWrite(ctx, corpId, read, within)
    } catch (error) {
      // Also after another failure: a connection that broke may have broken after the commit.
      await ctx.mirrors.refresh(corpId).catch(() => undefined)
      if (!(error instanceof Overtaken) || attempt === attempts) throw error
    }
  }
}

async function tryToWrite(
  ctx: Needs,
  corpId: string,
  read: () => readonly WrittenOperation[],
  within: WriteHook | undefined,
): Promise<WriteResult> {
  const mirror = ctx.mirrors.of(corpId)
  const from = mirror.seq
  const plan = await ctx.db.transaction().execute(async tx => {
    const end = await feed.lockFeed(tx, corpId)
    if (end !== from && (await feed.hasChangesAfter(tx, corpId, from))) throw new Overtaken()
    const plan = newPlan(ctx, mirror)
    const open = read().filter(operation => isOrdered(operation) || differs(mirror, operation))
    for (const group of grouped(open)) await writeGroup(tx, plan, group)
    plan.changes.forEach((change, index) => {
      change.seq = end + index + 1
    })
    await feed.appendChanges(tx, corpId, plan.changes, plan.at)
    await within?.(tx, plan)
    if (plan.changes.length > 0)
      await feed.endFeed(tx, corpId, end + plan.changes.length, plan.at, sizeAfter(plan), ctx.nodeId)
    return plan
  })
  await ctx.mirrors.applied(corpId, plan.patch, from, plan.changes.at(-1)?.seq ?? from)
  return plan
}

function isOrdered(operation: WrittenOperation): boolean {
  return operation.op !== 'put' || operation.kind === 'member' || operation.kind === 'external'
}

/** Merges neighbouring operations of one kind and op into one statement; the order of the groups is kept. */
function grouped(operations: readonly WrittenOperation[]): WrittenOperation[][] {
  const groups: WrittenOperation[][] = []
  for (const operation of operations) {
    const last = groups.at(-1)
    const isAlike =
      last?.[0]?.kind === operation.kind && last[0].op === operation.op && operation.op !== 'leave'
    if (last && isAlike) last.push(operation)
    else groups.push([operation])
  }
  return groups
}

async function writeGroup(tx: Db, plan: Plan, group: WrittenOperation[]): Promise<void> {
  const first = group[0]!
  const key = `${first.kind} ${first.op}` as const
  const of = <O extends WrittenOperation>() => group as O[]
  type OperationOf<K, O> = Extract<WrittenOperation, { kind: K; op: O }>
  if (key === 'department put')
    return putDepartments(
      tx,
      plan,
      of<OperationOf<'department', 'put'>>().map(one => one.department),
    )
  if (key === 'department drop')
    return dropDepartments(
      tx,
      plan,
      of<OperationOf<'department', 'drop'>>().map(one => one.id),
    )
  if (first.kind === 'external') return writeExternal(tx, plan, of<ExternalOperation>())
  if (key === 'member put') {
    const puts = of<MemberPutOperation>()
    await makeWay(
      tx,
      plan,
      puts.map(one => one.key),
    )
    return putMembers(tx, plan, puts)
  }
  if (key === 'member drop')
    return dropMembers(
      tx,
      plan,
      of<OperationOf<'member', 'drop'>>()
        .map(one => userKey(one.userId))
        .filter(one => !isOfExternal(plan, one)),
    )
  if (key === 'tag put')
    return putTags(
      tx,
      plan,
      of<OperationOf<'tag', 'put'>>().map(one => one.tag),
    )
  if (key === 'tag drop')
    return dropTags(
      tx,
      plan,
      of<OperationOf<'tag', 'drop'>>().map(one => one.id),
    )
  if (key === 'member supplement') return supplement(tx, plan)
  if (key === 'member leave') {
    const left = first as LeaveOperation
    return isOfExternal(plan, userKey(left.userId)) ? undefined : leave(tx, plan, left)
  }
  const renames = of<Rename>().filter(one => !isOfExternal(plan, userKey(one.from)))
  await makeWay(
    tx,
    plan,
    renames.map(one => userKey(one.to)),
  )
  return renameMembers(tx, plan, renames)
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
