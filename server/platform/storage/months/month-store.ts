import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** A month of a table that lies by month, from its first moment in UTC up to the next month's. */
export type Month = {
  /** Of the table that holds it, such as `call_log_2026_11`. */
  name: string
  from: Date
  to: Date
  /** `leaving`: a detachment was begun and not ended. `left`: it is no part of the table any more, and was not dropped. */
  state: 'attached' | 'leaving' | 'left'
}

/** The first moment of the month in which this is, in UTC, or so many months later. */
export function monthOf(at: Date, later = 0): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + later))
}

function nameOf(table: string, from: Date): string {
  return `${table}_${from.toISOString().slice(0, 7).replace('-', '_')}`
}

/** The tables that lie by month. */
export async function monthlyTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
    where c.relnamespace = current_schema()::regnamespace order by 1`.execute(db)
  return rows.map(row => row.name)
}

/** The oldest first. */
export async function monthsOf(db: Db, table: string): Promise<Month[]> {
  const { rows } = await sql<{ name: string; state: Month['state'] }>`
    select c.relname as name, case when i.inhrelid is null then 'left' when i.inhdetachpending then 'leaving'
      else 'attached' end as state
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid and i.inhparent = to_regclass(${table})
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and c.relname ~ ${`^${table}_\\d{4}_\\d\\d$`} order by 1`.execute(db)
  return rows.map(({ name, state }) => {
    const from = new Date(`${name.slice(-7).replace('_', '-')}-01T00:00:00Z`)
    return { name, state, from, to: monthOf(from, 1) }
  })
}

/**
 * Creates a month that is not there, in the caller's transaction and without keeping readers or writers of other months waiting. What a
 * detachment left of the same month is dropped first.
 */
export async function createMonth(tx: Db, table: string, at: Date): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('wisp months'))`.execute(tx)
  const from = monthOf(at)
  const name = nameOf(table, from)
  const known = (await monthsOf(tx, table)).find(one => one.name === name)
  if (known?.state === 'attached') return
  const [whole, month] = [sql.table(table), sql.table(name)]
  if (known?.state === 'leaving')
    await sql`alter table ${whole} detach partition ${month} finalize`.execute(tx)
  if (known) await sql`drop table ${month}`.execute(tx)
  await sql`create table ${month} (like ${whole} including all)`.execute(tx)
  const [first, end] = [from, monthOf(from, 1)].map(one => sql.lit(one.toISOString()))
  await sql`alter table ${whole} attach partition ${month} for values from (${first}) to (${end})`.execute(tx)
}

/** How long a detachment waits for statements and transactions that use the table, such as a backup. The next night ends it. */
const waitAtMost = '60s'

/**
 * Takes a month out of its table without keeping anybody waiting; must run on a connection of its own and in no transaction. When it is
 * broken off, the month is `leaving`, which nobody reads any more.
 */
export async function detachMonth(connection: Db, table: string, { name, state }: Month): Promise<void> {
  const how = sql.raw(state === 'leaving' ? 'finalize' : 'concurrently')
  await sql`set lock_timeout = ${sql.lit(waitAtMost)}`.execute(connection)
  try {
    await sql`alter table ${sql.table(table)} detach partition ${sql.table(name)} ${how}`.execute(connection)
  } finally {
    await sql`reset lock_timeout`.execute(connection)
  }
}

/** Drops a month that was detached. One that was created again meanwhile stays. */
export async function dropLeft(tx: Db, table: string, { name }: Month): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('wisp months'))`.execute(tx)
  const now = (await monthsOf(tx, table)).find(one => one.name === name)
  if (now?.state === 'left') await sql`drop table ${sql.table(name)}`.execute(tx)
}
