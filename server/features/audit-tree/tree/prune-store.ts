import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

const span = 256

/**
 * Complete subtrees of 256 old leaves, whose roots stay in `audit_node`: the first ones of each tree, of which the last leaf is old. The old
 * leaves of a subtree that is not complete stay, so those of a thousand small corps must not be looked through each time.
 */
export async function pruneLeaves(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const blocks = Math.ceil(atMost / span)
  const { numAffectedRows = 0n } = await sql`
    with whole as materialized (
      select audit_tree.tree, block.start from audit_tree
        cross join lateral (
          select index / ${span}::int * ${span}::int as start from audit_leaf where tree = audit_tree.tree order by index limit 1) as first
        cross join lateral generate_series(first.start, first.start + ${span}::int * (${blocks}::int - 1), ${span}::int) as block(start)
      where exists (
        select from audit_leaf as last
        where last.tree = audit_tree.tree and last.index = block.start + ${span}::int - 1 and last.entered_at < ${before})
      limit ${blocks}
    )
    delete from audit_leaf as leaf using whole
    where leaf.tree = whole.tree and leaf.index >= whole.start and leaf.index < whole.start + ${span}::int`.execute(
    db,
  )
  return Number(numAffectedRows)
}
