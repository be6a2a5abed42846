import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { aliveForSeconds } from '../../../platform/storage/nodes/node-store.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** Returns the id of a new open stream; undefined when the developer has `atMost` on this and other living nodes. */
export async function takeStream(
  db: Db,
  { node, devId, atMost }: { node: string; devId: string; atMost: number },
): Promise<number | undefined> {
  return db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(hashtext(${`event stream ${devId}`}))`.execute(tx)
    const { rows } = await sql<{ id: number }>`
      insert into event_stream (node, dev_id)
      select ${node}, ${devId} where ${atMost} > (
        select count(*) from event_stream s where s.dev_id = ${devId} and (s.node = ${node} or exists (
          select from node n where n.id = s.node
            and n.seen_at > clock_timestamp() - make_interval(secs => ${aliveForSeconds}))))
      returning id`.execute(tx)
    return rows[0]?.id
  })
}

export async function endStreams(db: Db, ids: readonly number[]): Promise<void> {
  await db.deleteFrom('event_stream').where('id', 'in', ids).execute()
}

export async function pruneStreams(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'event_stream', sql`opened_at < ${before}`, atMost)
}
