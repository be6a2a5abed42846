import { sql } from 'kysely'
import { storedWords, type Words } from '../http/words.ts'
import type { Db } from '../storage/db.ts'

export type LastRun = { corpId: string; id: number; state: string; error: Words | string | null }

/** The last run of each corp that was not a dry one. */
export async function lastRuns(db: Db): Promise<Map<string, LastRun>> {
  const found = await sql<Omit<LastRun, 'error'> & { error: string | null }>`
    select distinct on (corp_id) corp_id as "corpId", id, state, error
    from sync_run where kind <> 'dry-run' order by corp_id, id desc`.execute(db)
  return new Map(found.rows.map(run => [run.corpId, { ...run, error: run.error && storedWords(run.error) }]))
}

/**
 * How long events waited until they were applied, per day of Beijing; days without events are left out. A replayed event
 * counts from its replay.
 */
export async function delayPerDay(
  db: Db,
  corpId: string,
  since: Date,
): Promise<{ day: string; events: number; seconds: number }[]> {
  const rows = await sql<{ day: string; events: number; seconds: number }>`
    select to_char(received_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::int as events,
      avg(extract(epoch from done_at - coalesce(replayed_at, received_at)))::float8 as seconds
    from inbox_event where corp_id = ${corpId} and state = 'done' and received_at >= ${since}
    group by 1 order by 1`.execute(db)
  return rows.rows
}
