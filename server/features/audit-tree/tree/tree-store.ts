import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Progress } from './bodies-store.ts'
import type { StoredNode } from './merkle.ts'
import type { Source, Statement, TreeName } from './source.ts'

export type TreeRow = {
  tree: TreeName
  size: number
  edge: Buffer[]
  existing: Partial<Record<Source, Progress>> | null
}

const columns = ['tree', 'size', 'edge', 'existing'] as const

export async function treeRow(db: Db, tree: TreeName): Promise<TreeRow | undefined> {
  const row = await db.selectFrom('audit_tree').select(columns).where('tree', '=', tree).executeTakeFirst()
  return row as TreeRow | undefined
}

export async function hasTrees(db: Db): Promise<boolean> {
  const { rows } = await sql<{ name: string | null }>`select to_regclass('audit_tree')::text as name`.execute(
    db,
  )
  return Boolean(rows[0]?.name)
}

/** All trees but those of corps that are being deleted. */
export async function treeNames(db: Db): Promise<TreeName[]> {
  const { rows } = await sql<{ tree: string }>`
    select tree from audit_tree left join corp on corp.corp_id = audit_tree.corp_id
    where corp.removing_at is null order by tree`.execute(db)
  return rows.map(row => row.tree)
}

/**
 * Prepares what waits: rows about a corp that is gone enter the tree of the installation, those of one that is being deleted none, and what was
 * to be said in a tree that is gone is not said in another, whose places it does not mean. Returns the trees that something waits for, having
 * made the missing ones.
 */
export async function prepareWaiting(db: Db): Promise<TreeName[]> {
  // From name to name by the index: of a backlog of millions each look would else read all.
  const { rows } = await sql<{ tree: string; isOpen: boolean }>`
    with recursive names as (
      (select tree from audit_pending order by tree limit 1)
      union all
      select (select p.tree from audit_pending p where p.tree > names.tree order by p.tree limit 1) from names where names.tree is not null
    ), made as (
      insert into audit_tree (tree, corp_id)
      select names.tree, nullif(names.tree, '') from names left join corp on corp.corp_id = names.tree
      where names.tree = '' or corp.corp_id is not null and corp.removing_at is null
      on conflict do nothing
      returning tree
    )
    select names.tree, names.tree = '' or corp.corp_id is not null and corp.removing_at is null as "isOpen"
    from names left join corp on corp.corp_id = names.tree where names.tree is not null
    union select tree, true from audit_tree left join corp on corp.corp_id = audit_tree.corp_id
      where existing is not null and corp.removing_at is null
    order by tree`.execute(db)
  const open = rows.flatMap(row => (row.isOpen ? [row.tree] : []))
  const closed = rows.flatMap(row => (row.isOpen ? [] : [row.tree]))
  if (closed.length === 0) return open
  return (await moveWaiting(db, closed)) && !open.includes('') ? ['', ...open] : open
}

