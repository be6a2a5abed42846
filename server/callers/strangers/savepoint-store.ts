import { sql } from 'kysely'
import { DatabaseAway } from '../../platform/storage/availability.ts'
import type { Db } from '../../platform/storage/db.ts'

/** Runs `work` so that the transaction can go on when it fails: what it wrote is taken back, and its error thrown. */
export async function inSavepoint<T>(tx: Db, work: () => Promise<T>): Promise<T> {
  await sql`savepoint inner_work`.execute(tx)
  try {
    const result = await work()
    await sql`release savepoint inner_work`.execute(tx)
    return result
  } catch (error) {
    // A connection that is gone takes its transaction with it.
    if (!(error instanceof DatabaseAway)) await sql`rollback to savepoint inner_work`.execute(tx)
    throw error
  }
}
