import { sql } from 'kysely'
import type { Db } from './db.ts'

/** To a role without pg_monitor PostgreSQL tells that somebody reads, and not how far: a base backup that is under way counts too. */
export async function standbysReading(db: Db): Promise<number> {
  const { rows } = await sql<{ standbys: number }>`
    select count(*)::int as standbys from pg_stat_replication where state is null or state = 'streaming'`.execute(
    db,
  )
  return rows[0]?.standbys ?? 0
}
