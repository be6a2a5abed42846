import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { MemberEvent } from './feed-store.ts'

/** What of the feed is a change of a member. What a first sync wrote is none: it fills the address book and changes nobody. */
const countedOf = (corpId: string, since: Date) => sql`
  c.corp_id = ${corpId} and c.kind = 'member' and c.at >= ${since}
    and not exists (select from sync_run r where r.corp_id = c.corp_id and r.first
      and c.at between r.started_at and coalesce(r.finished_at, 'infinity'))`

/** How many member changes the feed has per Beijing day. Days without any are left out. */
export async function memberChangesPerDay(
  db: Db,
  corpId: string,
  since: Date,
): Promise<{ day: string; changes: number }[]> {
  const rows = await sql<{ day: string; changes: number }>`
    select to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::int as changes
    from directory_change c where ${countedOf(corpId, since)}
    group by 1 order by 1`.execute(db)
  return rows.rows
}

/** A change with whom it was about: as they are called now, or by their userid where their row is gone. */
export type NamedChange = MemberEvent & { userId: string; userName: string }

/** The changes that `memberChangesPerDay` counts from one time to another, newest first. */
export async function memberChangesBetween(
  db: Db,
  corpId: string,
  { from, to }: { from: Date; to: Date },
  page: { limit: number; offset: number },
): Promise<{ list: NamedChange[]; total: number }> {
  const matching = sql`${countedOf(corpId, from)} and c.at < ${to}`
  const [rows, counted] = await Promise.all([
    sql<NamedChange>`
      select c.seq, c.op, c.old_id as "oldId", c.fields, c.at, coalesce(m.user_id, c.entity_id) as "userId",
        coalesce(m.name, c.entity_id) as "userName"
      from directory_change c left join member m on m.corp_id = c.corp_id and m.id = c.member_id
      where ${matching} order by c.seq desc limit ${page.limit} offset ${page.offset}`.execute(db),
    sql<{ total: number }>`select count(*)::int as total from directory_change c where ${matching}`.execute(
      db,
    ),
  ])
  return { list: rows.rows, total: counted.rows[0]?.total ?? 0 }
}
