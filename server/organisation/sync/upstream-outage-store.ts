import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { aliveForSeconds } from '../../platform/storage/nodes/node-store.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import { storedWords, type Words, wordsToStore } from '../../platform/words.ts'

/** An upstream that answers nobody, as one node sees it. */
export type UpstreamOutage = { since: Date; attempts: number; nextAt: Date; reason: Words | string }

export async function putUpstreamOutage(
  db: Db,
  { upstream, nodeId }: { upstream: string; nodeId: string },
  { since, attempts, nextAt, reason }: UpstreamOutage,
): Promise<void> {
  await sql`
    insert into upstream_outage (upstream, node_id, since, attempts, next_at, reason, seen_at)
    values (${upstream}, ${nodeId}, ${since}, ${attempts}, ${nextAt}, ${wordsToStore(reason)}, now())
    on conflict (upstream, node_id) do update set since = excluded.since, attempts = excluded.attempts,
      next_at = excluded.next_at, reason = excluded.reason, seen_at = excluded.seen_at`.execute(db)
}

export async function dropUpstreamOutage(
  db: Db,
  { upstream, nodeId }: { upstream: string; nodeId: string },
): Promise<void> {
  await db
    .deleteFrom('upstream_outage')
    .where('upstream', '=', upstream)
    .where('node_id', '=', nodeId)
    .execute()
}

/** As the living node sees it that has gone without an answer for longest. A node that died says nothing any more. */
export async function readUpstreamOutage(db: Db, upstream: string): Promise<UpstreamOutage | undefined> {
  const { rows } = await sql<UpstreamOutage & { reason: string }>`
    select o.since, o.attempts, o.next_at as "nextAt", o.reason from upstream_outage o
    join node n on n.id = o.node_id and n.seen_at > clock_timestamp() - make_interval(secs => ${aliveForSeconds})
    where o.upstream = ${upstream} order by o.since limit 1`.execute(db)
  const [row] = rows
  return row && { ...row, reason: storedWords(row.reason) }
}

export async function pruneUpstreamOutages(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'upstream_outage', sql`seen_at < ${before}`, atMost)
}
