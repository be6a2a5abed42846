import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export async function pruneVerifications(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'audit_verification', sql`asked_at < ${before}`, atMost)
}
