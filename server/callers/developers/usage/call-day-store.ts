import { sql } from 'kysely'
import { dayOf } from '../../../platform/operation/day.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import { addUsage, type Usage } from '../store.ts'

/** Adds a node's counts to the days of developers and, all nodes in the same order, to those of their corps. Within a transaction, so that they never differ. */
export async function addCounts(tx: Db, usage: Usage[]): Promise<void> {
  await addUsage(tx, usage)
  await sql`
    insert into corp_call_day (corp_id, day, calls, failures)
    select d.corp_id, row.day, sum(row.calls), sum(row.failures)
    from jsonb_to_recordset(${JSON.stringify(usage)}::jsonb)
      as row("devId" text, day date, calls bigint, failures bigint)
    join developer d on d.dev_id = row."devId"
    group by 1, 2 order by 1, 2
    on conflict (corp_id, day) do update set calls = corp_call_day.calls + excluded.calls,
      failures = corp_call_day.failures + excluded.failures`.execute(tx)
}

export type CallSum = { calls: number; failures: number; today: number }

/** Returns the sums of calls of all corps, or of these; corps without calls are left out. */
export async function callSums(
  db: Db,
  { sinceDay, today, corpIds }: { sinceDay: string; today: string; corpIds?: readonly string[] | undefined },
): Promise<Map<string, CallSum>> {
  const which = corpIds === undefined ? sql`true` : sql`corp_id = any(${corpIds})`
  const { rows } = await sql<CallSum & { corpId: string }>`
    select corp_id as "corpId", sum(calls)::float8 as calls, sum(failures)::float8 as failures,
      coalesce(sum(calls) filter (where day = ${today}::date), 0)::float8 as today
    from corp_call_day where ${which} and day >= ${sinceDay}::date group by corp_id`.execute(db)
  return new Map(rows.map(({ corpId, ...sum }) => [corpId, sum]))
}

export async function pruneCallDays(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'corp_call_day', sql`day < ${dayOf(before.getTime())}::date`, atMost)
}
