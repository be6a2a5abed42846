import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'

const lastCalls = 1000

/** How long recent calls of this channel took, and how many parts are waiting ahead of a new one. */
export async function callPace(
  db: Db,
  corpId: string,
  channel: string,
): Promise<{ ms: number | null; waiting: number }> {
  const rows = await sql<{ ms: number | null; waiting: number }>`
    select (select percentile_cont(0.5) within group (order by a.ms) from (
        select part_id, ms, outcome from message_attempt
          where corp_id = ${corpId} order by part_id desc limit ${lastCalls}) a
        join message_part p on p.corp_id = ${corpId} and p.id = a.part_id
        where p.channel = ${channel} and a.outcome = 'sent')::float8 as ms,
      (select count(*)::int from message_part
        where channel = ${channel} and state in ('waiting', 'sending', 'asking') and held_until is null) as waiting`.execute(
    db,
  )
  return rows.rows[0] ?? { ms: null, waiting: 0 }
}
