import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export async function pruneCheckpoints(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'audit_checkpoint', sql`made_at < ${before}`, atMost)
}
