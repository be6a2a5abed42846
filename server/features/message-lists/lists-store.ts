import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type ListKey = { corpId: string; devId: string; id: string }
export type ListHead = { variables: string[]; rows: number }

/** How many rows the lists of a developer have together. */
export async function rowsKept(db: Db, { corpId, devId }: Omit<ListKey, 'id'>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(rows), 0)::int as n from message_list where corp_id = ${corpId} and dev_id = ${devId}`.execute(
    db,
  )
  return rows[0]!.n
}

export async function insertList(
  tx: Db,
  { corpId, devId, id }: ListKey,
  { variables, rows }: ListHead,
  pieces: readonly string[],
  at: Date,
): Promise<void> {
  await sql`
    insert into message_list (corp_id, id, dev_id, variables, rows, made_at, used_at)
    values (${corpId}, ${id}, ${devId}, ${variables}::text[], ${rows}, ${at}, ${at})`.execute(tx)
  await sql`
    insert into message_list_piece (corp_id, list_id, n, content)
    select ${corpId}, ${id}, piece.n, piece.content
    from unnest(${[...pieces]}::text[]) with ordinality as piece (content, n)`.execute(tx)
}

/** Undefined for a list that is not there, or another developer's. */
export async function findList(db: Db, { corpId, devId, id }: ListKey): Promise<ListHead | undefined> {
  return db
    .selectFrom('message_list')
    .select(['variables', 'rows'])
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('dev_id', '=', devId)
    .executeTakeFirst()
}

export async function piecesOf(db: Db, { corpId, id }: Omit<ListKey, 'devId'>): Promise<string[]> {
  const pieces = await db
    .selectFrom('message_list_piece')
    .select('content')
    .where('corp_id', '=', corpId)
    .where('list_id', '=', id)
    .orderBy('n')
    .execute()
  return pieces.map(one => one.content)
}

/** Keeps a list for its age from `at` on, which may be later than now; false for a list that is not there any more. */
export async function setUsed(db: Db, { corpId, id }: Omit<ListKey, 'devId'>, at: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update message_list set used_at = greatest(used_at, ${at}) where corp_id = ${corpId} and id = ${id}`.execute(
    db,
  )
  return numAffectedRows === 1n
}

/** The same for a list that was used last before a time; others are left as they are. */
export async function keepUsed(
  db: Db,
  { corpId, id }: Omit<ListKey, 'devId'>,
  { now, ifBefore }: { now: Date; ifBefore: Date },
): Promise<void> {
  await sql`
    update message_list set used_at = ${now}
    where corp_id = ${corpId} and id = ${id} and used_at < ${ifBefore}`.execute(db)
}

export async function pruneLists(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_list', sql`used_at < ${before}`, atMost)
}
