import { sql } from 'kysely'
import type { Db } from './db.ts'

/**
 * The nodes that have this database open now, by the names of their pools. A command's pool has a single connection, a node's
 * never has, and at least one of them always shows (`storage/database.ts`).
 */
export async function aliveNodes(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct application_name as name from pg_stat_activity
    where datname = current_database() and application_name ~ '^wisp [0-9]+ ' and application_name !~ '^wisp 1 '`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}
