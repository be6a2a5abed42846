import { type RawBuilder, sql } from 'kysely'
import { type FeedChange, reserveNumbers } from '../../organisation/directory/feed-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestInMonths, deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** Gives the oldest events of a corp's outbox their numbers and returns how many there were. */
export async function numberEvents(tx: Db, corpId: string, atMost: number): Promise<number> {
  const waiting = await sql<{ id: number }>`
    select id from event_outbox where corp_id = ${corpId} order by id limit ${atMost}`.execute(tx)
  const ids = waiting.rows.map(row => row.id)
  if (ids.length === 0) return 0
  const seq = await reserveNumbers(tx, corpId, ids.length)
  await sql`
    with moved as (
      delete from event_outbox where corp_id = ${corpId} and id = any(${ids}::bigint[]) returning *
    )
    insert into event (corp_id, seq, dev_id, account, type, entity, data, at)
    select corp_id, ${seq} + row_number() over (order by id), dev_id, account, type, entity, data, at from moved`.execute(
    tx,
  )
  return ids.length
}

/** When what has no number yet happened. */
export async function timesOfOutbox(db: Db, corpId: string, atMost: number): Promise<Date[]> {
  const { rows } = await sql<{ at: Date }>`
    select at from event_outbox where corp_id = ${corpId} order by id limit ${atMost}`.execute(db)
  return rows.map(row => row.at)
}

/** A number of the feed: a change of the address book, or another event. */
export type FeedRow = {
  seq: number
  at: Date
  change: FeedChange | undefined
  devId: string
  account: string
  type: string
  entity: string
  data: Record<string, unknown>
}

type EventRow = Omit<FeedRow, 'change' | 'type'> & FeedChange & { type: string | null }

/**
 * What has a number after `since` and up to `upTo`, in order. One statement, so that no number is seen without those before it.
 */
export async function readFeed(
  db: Db,
  corpId: string,
  { since, upTo = Number.MAX_SAFE_INTEGER }: { since: number; upTo?: number },
  limit: number,
): Promise<FeedRow[]> {
  const range = sql`corp_id = ${corpId} and seq > ${since} and seq <= ${upTo} order by seq limit ${limit}`
  const { rows } = await sql<EventRow>`${feedWhere(range)} limit ${limit}`.execute(db)
  return rows.map(rowOf)
}

/** What has these numbers, in order. */
export async function readNumbers(db: Db, corpId: string, seqs: readonly number[]): Promise<FeedRow[]> {
  const these = sql`corp_id = ${corpId} and seq = any(${[...seqs]}::bigint[])`
  return (await sql<EventRow>`${feedWhere(these)}`.execute(db)).rows.map(rowOf)
}

function feedWhere(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select * from (
      (select seq, at, kind, op, entity_id as "entityId", old_id as "oldId", member_id as "memberId",
        departments_before as "departmentsBefore", '' as "devId", '' as account, null as type, '' as entity,
        '{}'::jsonb as data
      from directory_change where ${condition})
      union all
      (select seq, at, null, null, null, null, null, null, dev_id, account, type, entity, data
      from event where ${condition})
    ) feed order by seq`
}

function rowOf(row: EventRow): FeedRow {
  const { seq, at, devId, account, data, kind, op, entityId, oldId, memberId, departmentsBefore } = row
  if (row.type !== null)
    return { seq, at, devId, account, data, type: row.type, entity: row.entity, change: undefined }
  const change = { seq, kind, op, entityId, oldId, memberId, departmentsBefore }
  const entity = `${kind}:${kind === 'member' ? (memberId ?? entityId.toLowerCase()) : entityId}`
  return { seq, at, devId, account, data, type: `directory.${kind}.${op}`, entity, change }
}

/** The smallest and largest number between two times; undefined when there is none. */
export async function numbersBetween(
  db: Db,
  corpId: string,
  from: Date,
  to: Date,
): Promise<{ first: number; last: number } | undefined> {
  const within = sql`corp_id = ${corpId} and at >= ${from} and at <= ${to}`
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    select min(seq) as first, max(seq) as last from (
      select seq from directory_change where ${within} union all select seq from event where ${within}) feed`.execute(
    db,
  )
  const { first = null, last = null } = rows[0] ?? {}
  return first === null || last === null ? undefined : { first, last }
}

export async function pruneEvents(db: Db, order: PruneOrder): Promise<number> {
  return deleteOldestInMonths(db, 'event', sql`old.at < ${order.before}`, 'at', order)
}

export async function pruneOutbox(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'event_outbox', sql`old.at < ${before}`, 'id', atMost)
}
