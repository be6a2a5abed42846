import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { aliveForSeconds } from '../../../platform/storage/nodes/node-store.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** The number of a stream that is about to be opened, by which its row is found where nobody knows whether it was written. */
export async function nextStreamId(db: Db): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select nextval(pg_get_serial_sequence('event_stream', 'id')) as id`.execute(db)
  return rows[0]!.id
}

const lock = (devId: string) => sql`select pg_advisory_xact_lock(hashtext(${`event stream ${devId}`}))`

/** Opens a stream; false when the developer has `atMost` on this and other living nodes. */
export async function takeStream(
  db: Db,
  { id, node, devId, atMost }: { id: number; node: string; devId: string; atMost: number },
): Promise<boolean> {
  return db.transaction().execute(async tx => {
    await lock(devId).execute(tx)
    const { rows } = await sql`
      insert into event_stream (id, node, dev_id) overriding system value
      select ${id}, ${node}, ${devId} where ${atMost} > (
        select count(*) from event_stream s where s.dev_id = ${devId} and (s.node = ${node} or exists (
          select from node n where n.id = s.node
            and n.seen_at > clock_timestamp() - make_interval(secs => ${aliveForSeconds}))))
      returning id`.execute(tx)
    return rows.length > 0
  })
}

/** The developers' locks make sure that a row whose commit is still under way is there before it is deleted. */
export async function endStreams(db: Db, ended: ReadonlyMap<number, string>): Promise<void> {
  await db.transaction().execute(async tx => {
    for (const devId of [...new Set(ended.values())].sort()) await lock(devId).execute(tx)
    await tx
      .deleteFrom('event_stream')
      .where('id', 'in', [...ended.keys()])
      .execute()
  })
}

export async function pruneStreams(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'event_stream', sql`opened_at < ${before}`, atMost)
}
