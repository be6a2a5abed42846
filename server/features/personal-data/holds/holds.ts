/**
 * A legal hold (保全) keeps what there is of a person. Erasing is refused and the member's row is not pruned. What the nightly prune would take
 * is put by before it runs, so that records which lie by month and go as a whole need no exception: a row that has not changed is kept once.
 */

import { gunzipSync, gzipSync } from 'node:zlib'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { enqueue, holdLease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import { DatabaseAway } from '../../../platform/storage/availability.ts'
import { type CopySection, readPerson } from '../copies/read-person.ts'
import { type KnownPerson, lockPerson } from '../rows/person-store.ts'
import * as store from './hold-store.ts'

type Needs = Core & { offered: FeatureOffers }

const dayMs = 86_400_000
/** Longer ones are renewed, so that none is forgotten. */
export const holdDaysAtMost = 1100
export const holdReasonAtMost = 500

const purpose = 'person_hold_row'

/** @throws ApiError 1000 for an end that is past or too far, and for somebody who is gone */
export async function holdPerson(
  ctx: Core,
  actor: string,
  corpId: string,
  { memberId, userId, name }: KnownPerson,
  { reason, until }: { reason: string; until: Date },
): Promise<number> {
  const now = ctx.now()
  if (until.getTime() <= now || until.getTime() > now + holdDaysAtMost * dayMs)
    throw new ApiError('badParameter', {
      zh: told`until 须在今后 ${own(holdDaysAtMost)} 天内`,
      en: told`until must be within the next ${own(holdDaysAtMost)} days`,
    })
  return ctx.db.transaction().execute(async tx => {
    if (!(await lockPerson(tx, corpId, memberId)))
      throw new ApiError('badParameter', {
        zh: told`${userId} 已被删除，没有可保全的记录`,
        en: told`${userId} was erased: nothing is left to hold`,
      })
    const heldAt = new Date(now)
    const id = await store.insertHold(tx, corpId, {
      memberId,
      userId,
      name,
      reason,
      heldBy: actor,
      heldAt,
      until,
    })
    const entry = { corpId, actor, act: 'person.hold' as const, target: userId, targetName: name }
    await record(tx, ctx, { ...entry, detail: { hold: id, reason, until: until.toISOString() } })
    await enqueue(tx, [{ corpId, stream: 'personal-data' }], heldAt)
    return id
  })
}

/** Ends it, and what was put by goes in the night. @throws ApiError 1000 for one that has ended */
export async function endHold(ctx: Core, actor: string, corpId: string, id: number): Promise<void> {
  const hold = await store.findHold(ctx.db, corpId, id)
  await ctx.db.transaction().execute(async tx => {
    const isEnded = hold && (await store.endHold(tx, corpId, id, { at: new Date(ctx.now()), by: actor }))
    if (!isEnded)
      throw new ApiError('badParameter', {
        zh: told`没有编号为 ${own(id)} 的保全，或已结束`,
        en: told`there is no hold ${own(id)}, or it has ended`,
      })
    const entry = {
      corpId,
      actor,
      act: 'person.hold-end' as const,
      target: hold.userId,
      targetName: hold.name,
    }
    await record(tx, ctx, { ...entry, detail: { hold: id } })
  })
}

/** Asks the nodes to put by what there is, before the prune of this night; and ends the holds whose time is over. */
export async function keepHeld(ctx: Core): Promise<void> {
  for (const corpId of await store.corpsWithHolds(ctx.db)) {
    for (const { id } of await store.overdueHolds(ctx.db, corpId, new Date(ctx.now())))
      await endHold(ctx, 'wisp', corpId, id)
    await enqueue(ctx.db, [{ corpId, stream: 'personal-data' }], new Date(ctx.now()))
  }
}

/** Less than a day, so that each night puts by again. */
const keptForMs = 12 * 3_600_000

/** Puts by what is new or has changed of all held people of the corp. One that fails keeps no others waiting. */
export async function putBy(ctx: Needs, held: ActiveTask): Promise<void> {
  const { corpId } = held
  const failed = new Set<number>()
  for (;;) {
    const due = await store.dueHolds(ctx.db, corpId, new Date(ctx.now() - keptForMs), [...failed])
    // Each is noted, so that the next page has others.
    if (due.length === 0) return
    for (const hold of due) {
      try {
        await putByOne(ctx, held, hold)
      } catch (error) {
        if (error instanceof LeaseLost || error instanceof DatabaseAway || held.signal.aborted) throw error
        ctx.log.error({ corpId, hold: hold.id, ...describeError(error) }, 'held records not put by')
        failed.add(hold.id)
      }
    }
  }
}

async function putByOne(ctx: Needs, held: ActiveTask, { id, memberId }: store.PersonHold): Promise<void> {
  const { corpId, lease } = held
  const at = new Date(ctx.now())
  await ctx.direct
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async snapshot => {
      for await (const section of readPerson(ctx.offered, snapshot, corpId, memberId)) {
        held.signal.throwIfAborted()
        await keepSection(ctx, held, id, section, at)
      }
    })
  await ctx.db.transaction().execute(async tx => {
    await store.noteKept(tx, corpId, id, at)
    await holdLease(tx, lease)
  })
}

async function keepSection(
  ctx: Core,
  { corpId, lease }: ActiveTask,
  holdId: number,
  { rows, ...head }: CopySection,
  at: Date,
): Promise<void> {
  const given = rows.map(row => {
    const text = JSON.stringify({ ...head, rows: [row] })
    return { text, hash: ctx.seal.sign(purpose, text) }
  })
  const hashes = given.map(one => one.hash)
  const known = await store.keptAmong(ctx.db, corpId, holdId, hashes)
  const added = given
    .filter(one => !known.has(one.hash))
    .map(({ text, hash }) => ({
      hash,
      table: head.table,
      content: ctx.seal.seal(gzipSync(text).toString('base64'), purpose),
    }))
  await ctx.db.transaction().execute(async tx => {
    await store.keepRows(tx, corpId, holdId, added, at)
    await holdLease(tx, lease)
  })
}

/** What was put by, a row at a time with the time when it was first found. */
export async function* readHeld(ctx: Core, corpId: string, id: number): AsyncGenerator<CopySection> {
  for await (const page of store.readKept(ctx.db, corpId, id))
    for (const { content, keptAt } of page) {
      const text = gunzipSync(Buffer.from(ctx.seal.open(content, purpose), 'base64')).toString()
      const section = JSON.parse(text) as CopySection
      yield { ...section, rows: section.rows.map(row => ({ ...row, keptAt: keptAt.toISOString() })) }
    }
}
