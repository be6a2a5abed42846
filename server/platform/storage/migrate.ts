import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { StartError } from '../operation/start-error.ts'
import type { Db } from './db.ts'

export const migrationsDir = join(import.meta.dirname, 'migrations')

/** Names of the migration files in a folder, in the order in which they run. */
export function listMigrations(dir = migrationsDir): string[] {
  return readdirSync(dir)
    .filter(name => name.endsWith('.sql'))
    .sort()
}

/**
 * Runs the named migrations that this database has not seen, in order and in the caller's transaction, so that a failure
 * leaves the database unchanged. Simultaneous callers, also on other nodes, take turns. Throws when the database has seen a
 * migration that the folder lacks.
 */
export async function migrate(tx: Db, names: readonly string[], dir = migrationsDir): Promise<void> {
  await awaitMigrations(tx)
  await sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`.execute(
    tx,
  )
  const applied = await appliedMigrations(tx)
  const known = listMigrations(dir)
  refuseNewer(await unknownMigrations(tx, known))
  for (const name of known) {
    if (!names.includes(name) || applied.includes(name)) continue
    await runScript(tx, readFileSync(join(dir, name), 'utf8'))
    await sql`insert into migration (name) values (${name})`.execute(tx)
  }
  const additive = additiveMigrations(dir)
  if (await marksAdditive(tx))
    await sql`update migration set additive = true where name = any(${additive}::text[]) and not additive`.execute(
      tx,
    )
}

const additiveMark = '-- additive\n'

/**
 * Migrations that begin with the line `-- additive`: nodes that do not know them read and write rightly beside nodes that do,
 * such as where there is one more table, or a column with a default that they need not write.
 */
export function additiveMigrations(dir = migrationsDir): string[] {
  return listMigrations(dir).filter(name => readFileSync(join(dir, name), 'utf8').startsWith(additiveMark))
}

/** Returns the migrations that a node must know to run next to one of this version. */
export function neededMigrations(): string[] {
  const additive = additiveMigrations()
  return listMigrations().filter(name => !additive.includes(name))
}

/** The migrations of this database that are not among the known ones and not additive, in order. */
export async function unknownMigrations(db: Db, known: readonly string[]): Promise<string[]> {
  const applied = await appliedMigrations(db)
  const unknown = applied.filter(name => !known.includes(name))
  if (unknown.length === 0 || !(await marksAdditive(db))) return unknown
  const marked = await db.selectFrom('migration').select('name').where('additive', '=', true).execute()
  return unknown.filter(name => !marked.some(one => one.name === name))
}

/** The mark is a column since migration 0051. */
async function marksAdditive(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select from pg_attribute where attrelid = to_regclass('migration') and attname = 'additive' and not attisdropped`.execute(
    db,
  )
  return rows.length > 0
}

/** Throws StartError. */
export function refuseNewer(unknown: readonly string[]): void {
  if (unknown.length === 0) return
  throw new StartError(
    `数据库已由更新版本的 wisp 迁移（${unknown.join('、')}），这个版本不认识它：请使用更新的版本，或把旧的备份恢复到另一个数据库。`,
    `the database was migrated by a newer wisp (${unknown.join(', ')}): use that version, or restore an older backup into another database.`,
  )
}

/** Keeps everybody else from migrating this database until the transaction ends. */
export async function awaitMigrations(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('wisp migrations'))`.execute(tx)
}

/** Names of the migrations that this database has seen, in order; none for an empty database. */
export async function appliedMigrations(db: Db): Promise<string[]> {
  const table = await sql<{ name: string | null }>`select to_regclass('migration')::text as name`.execute(db)
  if (!table.rows[0]?.name) return []
  const { rows } = await sql<{ name: string }>`select name from migration`.execute(db)
  return rows.map(row => row.name).sort()
}

/**
 * Removes everything that the migrations created, with all rows. Other objects in the database stay; if one of them, such
 * as a view, depends on a table of ours, PostgreSQL refuses (2BP01). Throws as `migrate` does.
 */
export async function dropMigrated(tx: Db, dir = migrationsDir): Promise<void> {
  const applied = await appliedMigrations(tx)
  const known = listMigrations(dir)
  refuseNewer(applied.filter(name => !known.includes(name)))
  const drop = async (kind: 'table' | 'function') => {
    const made = madeBy(kind, applied, dir).map(name => sql.id(name))
    if (made.length > 0) await sql`drop ${sql.raw(kind)} if exists ${sql.join(made)}`.execute(tx)
  }
  await drop('table')
  await drop('function')
  await sql`drop table if exists migration`.execute(tx)
}

/**
 * Names of the tables or functions that exist after these migrations have run. The migrations create nothing else that
 * stands alone; indexes and triggers belong to a table.
 */
export function madeBy(kind: 'table' | 'function', names: readonly string[], dir = migrationsDir): string[] {
  const made = new Set<string>()
  const statement = new RegExp(
    `^(create|drop|alter) (?:or replace |unlogged )?${kind} (?:if (?:not )?exists )?(\\w+)(?: rename to (\\w+))?`,
    'gm',
  )
  for (const file of listMigrations(dir).filter(name => names.includes(name))) {
    for (const [, verb, name = '', renamed] of readFileSync(join(dir, file), 'utf8').matchAll(statement)) {
      if (verb === 'create') made.add(name)
      if (verb === 'drop' || renamed) made.delete(name)
      if (renamed) made.add(renamed)
    }
  }
  return [...made]
}

/** Without parameters PostgreSQL accepts many statements in one query. */
async function runScript(tx: Db, script: string): Promise<void> {
  await sql.raw(script).execute(tx)
}
