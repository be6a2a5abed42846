import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/**
 * How many member changes the feed has per Beijing day. Days without any are left out, and so is what a first sync wrote:
 * it fills the address book and changes nobody.
 */
export async function memberChangesPerDay(
  db: Db,
  corpId: string,
  since: Date,
): Promise<{ day: string; changes: number }[]> {
  const rows = await sql<{ day: string; changes: number }>`
    select to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::int as changes
    from directory_change c where corp_id = ${corpId} and kind = 'member' and at >= ${since}
      and not exists (select from sync_run r where r.corp_id = c.corp_id and r.first
        and c.at between r.started_at and coalesce(r.finished_at, 'infinity'))
    group by 1 order by 1`.execute(db)
  return rows.rows
}
