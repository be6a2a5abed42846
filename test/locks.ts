import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Db } from '../server/platform/storage/db.ts'

/** Waits until a statement in this PostgreSQL database waits for a lock that another one holds. */
export async function waitForLock(db: Db): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  await expect
    .poll(async () => (await waiting.execute(db)).rows.length, { timeout: 20_000 })
    .toBeGreaterThan(0)
}
