import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import { deleteSome } from '../storage/prune.ts'
import type { PruneOrder } from '../storage/retention.ts'

export type CounterKey = { corpId: string; purpose: string; subject: string }

/** Counts in a single statement, so that simultaneous attempts on all nodes get different numbers. */
export async function countOne(
  db: Db,
  { corpId, purpose, subject }: CounterKey,
  now: Date,
  endsAt: Date,
): Promise<{ count: number; endsAt: Date }> {
  const result = await sql<{ count: number; endsAt: Date }>`
    insert into attempt_counter as c (corp_id, purpose, subject, count, ends_at)
    values (${corpId}, ${purpose}, ${subject}, 1, ${endsAt})
    on conflict (corp_id, purpose, subject) do update set
      count = case when c.ends_at > ${now} then c.count + 1 else 1 end,
      ends_at = case when c.ends_at > ${now} then c.ends_at else excluded.ends_at end
    returning count, ends_at as "endsAt"`.execute(db)
  return result.rows[0]!
}

/** Counts each of these so many times, which may be less than none. All nodes write rows in the same order, so that two of them cannot deadlock. */
export async function countTimes(
  db: Db,
  counters: readonly (CounterKey & { times: number; endsAt: Date })[],
  now: Date,
): Promise<(CounterKey & { count: number; endsAt: Date })[]> {
  const result = await sql<CounterKey & { count: number; endsAt: Date }>`
    insert into attempt_counter as c (corp_id, purpose, subject, count, ends_at)
    select g."corpId", g.purpose, g.subject, g.times, g."endsAt"
    from jsonb_to_recordset(${JSON.stringify(counters)}::jsonb)
      as g("corpId" text, purpose text, subject text, times integer, "endsAt" timestamptz)
    order by 1, 2, 3
    on conflict (corp_id, purpose, subject) do update set
      count = greatest(0, case when c.ends_at > ${now} then c.count + excluded.count else excluded.count end),
      ends_at = case when c.ends_at > ${now} then c.ends_at else excluded.ends_at end
    returning corp_id as "corpId", purpose, subject, count, ends_at as "endsAt"`.execute(db)
  return result.rows
}

export type Counter = CounterKey & { endsAt: Date; atMost: number }

/**
 * Counts one attempt in each of these, in their order, up to the first that is full; in none if one of them, or of `looked`, is full
 * already. `passed`: in how many it was counted; `until`: when what was full already begins anew. Nobody is counted above `atMost`,
 * however many come at once, because each row is locked before it is looked at.
 */
export async function countInOrder(
  db: Db,
  counters: readonly Counter[],
  looked: readonly Counter[],
  now: Date,
): Promise<{ passed: number; until: Date | null }> {
  const all = [...counters, ...looked].map(({ corpId, purpose, subject, atMost }) => ({
    corp_id: corpId,
    purpose,
    subject,
    at_most: atMost,
  }))
  const steps = counters.map(
    ({ corpId, purpose, subject, endsAt, atMost }, n) => sql`${step(n)} as (
      insert into attempt_counter as c (corp_id, purpose, subject, count, ends_at)
      select ${corpId}::text, ${purpose}::text, ${subject}::text, 1, ${endsAt}::timestamptz
      where ${n === 0 ? sql`(select until is null from full_ones)` : sql`exists (select from ${step(n - 1)})`}
      on conflict (corp_id, purpose, subject) do update set
        count = case when c.ends_at > ${now} then c.count + 1 else 1 end,
        ends_at = case when c.ends_at > ${now} then c.ends_at else excluded.ends_at end
        where c.ends_at <= ${now} or c.count < ${atMost}
      returning 1
    )`,
  )
  const passed = counters.map((_, n) => sql`(select count(*)::int from ${step(n)})`)
  const result = await sql<{ passed: number; until: Date | null }>`
    with full_ones as materialized (
      select max(c.ends_at) as until from attempt_counter c
      join jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as g(corp_id text, purpose text, subject text, at_most integer)
        using (corp_id, purpose, subject)
      where c.ends_at > ${now} and c.count >= g.at_most
    ) ${steps.length ? sql`, ${sql.join(steps)}` : sql``}
    select until, ${sql.join([sql`0`, ...passed], sql` + `)} as passed from full_ones`.execute(db)
  return result.rows[0]!
}

const step = (n: number) => sql.ref(`step_${n}`)

export async function deleteCounter(db: Db, { corpId, purpose, subject }: CounterKey): Promise<void> {
  await db
    .deleteFrom('attempt_counter')
    .where('corp_id', '=', corpId)
    .where('purpose', '=', purpose)
    .where('subject', '=', subject)
    .execute()
}

/** How often the corps' subjects were counted in their last window, if it ended after `since`. */
export async function countersOfCorps(
  db: Db,
  purpose: string,
  since: Date,
): Promise<{ corpId: string; subject: string; count: number; endsAt: Date }[]> {
  return db
    .selectFrom('attempt_counter')
    .select(['corp_id as corpId', 'subject', 'count', 'ends_at as endsAt'])
    .where('purpose', '=', purpose)
    .where('ends_at', '>', since)
    .execute()
}

export async function pruneCounters(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'attempt_counter', sql`ends_at < ${before}`, atMost)
}
