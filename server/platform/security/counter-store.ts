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
