import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestOfCorps, deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** Pending events are kept, however old they are. */
export async function pruneEvents(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`old.received_at < ${before} and old.state <> 'pending'`
  return deleteOldestOfCorps(db, 'inbox_event', isOld, 'received_at', atMost)
}

export async function pruneRuns(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'sync_run', sql`finished_at < ${before}`, atMost)
}
