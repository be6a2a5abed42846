import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { readCatalog, type Table } from '../backup/catalog-store.ts'

/** Tables that name a corp and are not the corp's: what is remembered of corps that were deleted. */
const notOfCorp: readonly string[] = ['corp_removal']

/** A table with rows that belong to a corp; `where` are those, by the table's name. */
export type CorpTable = Table & {
  where: RawBuilder<boolean>
  /** Tables whose rows name no corp and belong to a row of this one, with the columns by which they do. */
  parts: TablePart[]
}
export type TablePart = { table: Table; columns: string[]; parentColumns: string[] }

type Reference = { child: string; parent: string; columns: string[]; parentColumns: string[] }

/**
 * Every table with rows of a corp, parents before their children, by the migrated catalog: no list of tables can forget one. A table
 * belongs to a corp by its corp_id or, without one, by its reference to such a table.
 */
export async function corpTables(db: Db, corpId: string): Promise<CorpTable[]> {
  const tables = (await readCatalog(db)).filter(table => !notOfCorp.includes(table.name))
  const references = await readReferences(db)
  const own = tables.filter(table => table.columns.some(column => column.name === 'corp_id'))
  const ofCorp = own.map(table => ({
    ...table,
    where: sql<boolean>`${sql.ref(`${table.name}.corp_id`)} = ${corpId}`,
    parts: partsOf(table, tables, own, references),
  }))
  const setting = tables.find(table => table.name === 'setting')
  return setting ? [...ofCorp, { ...setting, where: isSettingOf(corpId), parts: [] }] : ofCorp
}

function partsOf(parent: Table, tables: Table[], own: Table[], references: Reference[]): TablePart[] {
  return references.flatMap(one => {
    const table = tables.find(({ name }) => name === one.child)
    if (one.parent !== parent.name || !table || own.includes(table)) return []
    return [{ table, columns: one.columns, parentColumns: one.parentColumns }]
  })
}

/** Which rows of a part belong to the corp, by the part's name. */
export function partOfCorp(
  parent: CorpTable,
  { table, columns, parentColumns }: TablePart,
): RawBuilder<boolean> {
  const own = sql.join(columns.map(name => sql.ref(`${table.name}.${name}`)))
  const theirs = sql.join(parentColumns.map(name => sql.ref(`${parent.name}.${name}`)))
  return sql<boolean>`(${own}) in (select ${theirs} from ${sql.table(parent.name)} where ${parent.where})`
}

/** Values that the installation keeps by name: verdicts of doctors, and what ends with the corp's id. */
function isSettingOf(corpId: string): RawBuilder<boolean> {
  const end = `:${corpId}`
  return sql<boolean>`(setting.key = ${`doctor ${corpId}`} or right(setting.key, ${end.length}) = ${end}
    or setting.key in (select 'official-doctor:' || original_id from official_account where corp_id = ${corpId})
    or setting.key in (select 'pay-doctor:' || mch_id from pay_merchant where corp_id = ${corpId}))`
}

async function readReferences(db: Db): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    select child.relname as child, parent.relname as parent,
      (select json_agg(a.attname order by k.n) from unnest(c.conkey) with ordinality as k(attnum, n)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns,
      (select json_agg(a.attname order by k.n) from unnest(c.confkey) with ordinality as k(attnum, n)
        join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum) as "parentColumns"
    from pg_constraint c join pg_class child on child.oid = c.conrelid join pg_class parent on parent.oid = c.confrelid
    where c.contype = 'f' and child.relnamespace = current_schema()::regnamespace and c.conparentid = 0`.execute(
    db,
  )
  return rows
}
