import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { DirectorySize } from './feed-store.ts'

/** With the number of the address book's last change. */
export type StoredSize = DirectorySize & { changeSeq: number }

const sizeColumns = ['departments', 'members', 'listed', 'tags', 'seq as changeSeq'] as const
const nothing: StoredSize = { departments: 0, members: 0, listed: 0, tags: 0, changeSeq: 0 }

/** How much the corp's address book holds, without having it in memory. */
export async function directorySize(db: Db, corpId: string): Promise<StoredSize> {
  const row = await db
    .selectFrom('directory_feed')
    .select(sizeColumns)
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row ?? nothing
}

/** The same of all corps; answers a look-up that knows every corp. */
export async function directorySizes(db: Db): Promise<(corpId: string) => StoredSize> {
  const rows = await db
    .selectFrom('directory_feed')
    .select(['corp_id as corpId', ...sizeColumns])
    .execute()
  const sizes = new Map(rows.map(({ corpId, ...size }) => [corpId, size]))
  return corpId => sizes.get(corpId) ?? nothing
}

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
