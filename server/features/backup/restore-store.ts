import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { Table } from './catalog-store.ts'

/** Keeps everybody else from adding a corp until the end of the transaction, and says whether there is one. */
export async function lockCorps(tx: Db): Promise<boolean> {
  await sql`lock table corp in access exclusive mode`.execute(tx)
  const corps = await sql`select 1 from corp limit 1`.execute(tx)
  return corps.rows.length > 0
}

/** Rows that the backup has enter no audit tree anew: the backup has the trees too. */
export async function holdAuditTrees(tx: Db, isRestoring: boolean): Promise<void> {
  await sql`select set_config('wisp.restoring', ${isRestoring ? 'on' : 'off'}, true)`.execute(tx)
}

/** Each row is the JSON array of its columns' texts, as the dump writes it. */
export async function insertRows(tx: Db, table: Table, rows: string[]): Promise<void> {
  const names = sql.join(table.columns.map(column => sql.id(column.name)))
  const values = sql.join(
    table.columns.map((column, index) => sql`(line ->> ${sql.raw(String(index))})::${sql.raw(column.type)}`),
  )
  await sql`
    insert into ${sql.table(table.name)} (${names}) overriding system value
    select ${values} from jsonb_array_elements(${`[${rows.join()}]`}::jsonb) as line`.execute(tx)
}

/** Times of rows of a table that lies by month, at least one in each of their months. */
export async function timesOf(tx: Db, table: Table, rows: string[]): Promise<Date[]> {
  const place = table.columns.findIndex(column => column.name === 'at')
  const { rows: found } = await sql<{ at: Date }>`
    select min((line ->> ${sql.raw(String(place))})::timestamptz) as at
    from jsonb_array_elements(${`[${rows.join()}]`}::jsonb) as line
    group by date_trunc('month', (line ->> ${sql.raw(String(place))})::timestamptz at time zone 'UTC')`.execute(
    tx,
  )
  return found.map(row => row.at)
}
