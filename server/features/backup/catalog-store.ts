import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { appliedMigrations, madeBy } from '../../platform/storage/migrate.ts'

/** A table as a backup writes it: without generated columns, and with rows in the order of the primary key. */
export type Table = {
  name: string
  columns: { name: string; type: string; isIdentity: boolean }[]
  key: string[]
  /** Of which rows, called by the table's name; of all without it. */
  where?: RawBuilder<boolean>
}

/**
 * The tables that wisp's applied migrations created, parents before their children. Other tables in the database are
 * never read by a backup nor touched by a restore; nor are unlogged ones, whose rows are about this moment only.
 */
export async function readCatalog(db: Db, dir?: string): Promise<Table[]> {
  const own = new Set(madeBy('table', await appliedMigrations(db), dir))
  const columns = await sql<{ table: string; name: string; type: string; isIdentity: boolean }>`
    select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attidentity <> '' as "isIdentity"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relpersistence = 'p' and not a.attisdropped and a.attgenerated = ''
    order by c.relname, a.attnum`.execute(db)
  const keys = await sql<{ table: string; name: string }>`
    select c.relname as "table", a.attname as name
    from pg_index i join pg_class c on c.oid = i.indrelid
      cross join lateral unnest(i.indkey) with ordinality as k(attnum, n)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where c.relnamespace = current_schema()::regnamespace and i.indisprimary
    order by c.relname, k.n`.execute(db)
  const present = new Set(columns.rows.map(row => row.table))
  // A partition is read and written through the table that it belongs to.
  const tables = [...own.intersection(present)].map(name => ({
    name,
    columns: columns.rows.filter(row => row.table === name).map(({ table: _, ...column }) => column),
    key: keys.rows.filter(row => row.table === name).map(row => row.name),
  }))
  const keyless = tables.filter(table => table.key.length === 0).map(table => table.name)
  if (keyless.length > 0) throw new Error(`tables without a primary key: ${keyless.join(', ')}`)
  return parentsFirst(tables, await readReferences(db))
}

async function readReferences(db: Db): Promise<{ child: string; parent: string }[]> {
  const rows = await sql<{ child: string; parent: string }>`
    select child.relname as child, parent.relname as parent
    from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
    where k.contype = 'f' and child.relnamespace = current_schema()::regnamespace
      and k.conrelid <> k.confrelid`.execute(db)
  return rows.rows
}

function parentsFirst(tables: Table[], references: { child: string; parent: string }[]): Table[] {
  const ordered: Table[] = []
  let rest = tables
  while (rest.length > 0) {
    const waiting = new Set(rest.map(table => table.name))
    const free = rest.filter(
      table => !references.some(one => one.child === table.name && waiting.has(one.parent)),
    )
    if (free.length === 0)
      throw new Error(`tables refer to each other in a circle: ${[...waiting].join(', ')}`)
    ordered.push(...free)
    rest = rest.filter(table => !free.includes(table))
  }
  return ordered
}
