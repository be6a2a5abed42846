import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Table } from '../../backup/catalog-store.ts'
import type { CorpTable, TablePart } from '../corp-tables-store.ts'

/** How many rows of which table a transaction has deleted. */
export type RowCounts = Record<string, number>

/**
 * Deletes at most so many rows of a table that belong to the corp, and those of its parts before them, and says how many of which.
 * Nothing when none is left. A row with more parts than that loses them over several calls before it goes itself.
 */
export async function deleteSomeOf(tx: Db, table: CorpTable, atMost: number): Promise<RowCounts> {
  const deleted: RowCounts = {}
  const columns = [...new Set([...table.key, ...table.parts.flatMap(part => part.parentColumns)])]
  const names = sql.join(
    columns.map(name => sql`${sql.ref(`${table.name}.${name}`)}::text as ${sql.id(name)}`),
  )
  const { rows } = await sql<Record<string, string | null>>`
    select ${names} from ${sql.table(table.name)} where ${table.where} limit ${atMost}`.execute(tx)
  if (rows.length === 0) return deleted
  for (const part of table.parts) {
    const count = await deleteParts(tx, table, part, rows, atMost)
    if (count > 0) deleted[part.table.name] = count
    if (count === atMost) return deleted
  }
  const { numAffectedRows = 0n } = await sql`
    delete from ${sql.table(table.name)} where ${isAmong(table, table.key, table, table.key, rows)}`.execute(
    tx,
  )
  deleted[table.name] = Number(numAffectedRows)
  return deleted
}

type Row = Record<string, string | null>

async function deleteParts(
  tx: Db,
  parent: Table,
  { table, columns, parentColumns }: TablePart,
  rows: readonly Row[],
  atMost: number,
): Promise<number> {
  const key = sql.join(table.key.map(name => sql.ref(`${table.name}.${name}`)))
  const { numAffectedRows = 0n } = await sql`
    delete from ${sql.table(table.name)} where (${key}) in (
      select ${key} from ${sql.table(table.name)}
      where ${isAmong(table, columns, parent, parentColumns, rows)} limit ${atMost})`.execute(tx)
  return Number(numAffectedRows)
}

/** Whether these columns of a table are those of the rows of another, whose types they have. */
function isAmong(
  table: Table,
  columns: readonly string[],
  { columns: types }: Table,
  theirs: readonly string[],
  rows: readonly Row[],
): RawBuilder<boolean> {
  const own = sql.join(columns.map(name => sql.ref(`${table.name}.${name}`)))
  const values = theirs.map(name => {
    const type = types.find(column => column.name === name)?.type ?? 'text'
    const texts = rows.map(row => row[name] ?? null)
    return sql`${texts}::text[]::${sql.raw(type)}[]`
  })
  const names = sql.join(theirs.map((_, index) => sql.raw(`c${index}`)))
  return sql<boolean>`(${own}) in (select ${names} from unnest(${sql.join(values)}) as given(${names}))`
}

/** Keeps everybody from adding rows of the corp until the transaction ends, and waits for those who are about to. */
export async function lockForRemoval(tx: Db, corpId: string): Promise<boolean> {
  const { rows } = await sql`select from corp where corp_id = ${corpId} for update`.execute(tx)
  return rows.length > 0
}

export async function deleteCorpRow(tx: Db, corpId: string): Promise<void> {
  await sql`delete from corp where corp_id = ${corpId}`.execute(tx)
}
