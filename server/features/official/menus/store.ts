import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

export type ButtonClicks = { key: string; kind: string; clicks: number; people: number }

/** How often each button was pressed since `since`, by its key or address. */
export async function clicksOf(
  db: Db,
  { corpId, originalId }: { corpId: string; originalId: string },
  since: Date,
): Promise<ButtonClicks[]> {
  const { rows } = await sql<ButtonClicks>`
    select coalesce(content->>'EventKey', '') as key, kind, count(*)::int as clicks, count(distinct openid)::int as people
    from official_talk
    where corp_id = ${corpId} and original_id = ${originalId} and kind in ('click', 'view') and at >= ${since}
    group by 1, 2 order by clicks desc limit 200`.execute(db)
  return rows
}
