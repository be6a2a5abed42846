import { sql } from 'kysely'
import { isHeld, type Lease, LeaseLost } from '../../platform/queue/queue-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { DeveloperEvent } from '../events/tell.ts'
import type { Webhook } from './webhook-store.ts'

export type Delivery = {
  seq: number
  type: string
  entity: string
  /** All attempts, and those since it was last made due. */
  attempts: number
  tries: number
  firstAt: Date | null
}

type Owner = Pick<Webhook, 'corpId' | 'id'>

/** Makes deliveries of what the webhook is told, and notes how far of the feed that is. */
export async function addDeliveries(
  tx: Db,
  { corpId, id }: Owner,
  told: readonly Pick<DeveloperEvent, 'seq' | 'type' | 'entity'>[],
  seq: number,
  at: Date,
): Promise<void> {
  await putDeliveries(tx, { corpId, id }, told, at)
  await tx.updateTable('webhook').set({ seq }).where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** Makes deliveries due now, also those that have ended; what waits is tried at once and for another day. */
export async function putDeliveries(
  tx: Db,
  { corpId, id }: Owner,
  told: readonly Pick<DeveloperEvent, 'seq' | 'type' | 'entity'>[],
  at: Date,
): Promise<void> {
  const rows = told.map(({ seq, type, entity }) => ({ seq, type, entity }))
  await sql`
    insert into webhook_delivery (corp_id, webhook_id, seq, type, entity, created_at, next_at)
    select ${corpId}, ${id}, seq, type, entity, ${at}::timestamptz, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(seq bigint, type text, entity text)
    on conflict (corp_id, webhook_id, seq) do update set state = 'waiting', tries = 0, first_at = null,
      next_at = excluded.next_at, ended_at = null, created_at = excluded.created_at`.execute(tx)
}

export async function countWaiting(db: Db, { corpId, id }: Owner, atMost: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from webhook_delivery
      where corp_id = ${corpId} and webhook_id = ${id} and state = 'waiting' limit ${atMost}) waiting`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** The first waiting delivery of each entity but those of `busy`, as far as it is due: the longest due first. */
export async function dueDeliveries(
  db: Db,
  { corpId, id }: Owner,
  busy: readonly string[],
  now: Date,
  limit: number,
): Promise<Delivery[]> {
  const { rows } = await sql<Delivery>`
    select seq, type, entity, attempts, tries, first_at as "firstAt" from (
      select distinct on (entity) * from webhook_delivery
      where corp_id = ${corpId} and webhook_id = ${id} and state = 'waiting' order by entity, seq) head
    where next_at <= ${now} and entity <> all(${[...busy]}::text[])
    order by next_at, seq limit ${limit}`.execute(db)
  return rows
}

/** When the next delivery is due, or undefined when none waits. */
export async function nextDueAt(db: Db, { corpId, id }: Owner): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(next_at) as at from (
      select distinct on (entity) next_at from webhook_delivery
      where corp_id = ${corpId} and webhook_id = ${id} and state = 'waiting' order by entity, seq) head`.execute(
    db,
  )
  return rows[0]?.at ?? undefined
}

/** What became of an attempt. `content` is sealed, and undefined when nothing was sent. */
export type AttemptEnd = {
  seq: number
  state: 'waiting' | 'done' | 'failed' | 'skipped'
  nextAt: Date
  at: Date
  ms: number
  status: number | null
  error: string | null
  content: string | undefined
}

/** What becomes of the webhook by it. */
export type Effect =
  | { is: 'success' | 'none' }
  | {
      is: 'failure'
      pauses: { every: number; firstMs: number; atMostMs: number }
      offAfter: Date
      offFrom: number
      /** There was no answer for a long time. */
      isSilent: boolean
    }
  | { is: 'gone' }

/**
 * Records an attempt, with what it means for the webhook, under the lease, and says whether that switches it off. Throws LeaseLost. In one statement, because there is
 * one for each event.
 */
export async function endAttempt(
  db: Db,
  { corpId, id }: Owner,
  lease: Lease,
  ended: AttemptEnd,
  effect: Effect,
): Promise<{ isSwitchedOff: boolean }> {
  const { seq, state, nextAt, at, ms, status, error, content } = ended
  const isTried = content !== undefined
  const rows = await sql<{ held: boolean; isOff: boolean }>`
    with lease as (select ${isHeld(lease)} as held), delivery as (
      update webhook_delivery set state = ${state}, next_at = ${nextAt}, status = ${status}, error = ${error},
        attempts = attempts + ${isTried ? 1 : 0}, tries = tries + ${isTried ? 1 : 0},
        first_at = coalesce(first_at, ${at}), ended_at = ${state === 'waiting' ? null : at}
      where corp_id = ${corpId} and webhook_id = ${id} and seq = ${seq} and state = 'waiting' and (select held from lease)
      returning attempts
    ), attempt as (
      insert into webhook_attempt (corp_id, webhook_id, seq, n, at, ms, status, error, content)
      select ${corpId}, ${id}, ${seq}, attempts, ${at}, ${ms}, ${status}, ${error}, ${content ?? ''} from delivery
      where ${isTried}
    ), owner as (
      update webhook w set ${effectSet(effect, at)}
      where corp_id = ${corpId} and id = ${id} and ${effect.is !== 'none'} and exists (select from delivery)
      returning not is_on as off
    )
    select held, coalesce((select off from owner), false) as "isOff" from lease`.execute(db)
  const [row] = rows.rows
  if (!row?.held) throw new LeaseLost(lease)
  return { isSwitchedOff: row.isOff }
}

function effectSet(effect: Effect, at: Date) {
  if (effect.is === 'gone') return sql`is_on = false, off_reason = 'gone', off_at = ${at}`
  if (effect.is !== 'failure')
    return sql`failing_since = null, failures = 0, paused_until = null, silent_since = null, succeeded_at = ${at}`
  const { pauses, offAfter, offFrom, isSilent } = effect
  const isOver = sql`(w.failing_since < ${offAfter} and w.failures + 1 >= ${offFrom})`
  const round = sql`((w.failures + 1) / ${pauses.every}::int)`
  const pause = sql`least(${pauses.firstMs}::float8 * 2 ^ least(${round} - 1, 20), ${pauses.atMostMs}::float8)`
  return sql`failing_since = coalesce(w.failing_since, ${at}), failures = w.failures + 1,
    silent_since = case when ${isSilent} then coalesce(w.silent_since, ${at}) end,
    paused_until = case when (w.failures + 1) % ${pauses.every}::int = 0
      then ${at}::timestamptz + make_interval(secs => ${pause} / 1000) else w.paused_until end,
    is_on = w.is_on and not coalesce(${isOver}, false),
    off_reason = case when w.is_on and ${isOver} then 'failing' else w.off_reason end,
    off_at = case when w.is_on and ${isOver} then ${at}::timestamptz else w.off_at end`
}

export async function pruneDeliveries(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'webhook_delivery', sql`old.created_at < ${before}`, 'created_at', atMost)
}

export async function pruneAttempts(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'webhook_attempt', sql`old.at < ${before}`, 'at', atMost)
}

/** In all corps: deliveries that wait, and webhooks whose last attempt failed. */
export async function deliveryCounts(db: Db): Promise<{ waiting: number; failing: number }> {
  const found = await sql<{ waiting: number; failing: number }>`
    select (select count(*)::int from webhook_delivery where state = 'waiting') as waiting,
      (select count(*)::int from webhook where is_on and failing_since is not null) as failing`.execute(db)
  return found.rows[0] ?? { waiting: 0, failing: 0 }
}
