import { sql } from 'kysely'
import type { PruneOrder } from '../../../platform/operation/retention.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'

/** Its refunds go with it; they are younger by a year at most. */
export async function pruneOrders(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const ended = sql`old.created_at < ${before} and old.state <> 'open'`
  return deleteOldestOfCorps(db, 'pay_order', ended, 'created_at', atMost)
}
