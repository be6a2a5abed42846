import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

const prefix = 'wisp_restore_test_'

/** Returns its name, which says when it was made. */
export async function createDatabase(db: Db, now: number): Promise<string> {
  const name = `${prefix}${now}_${Math.random().toString(36).slice(2, 8)}`
  await sql`create database ${sql.id(name)} template template0 encoding 'UTF8'`.execute(db)
  return name
}

export async function dropDatabase(db: Db, name: string): Promise<void> {
  await sql`drop database if exists ${sql.id(name)} with (force)`.execute(db)
}

/** Returns databases of this user that were made before `before`, which a killed process left. */
export async function leftDatabases(db: Db, before: Date): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select datname as name from pg_database
    where datname like ${`${prefix.replaceAll('_', '\\_')}%`} and datdba = current_user::regrole`.execute(db)
  return rows
    .map(one => one.name)
    .filter(name => Number(name.slice(prefix.length).split('_', 1)[0]) < before.getTime())
}
