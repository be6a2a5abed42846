/**
 * Erases somebody who left, table by table, in batches that each hold the task's lease and look once more whether the person is back or held. The
 * member's own row goes last, in the transaction that writes the tombstone, so that a run which was cut off finds the person again.
 */

import { noteErased } from '../../../callers/consents/ledger.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told, wordsOfOthers } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { enqueue, holdLease } from '../../../platform/queue/queue-store.ts'
import { DatabaseAway } from '../../../platform/storage/availability.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { PersonalTable } from '../../../platform/storage/personal/personal-table.ts'
import type { Words } from '../../../platform/words.ts'
import { forgetHeld, holdOf } from '../holds/hold-store.ts'
import {
  addErased,
  endRequest,
  forgetPerson,
  insertRequest,
  type PersonRequest,
  putTombstone,
} from '../request-store.ts'
import { ownersIn } from '../rows/owners-store.ts'
import { type Columns, eraseSome, type PersonKeys, readColumns } from '../rows/person-rows-store.ts'
import {
  isBack,
  type KnownPerson,
  keysOf,
  lockPerson,
  personById,
  withoutTaken,
} from '../rows/person-store.ts'

type Needs = Core & { offered: FeatureOffers }

export const tombstonePurpose = 'person_tombstone'
const rowsAtOnce = 1000

/** Why the person may not be erased now; undefined when nothing forbids it. */
export async function whyNotErased(
  ctx: Needs,
  db: Db,
  corpId: string,
  person: KnownPerson,
): Promise<Words | undefined> {
  const refused = await whyKept(db, corpId, person)
  if (refused) return refused
  const [obstacle] = await ctx.offered.obstaclesOf(corpId, person.memberId)
  return obstacle
}

async function whyKept(db: Db, corpId: string, person: KnownPerson): Promise<Words | undefined> {
  if (person.leftAt === null)
    return {
      zh: '仍是企业微信的成员：同步会再次写入。请先在企业微信删除成员',
      en: 'still a member in WeCom, whom syncs would bring back: delete the member in WeCom first',
    }
  if (await isBack(db, corpId, person))
    return {
      zh: '已回到企业微信：有账号、手机号或姓名相同的成员',
      en: 'back in WeCom: a member has the same userid, mobile or name',
    }
  const hold = await holdOf(db, corpId, person.memberId)
  return (
    hold && {
      zh: `在保全中（${hold.reason}），到 ${hold.until.toISOString().slice(0, 10)}`,
      en: `under legal hold (${hold.reason}) until ${hold.until.toISOString().slice(0, 10)}`,
    }
  )
}

type ErasureWish = { cause: 'asked' | 'leaver' | 'again'; reason: string }

/** Asks for the erasure of somebody who left; asked again while it waits, it is the same. @throws ApiError 1000 with why not */
export async function askErasure(
  ctx: Needs,
  actor: string,
  corpId: string,
  person: KnownPerson,
  { cause, reason }: ErasureWish,
): Promise<number> {
  const { memberId, userId, name } = person
  return ctx.db.transaction().execute(async tx => {
    const now = await lockPerson(tx, corpId, memberId)
    const why = now && (await whyNotErased(ctx, tx, corpId, now))
    if (why) {
      const { zh, en } = wordsOfOthers(why)
      throw new ApiError('badParameter', {
        zh: told`${userId} 没有删除：${zh}`,
        en: told`${userId} was not erased: ${en}`,
      })
    }
    const askedAt = new Date(ctx.now())
    const given = { kind: 'erase' as const, memberId, userId, name, cause, reason, askedBy: actor, askedAt }
    const { id, isNew } = await insertRequest(tx, corpId, given)
    if (isNew) {
      const entry = { corpId, actor, act: 'person.erase' as const, target: userId, targetName: name }
      await record(tx, ctx, { ...entry, detail: { reason, request: id } })
    }
    await enqueue(tx, [{ corpId, stream: 'personal-data' }], askedAt)
    return id
  })
}

/** What fails for one person must not keep the others waiting: does the work of one request, and writes down what failed. */
export type Attempt = (request: PersonRequest, work: () => Promise<void>) => Promise<void>

/**
 * Does what was asked. All tables are read once, for all of the requests; then each person is taken out of those tables that have them. Throws
 * LeaseLost when another node goes on.
 */
