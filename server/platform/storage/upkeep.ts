import { sql } from 'kysely'
import { describeError, type Log } from '../operation/log.ts'
import type { Db } from './db.ts'

/**
 * After a bulk load the planner uses old statistics until autovacuum runs, and reads each page of members by sorting all of
 * them. Never throws, because without new statistics queries are only slower.
 */
export async function refreshStatistics(ctx: { db: Db; log: Log }): Promise<void> {
  try {
    await sql`analyze member, department, directory_change`.execute(ctx.db)
  } catch (error) {
    ctx.log.warn(describeError(error), 'statistics not refreshed')
  }
}

/** The version of the PostgreSQL server, such as `18.4`. */
export async function databaseVersion(db: Db): Promise<string> {
  const { rows } = await sql<{
    version: string
  }>`select current_setting('server_version') as version`.execute(db)
  return rows[0]?.version ?? ''
}
