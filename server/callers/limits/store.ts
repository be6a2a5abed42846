import { sql } from 'kysely'
import type { CallGroup } from '../../platform/http/gate.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** Calls of a developer on a Beijing day, as `2026-03-01`. */
export type Use = {
  corpId: string
  devId: string
  day: string
  group: CallGroup
  used: number
  refused: number
}

/**
 * Adds what a node counted, and returns what all nodes have counted since the day began. All nodes write rows in the same
 * order, so that two of them cannot deadlock.
 */
export async function addUse(
  db: Db,
  uses: readonly Use[],
): Promise<Pick<Use, 'devId' | 'day' | 'group' | 'used'>[]> {
  const result = await sql<Pick<Use, 'devId' | 'day' | 'group' | 'used'>>`
    insert into call_use (corp_id, dev_id, day, call_group, used, refused)
    select row."corpId", row."devId", row.day, row."group", row.used, row.refused
    from jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) as row("corpId" text, "devId" text, day date, "group" text,
        used bigint, refused bigint)
      join corp on corp.corp_id = row."corpId"
    order by 1, 2, 3, 4
    on conflict (corp_id, dev_id, day, call_group) do update set
      used = call_use.used + excluded.used, refused = call_use.refused + excluded.refused
    returning dev_id as "devId", day::text as day, call_group as "group", used`.execute(db)
  return result.rows
}

/** What was let through of all developers of these corps on a day. */
export async function usedOfCorps(
  db: Db,
  corpIds: readonly string[],
  day: string,
): Promise<Map<string, number>> {
  if (corpIds.length === 0) return new Map()
  const { rows } = await sql<{ corpId: string; used: number }>`
    select corp_id as "corpId", sum(used)::float8 as used from call_use
    where corp_id = any(${corpIds}) and day = ${day}::date group by corp_id`.execute(db)
  return new Map(rows.map(row => [row.corpId, row.used]))
}

/** Returns the uses by day and group, earliest first. */
export async function usesOf(
  db: Db,
  of: { corpId: string; devId: string; sinceDay: string },
): Promise<Pick<Use, 'day' | 'group' | 'used' | 'refused'>[]> {
  const result = await sql<Pick<Use, 'day' | 'group' | 'used' | 'refused'>>`
    select day::text as day, call_group as "group", used, refused from call_use
    where corp_id = ${of.corpId} and dev_id = ${of.devId} and day >= ${of.sinceDay}::date
    order by day, call_group`.execute(db)
  return result.rows
}

export async function pruneUse(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'call_use', sql`old.day < ${before}::date`, 'day', atMost)
}
