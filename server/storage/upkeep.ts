import { sql } from 'kysely'
import type { Core } from '../core.ts'
import type { Jobs } from '../operation/jobs.ts'
import { describeError } from '../operation/log.ts'
import type { Database } from './database.ts'

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

/** The embedded database has no autovacuum: what was deleted or replaced is given back here, every night. */
export async function scheduleUpkeep(ctx: Core & { database: Database; jobs: Jobs }): Promise<void> {
  if (ctx.database.pglite) await ctx.jobs.schedule('database-upkeep', '45 3 * * *', () => vacuum(ctx))
}

export async function vacuum(ctx: Core): Promise<void> {
  await sql`vacuum (analyze)`.execute(ctx.db)
}
