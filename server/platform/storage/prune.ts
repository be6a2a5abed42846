import { type RawBuilder, sql } from 'kysely'
import type { Db } from './db.ts'
import { monthsOf } from './months/month-store.ts'
import type { Tables } from './tables.ts'

/**
 * Deletes at most `atMost` rows that match `condition` and returns how many. Each call is a short transaction of its own,
 * so that a table with ten million old rows is never locked for long. A row that is changed at the same moment has moved
 * to another ctid, so it stays and the next call decides about it.
 */
export async function deleteSome(
  db: Db,
  table: keyof Tables,
  condition: RawBuilder<unknown>,
  atMost: number,
): Promise<number> {
  const name = sql.table(table)
  const result = await sql`
    delete from ${name} where ctid = any(array(select ctid from ${name} where ${condition} limit ${atMost}))`.execute(
    db,
  )
  return Number(result.numAffectedRows ?? 0)
}

/**
 * `deleteSome` for tables whose index of time begins with the corp: deletes the oldest rows of each corp in turn.
 * `condition` names the corp `corp` and the row `old`, and must be one that the index can answer.
 */
export async function deleteOldestOfCorps(
  db: Db,
  table: string,
  condition: RawBuilder<unknown>,
  orderBy: string,
  atMost: number,
): Promise<number> {
  const name = sql.table(table)
  const result = await sql`
    delete from ${name} where ctid = any(array(
      select old.row from corp cross join lateral (
        select old.ctid as row from ${name} as old where old.corp_id = corp.corp_id and ${condition}
        order by ${sql.ref(`old.${orderBy}`)} limit ${atMost}) as old
      limit ${atMost}))`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/**
 * `deleteOldestOfCorps` for a table that lies by month: a ctid names a row within its month alone. What belongs to no corp any more goes
 * with its month.
 */
export async function deleteOldestInMonths(
  db: Db,
  table: keyof Tables,
  condition: RawBuilder<unknown>,
  orderBy: string,
  { now, atMost }: { now: Date; atMost: number },
): Promise<number> {
  let rows = 0
  for (const { name, from, state } of await monthsOf(db, table)) {
    if (state !== 'attached' || from > now) continue
    rows += await deleteOldestOfCorps(db, name, condition, orderBy, atMost - rows)
    if (rows >= atMost) break
  }
  return rows
}
