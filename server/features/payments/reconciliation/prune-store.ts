import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export async function pruneReconciliations(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'pay_reconciliation', sql`old.tried_at < ${before}`, 'tried_at', atMost)
}