export async function eraseAsked(
  ctx: Needs,
  held: ActiveTask,
  requests: readonly PersonRequest[],
  attempt: Attempt,
): Promise<void> {
  const { corpId } = held
  const ready: PersonRequest[] = []
  const people: PersonKeys[] = []
  for (const request of requests) {
    if (held.signal.aborted) return
    await attempt(request, async () => {
      if (!(await isErasable(ctx, held, request))) return
      await ctx.offered.endPerson(corpId, request.memberId)
      people.push(await keysOf(ctx.db, corpId, request.memberId, true))
      ready.push(request)
    })
  }
  const columns = await readColumns(ctx.db)
  const tables = ctx.offered.personal.filter(
    one => (one.erased === 'rows' || one.erased === 'names') && !isOwn(one),
  )
  const owners = await ownersIn(ctx.db, tables, people, columns, ctx.offered.personal).catch(error => {
    if (error instanceof DatabaseAway || held.signal.aborted) throw error
    // Each table is then looked at for each person, so that whoever cannot be erased keeps no others waiting.
    ctx.log.warn({ corpId, ...describeError(error) }, 'tables not read for several people at once')
    return undefined
  })
  for (const request of ready) {
    if (held.signal.aborted) return
    const own = owners ? tables.filter(table => owners.get(table)?.has(request.memberId)) : tables
    await attempt(request, () => eraseFrom(ctx, held, request, own, columns))
  }
}

/** The person's own row says by what the others are found, and goes with the tombstone. */
const isOwn = (one: PersonalTable) => one.table === 'member' && one.erased === 'rows'

/** Ends the request with the reason where it may not be done. */
async function isErasable(ctx: Needs, held: ActiveTask, request: PersonRequest): Promise<boolean> {
  const person = await personById(ctx.db, held.corpId, request.memberId)
  const why = person && (await whyNotErased(ctx, ctx.db, held.corpId, person))
  if (why) await refuse(ctx, held, request, why)
  return !why
}

async function eraseFrom(
  ctx: Needs,
  held: ActiveTask,
  request: PersonRequest,
  tables: readonly PersonalTable[],
  columns: Columns,
): Promise<void> {
  // Others may have been waited for.
  if (!(await isErasable(ctx, held, request))) return
  const keys = await keysOf(ctx.db, held.corpId, request.memberId)
  for (const table of tables)
    for (;;) {
      if (held.signal.aborted) return
      const done = await eraseBatch(ctx, held, request, { table, keys, columns })
      if (typeof done !== 'number') return refuse(ctx, held, request, done)
      if (done < rowsAtOnce) break
    }
  const member = ctx.offered.personal.find(isOwn)
  if (member) await finish(ctx, held, request, { table: member, keys, columns })
}

type Batch = { table: PersonalTable; keys: PersonKeys; columns: Columns }

/** How many rows there were, or why it goes no further. */
function eraseBatch(
  ctx: Needs,
  { corpId, lease }: ActiveTask,
  request: PersonRequest,
  { table, keys, columns }: Batch,
): Promise<number | Words> {
  return ctx.db.transaction().execute(async tx => {
    const person = await lockPerson(tx, corpId, request.memberId)
    const why = person && (await whyKept(tx, corpId, person))
    if (why) return why
    const free = await withoutTaken(tx, keys)
    const rows = await eraseSome(tx, table, free, columns, ctx.offered.personal, rowsAtOnce)
    if (rows > 0) await addErased(tx, corpId, request.id, table.table, rows)
    await holdLease(tx, lease)
    return rows
  })
}

async function finish(
  ctx: Needs,
  held: ActiveTask,
  request: PersonRequest,
  { table, keys, columns }: Batch,
): Promise<void> {
  const { corpId, lease } = held
  const { id, memberId, userId, askedBy: actor } = request
  const why = await ctx.db.transaction().execute(async tx => {
    const person = await lockPerson(tx, corpId, memberId)
    const kept = person && (await whyKept(tx, corpId, person))
    if (kept) return kept
    const rows = await eraseSome(tx, table, keys, columns, ctx.offered.personal, rowsAtOnce)
    if (rows > 0) await addErased(tx, corpId, id, table.table, rows)
    const at = new Date(ctx.now())
    const keyHash = ctx.seal.sign(tombstonePurpose, person?.userKey ?? userId.toLowerCase())
    await putTombstone(tx, { corpId, memberId, keyHash, at })
    await endRequest(tx, corpId, id, { state: 'done', at, report: {} })
    await noteErased(tx, corpId, memberId, at)
    await forgetPerson(tx, corpId, memberId)
    await forgetHeld(tx, corpId, memberId)
    const entry = { corpId, actor, act: 'person.erased' as const, target: `erased:${memberId}` }
    await record(tx, ctx, { ...entry, detail: { request: id } })
    await holdLease(tx, lease)
    return undefined
  })
  if (why) await refuse(ctx, held, request, why)
}

async function refuse(
  ctx: Core,
  { corpId, lease }: ActiveTask,
  { id, userId, name, askedBy: actor }: PersonRequest,
  why: Words,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    if (await endRequest(tx, corpId, id, { state: 'refused', at, report: { why } })) {
      const entry = { corpId, actor, act: 'person.erase-refused' as const, target: userId }
      await record(tx, ctx, { ...entry, targetName: name, detail: { request: id, reason: why.zh } })
    }
    await holdLease(tx, lease)
  })
}
