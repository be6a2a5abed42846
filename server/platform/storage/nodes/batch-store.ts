import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { deleteSome } from '../prune.ts'

/** Notes a batch, whose numbers only grow. False when it was written before: then its transaction was carried out. */
export async function noteBatch(db: Db, nodeId: string, kind: string, number: number): Promise<boolean> {
  const { rows } = await sql`
    insert into node_batch as old (node_id, kind, number) values (${nodeId}, ${kind}, ${number})
    on conflict (node_id, kind) do update set number = excluded.number, written_at = now()
      where old.number < excluded.number
    returning 1`.execute(db)
  return rows.length > 0
}

export async function pruneBatches(
  db: Db,
  { before, atMost }: { before: Date; atMost: number },
): Promise<number> {
  return deleteSome(db, 'node_batch', sql`written_at < ${before}`, atMost)
}
