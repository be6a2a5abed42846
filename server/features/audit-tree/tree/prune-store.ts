import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/**
 * Complete subtrees of 256 leaves of which the last is old; their roots stay in `audit_node`. They are found by their last leaves: the old
 * leaves of a subtree that is not complete stay, and those of a thousand small corps must not be looked through each time.
 */
export async function pruneLeaves(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with whole as (
      select tree, index as last from audit_leaf where entered_at < ${before} and index % 256 = 255
      order by entered_at limit ${Math.ceil(atMost / 256)}
    )
    delete from audit_leaf as leaf using whole
    where leaf.tree = whole.tree and leaf.index > whole.last - 256 and leaf.index <= whole.last`.execute(db)
  return Number(numAffectedRows)
}
