import { sql } from 'kysely'
import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'

/**
 * After a bulk load the planner still believes what it knew before, until autovacuum comes by: page after page of members
 * is then read by sorting all of them. Never throws: it is only slower without.
 */
export async function refreshStatistics(ctx: Core): Promise<void> {
  try {
    await sql`analyze member, department, directory_change`.execute(ctx.db)
  } catch (error) {
    ctx.log.warn(describeError(error), 'statistics not refreshed')
  }
}
