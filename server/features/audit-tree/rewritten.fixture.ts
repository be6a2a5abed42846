import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { bodiesOf } from './tree/bodies-store.ts'
import { hiddenOf, leafData } from './tree/leaf.ts'
import { createEdge, leafHash } from './tree/merkle.ts'
import { sources, type TreeName } from './tree/source.ts'
import { insertNodes, leavesFrom } from './tree/tree-store.ts'

const tables = ['audit', 'sign_in_log', 'data_read', 'refusal']

/**
 * What somebody with the whole database can do, who knows how wisp computes: takes the last entries away or changes rows, makes all hashes
 * new, and removes the checkpoints, which cannot be signed without the installation's key.
 */
export async function rewriteTree(
  db: Db,
  tree: TreeName,
  { last = 0, change }: { last?: number; change?: RawBuilder<unknown> },
): Promise<void> {
  const triggers = async (what: 'disable' | 'enable') => {
    for (const table of tables)
      await sql`alter table ${sql.table(table)} ${sql.raw(what)} trigger user`.execute(db)
  }
  await triggers('disable')
  const leaves = await leavesFrom(db, tree, 0, 1_000_000)
  for (const { source, rowId, index } of leaves.slice(leaves.length - last)) {
    await sql`delete from ${sql.table(source)} where id = ${Number(rowId)}`.execute(db)
    await sql`delete from audit_leaf where tree = ${tree} and index = ${index}`.execute(db)
  }
  if (change) await change.execute(db)
  const kept = leaves.slice(0, leaves.length - last)
  const edge = createEdge()
  await sql`delete from audit_node where tree = ${tree}`.execute(db)
  const bodies = new Map<string, string>()
  for (const source of sources) {
    const ids = kept.flatMap(leaf => (leaf.source === source ? [leaf.rowId] : []))
    for (const { rowId, open, personal } of await bodiesOf(db, tree, source, ids)) {
      const salt = kept.find(leaf => leaf.source === source && leaf.rowId === rowId)!.salt!
      bodies.set(`${source} ${rowId}`, leafData(open, hiddenOf(salt, personal)))
    }
  }
  for (const { index, source, rowId, hash } of kept) {
    const data = bodies.get(`${source} ${rowId}`)
    const made = data === undefined ? hash : leafHash(data)
    if (!made.equals(hash))
      await sql`update audit_leaf set hash = ${made} where tree = ${tree} and index = ${index}`.execute(db)
    await insertNodes(db, tree, edge.add(made))
  }
  await sql`update audit_tree set size = ${edge.size}, edge = ${[...edge.hashes()]}::bytea[] where tree = ${tree}`.execute(
    db,
  )
  await sql`delete from audit_checkpoint where tree = ${tree}`.execute(db)
  await triggers('enable')
}
