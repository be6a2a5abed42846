import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'
import type { Tables } from '../storage/tables.ts'

type Column = { table: keyof Tables; column: string; key: readonly string[] }

/** `address` is the row's ctid, which is valid while the row is locked. */
export type SealedRow = { address: string; key: string[]; sealed: string }

/** Locks and returns the next rows after `after` in key order. Empty values are skipped, because they are never sealed. */
export async function lockSealed(
  db: Db,
  { table, column, key }: Column,
  after: readonly string[] | undefined,
  limit: number,
): Promise<SealedRow[]> {
  const columns = sql.join(key.map(name => sql.ref(name)))
  const texts = sql.join(key.map(name => sql`${sql.ref(name)}::text`))
  const rest = after ? sql`(${columns}) > (${sql.join(after)})` : sql`true`
  const rows = await sql<SealedRow>`
    select ctid::text as address, array[${texts}] as key, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where ${sql.ref(column)} <> '' and ${rest} order by ${columns} limit ${limit} for update`.execute(db)
  return rows.rows
}

export async function putSealed(
  db: Db,
  { table, column }: Column,
  rows: readonly Pick<SealedRow, 'address' | 'sealed'>[],
): Promise<void> {
  await sql`
    update ${sql.table(table)} as t set ${sql.ref(column)} = fresh.sealed
    from unnest(${rows.map(row => row.address)}::tid[], ${rows.map(row => row.sealed)}::text[]) as fresh(address, sealed)
    where t.ctid = fresh.address`.execute(db)
}
