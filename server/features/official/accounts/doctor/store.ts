import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'
import { deleteSome } from '../../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../../platform/storage/retention.ts'

type AccountKey = { corpId: string; originalId: string }

/** What WeChat answered when a node asked for a token. */
export type NodeAnswer = {
  nodeId: string
  node: string
  /** 0: it gave one; null: no usable answer. */
  errcode: number | null
  /** The node's address as WeChat saw it; '' where it did not tell. */
  address: string
  rid: string
}

export async function putNodeAnswer(
  db: Db,
  { corpId, originalId }: AccountKey,
  answer: NodeAnswer,
): Promise<void> {
  const { nodeId, node, errcode, address, rid } = answer
  await sql`
    insert into official_node (corp_id, original_id, node_id, node, errcode, address, rid)
    values (${corpId}, ${originalId}, ${nodeId}, ${node}, ${errcode}, ${address}, ${rid})
    on conflict (corp_id, original_id, node_id) do update
      set errcode = excluded.errcode, rid = excluded.rid, tried_at = now(),
        address = coalesce(nullif(excluded.address, ''), official_node.address)`.execute(db)
}

/** The database's time, which all nodes share. */
export async function databaseTime(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
  if (!rows[0]) throw new Error('the database tells no time')
  return rows[0].now
}

export async function nodeAnswers(
  db: Db,
  { corpId, originalId }: AccountKey,
  since: Date,
): Promise<NodeAnswer[]> {
  return db
    .selectFrom('official_node')
    .select(['node_id as nodeId', 'node', 'errcode', 'address', 'rid'])
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('tried_at', '>=', since)
    .orderBy('node')
    .execute()
}

/** The addresses that WeChat named in refusals of the account, or WeCom of the installation: one a node. */
export async function knownAddresses(db: Db, { corpId, originalId }: AccountKey): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    select address from official_node
    where corp_id = ${corpId} and original_id = ${originalId} and address <> ''
    union select address from node_address order by 1`.execute(db)
  return rows.map(row => row.address)
}

export async function pruneNodes(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'official_node', sql`tried_at < ${before}`, atMost)
}
