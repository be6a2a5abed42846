import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** Its refunds go with it; they are younger by a year at most. */
export async function pruneOrders(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const ended = sql`old.created_at < ${before} and old.state <> 'open'`
  return deleteOldestOfCorps(db, 'pay_order', ended, 'created_at', atMost)
}
