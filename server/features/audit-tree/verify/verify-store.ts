import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { type StoredNode, storedEvery } from '../tree/merkle.ts'
import type { Statement, TreeName } from '../tree/source.ts'

/** Stored subtrees of 256 leaves that end among these leaves. */
export async function storedNodesIn(db: Db, tree: TreeName, from: number, to: number): Promise<StoredNode[]> {
  const span = 2 ** storedEvery
  return db
    .selectFrom('audit_node')
    .select(['level', 'index', 'hash'])
    .where('tree', '=', tree)
    .where('level', '=', storedEvery)
    .where('index', '>=', Math.floor(from / span))
    .where('index', '<', Math.ceil(to / span))
    .execute()
}

/** What is said and has not entered the tree. */
export async function waitingStatements(
  db: Db,
  tree: TreeName,
): Promise<{ statement: Statement; at: Date }[]> {
  const { rows } = await sql<{ statement: Statement; at: Date }>`
    select statement, at from audit_pending where tree = ${tree} and source = 'statement' order by id`.execute(
    db,
  )
  return rows
}
