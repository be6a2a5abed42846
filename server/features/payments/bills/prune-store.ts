import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** What still waits to be paid stays, whatever its age. */
export async function pruneBills(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const ended = sql`old.created_at < ${before} and old.state <> 'open'`
  return deleteOldestOfCorps(db, 'pay_bill', ended, 'created_at', atMost)
}
