import { sql } from 'kysely'
import type { Db } from '../storage/db.ts'

/** Changes of members in the feed, per day of Beijing; days without any are left out. */
export async function memberChangesPerDay(
  db: Db,
  corpId: string,
  since: Date,
): Promise<{ day: string; changes: number }[]> {
  const rows = await sql<{ day: string; changes: number }>`
    select to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::int as changes
    from directory_change where corp_id = ${corpId} and kind = 'member' and at >= ${since}
    group by 1 order by 1`.execute(db)
  return rows.rows
}
