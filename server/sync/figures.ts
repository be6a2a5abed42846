import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'

/** How long events waited until they were applied, per day of Beijing; days without events are left out. */
export async function delayPerDay(
  db: Db,
  corpId: string,
  since: Date,
): Promise<{ day: string; events: number; seconds: number }[]> {
  const rows = await sql<{ day: string; events: number; seconds: number }>`
    select to_char(received_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::int as events,
      avg(extract(epoch from done_at - received_at))::float8 as seconds
    from inbox_event where corp_id = ${corpId} and state = 'done' and received_at >= ${since}
    group by 1 order by 1`.execute(db)
  return rows.rows
}
