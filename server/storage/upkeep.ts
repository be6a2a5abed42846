import { sql } from 'kysely'
import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'

/**
 * After a bulk load the planner uses old statistics until autovacuum runs, and reads each page of members by sorting all of
 * them. Never throws, because without new statistics queries are only slower.
 */
export async function refreshStatistics(ctx: Core): Promise<void> {
  try {
    await sql`analyze member, department, directory_change`.execute(ctx.db)
  } catch (error) {
    ctx.log.warn(describeError(error), 'statistics not refreshed')
  }
}