/** Of trees whose corp is gone or going. Returns whether something now waits for the tree of the installation. */
async function moveWaiting(db: Db, trees: readonly TreeName[]): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    with dropped as (
      delete from audit_pending where tree = any(${trees}::text[])
        and (exists (select from corp where corp.corp_id = audit_pending.tree and corp.removing_at is not null)
          or source = 'statement' and not exists (select from corp where corp.corp_id = audit_pending.tree))
    )
    update audit_pending set tree = '' where tree = any(${trees}::text[]) and source <> 'statement'
      and not exists (select from corp where corp.corp_id = audit_pending.tree)`.execute(db)
  return numAffectedRows > 0n
}

/**
 * The tree for whoever adds to it: until the transaction ends it is nobody else's, and it is undefined while it is. A killed node's lock goes
 * with its connection, and what it had not committed was never in the tree.
 */
export async function lockTree(tx: Db, tree: TreeName): Promise<TreeRow | undefined> {
  const row = await tx
    .selectFrom('audit_tree')
    .select(columns)
    .where('tree', '=', tree)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row as TreeRow | undefined
}

/** The same, but waits for whoever adds to it. */
export async function holdTree(tx: Db, tree: TreeName): Promise<TreeRow | undefined> {
  const row = await tx
    .selectFrom('audit_tree')
    .select(columns)
    .where('tree', '=', tree)
    .forUpdate()
    .executeTakeFirst()
  return row as TreeRow | undefined
}

export type WaitingLeaf = {
  id: number
  source: Source | 'statement'
  rowId: string
  statement: string | null
}

export async function waitingLeaves(tx: Db, tree: TreeName, atMost: number): Promise<WaitingLeaf[]> {
  // Asked for those of the tree alone, the planner, who knows nothing of a table that is empty as a rule, would sort a backlog of millions each time.
  const { rows } = await sql<WaitingLeaf>`
    select id, source, row_id as "rowId", statement::text as statement from (
      select * from audit_pending where (tree, id) > (${tree}, 0) order by tree, id limit ${atMost}) as next
    where tree = ${tree} order by id`.execute(tx)
  return rows
}

/** Returns which of these rows stand in a tree. */
export async function enteredRows(tx: Db, source: Source, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('audit_leaf')
    .select('row_id')
    .where('source', '=', source)
    .where('row_id', 'in', [...ids])
    .execute()
  return rows.map(row => row.row_id)
}

export type NewLeaf = {
  index: number
  source: Source | 'statement'
  rowId: string
  hash: Buffer
  salt: Buffer | null
  statement: string | null
}

export async function insertLeaves(tx: Db, tree: TreeName, leaves: readonly NewLeaf[]): Promise<void> {
  const of = <K extends keyof NewLeaf>(key: K) => leaves.map(leaf => leaf[key])
  await sql`
    insert into audit_leaf (tree, index, source, row_id, hash, salt, statement)
    select ${tree}, * from unnest(${of('index')}::bigint[], ${of('source')}::text[], ${of('rowId')}::text[], ${of('hash')}::bytea[],
      ${of('salt')}::bytea[], ${of('statement')}::jsonb[])`.execute(tx)
}

export async function insertNodes(tx: Db, tree: TreeName, nodes: readonly StoredNode[]): Promise<void> {
  if (nodes.length === 0) return
  await tx
    .insertInto('audit_node')
    .values(nodes.map(node => ({ tree, ...node })))
    .execute()
}

export async function putTree(tx: Db, { tree, size, edge, existing }: TreeRow): Promise<void> {
  await sql`
    update audit_tree set size = ${size}, edge = ${edge}::bytea[], existing = ${existing === null ? null : JSON.stringify(existing)}::jsonb
    where tree = ${tree}`.execute(tx)
}

export async function dropWaiting(tx: Db, ids: readonly number[]): Promise<void> {
  await sql`delete from audit_pending where id = any(${ids}::bigint[])`.execute(tx)
}

/** Says something in a tree, when the transaction has committed. */
export async function state(tx: Db, tree: TreeName, statement: Statement): Promise<void> {
  await sql`
    insert into audit_pending (tree, source, row_id, statement)
    values (${tree}, 'statement', '', ${JSON.stringify(statement)}::jsonb)`.execute(tx)
}

/** Says it in every tree that has leaves. */
export async function stateInAll(tx: Db, statement: Statement): Promise<void> {
  await sql`
    insert into audit_pending (tree, source, row_id, statement)
    select tree, 'statement', '', ${JSON.stringify(statement)}::jsonb from audit_tree where size > 0 order by tree`.execute(
    tx,
  )
}

/** How many rows wait, and for how long the oldest does. */
export async function waitingCount(db: Db, tree: TreeName): Promise<{ waiting: number; since: Date | null }> {
  const row = await db
    .selectFrom('audit_pending')
    .select(({ fn }) => [fn.countAll<number>().as('waiting'), fn.min('at').as('since')])
    .where('tree', '=', tree)
    .executeTakeFirst()
  return { waiting: Number(row?.waiting ?? 0), since: row?.since ?? null }
}

/** Trees whose oldest waiting row has waited since before this time. */
export async function lateTrees(
  db: Db,
  before: Date,
): Promise<{ tree: TreeName; since: Date; waiting: number }[]> {
  const { rows } = await sql<{ tree: string; since: Date; waiting: number }>`
    select p.tree, min(p.at) as since, count(*)::int as waiting from audit_pending p left join corp on corp.corp_id = p.tree
    where corp.removing_at is null group by p.tree having min(p.at) < ${before} order by p.tree`.execute(db)
  return rows
}

export async function leafHashes(
  db: Db,
  tree: TreeName,
  { from, size }: { from: number; size: number },
): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('audit_leaf')
    .select('hash')
    .where('tree', '=', tree)
    .where('index', '>=', from)
    .where('index', '<', from + size)
    .orderBy('index')
    .execute()
  return rows.map(row => row.hash)
}

export async function nodeHashes(
  db: Db,
  tree: TreeName,
  { level, from, count }: { level: number; from: number; count: number },
): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('audit_node')
    .select('hash')
    .where('tree', '=', tree)
    .where('level', '=', level)
    .where('index', '>=', from)
    .where('index', '<', from + count)
    .orderBy('index')
    .execute()
  return rows.map(row => row.hash)
}

export type StoredLeaf = {
  index: number
  source: Source | 'statement'
  rowId: string
  hash: Buffer
  salt: Buffer | null
  hidden: Buffer | null
  statement: string | null
  enteredAt: Date
}

const leafColumns = sql`index, source, row_id as "rowId", hash, salt, hidden, statement::text as statement, entered_at as "enteredAt"`

async function leavesWhere(db: Db, condition: RawBuilder<unknown>, atMost: number): Promise<StoredLeaf[]> {
  const { rows } = await sql<StoredLeaf>`
    select ${leafColumns} from audit_leaf where ${condition} order by index limit ${atMost}`.execute(db)
  return rows
}

export async function leavesFrom(
  db: Db,
  tree: TreeName,
  fromIndex: number,
  atMost: number,
): Promise<StoredLeaf[]> {
  return leavesWhere(db, sql`tree = ${tree} and index >= ${fromIndex}`, atMost)
}

export async function statementsFrom(
  db: Db,
  tree: TreeName,
  fromIndex: number,
  atMost: number,
): Promise<StoredLeaf[]> {
  return leavesWhere(db, sql`tree = ${tree} and index >= ${fromIndex} and source = 'statement'`, atMost)
}

/** Locked until the transaction ends, so that nobody else takes the same salt away. */
export async function lockLeaves(tx: Db, tree: TreeName, indexes: readonly number[]): Promise<StoredLeaf[]> {
  const { rows } = await sql<StoredLeaf>`
    select ${leafColumns} from audit_leaf where tree = ${tree} and index = any(${indexes}::bigint[]) order by index for update`.execute(
    tx,
  )
  return rows
}

export async function leafOfRow(
  db: Db,
  source: Source,
  rowId: string,
): Promise<(StoredLeaf & { tree: TreeName }) | undefined> {
  const found = await db
    .selectFrom('audit_leaf')
    .select(['tree', 'index'])
    .where('source', '=', source)
    .where('row_id', '=', rowId)
    .executeTakeFirst()
  if (!found) return undefined
  const [leaf] = await leavesWhere(db, sql`tree = ${found.tree} and index = ${found.index}`, 1)
  return leaf && { ...leaf, tree: found.tree }
}

/** Takes the salts away, and keeps what the leaves are made of besides. */
export async function putHidden(
  tx: Db,
  tree: TreeName,
  leaves: readonly { index: number; hidden: Buffer }[],
): Promise<void> {
  await sql`
    update audit_leaf set salt = null, hidden = given.hidden
    from unnest(${leaves.map(leaf => leaf.index)}::bigint[], ${leaves.map(leaf => leaf.hidden)}::bytea[]) as given(index, hidden)
    where audit_leaf.tree = ${tree} and audit_leaf.index = given.index`.execute(tx)
}
