import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** Complete subtrees of 256 old leaves, whose roots stay in `audit_node`. */
export async function pruneLeaves(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const { rows } = await sql`
    with blocks as (
      select distinct tree, index / 256 as block from (
        select tree, index from audit_leaf where entered_at < ${before} order by entered_at limit ${atMost}) as old
    ), whole as (
      select blocks.* from blocks where (
        select count(*) filter (where leaf.entered_at < ${before}) from audit_leaf as leaf
        where leaf.tree = blocks.tree and leaf.index >= blocks.block * 256 and leaf.index < (blocks.block + 1) * 256) = 256
    )
    delete from audit_leaf as leaf using whole
    where leaf.tree = whole.tree and leaf.index >= whole.block * 256 and leaf.index < (whole.block + 1) * 256
    returning leaf.index`.execute(db)
  return rows.length
}
