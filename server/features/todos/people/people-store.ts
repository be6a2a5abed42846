import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

type Row = { id: number; userId: string; name: string }

/** Those who have left too. */
export async function peopleById(db: Db, corpId: string, ids: readonly number[]): Promise<Row[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('member')
    .select(['id', 'user_id as userId', 'name'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
}

/** The last who had this userid. */
export async function personByKey(db: Db, corpId: string, key: string): Promise<Row | undefined> {
  return db
    .selectFrom('member')
    .select(['id', 'user_id as userId', 'name'])
    .where('corp_id', '=', corpId)
    .where('user_key', '=', key)
    .orderBy('id', 'desc')
    .executeTakeFirst()
}

/** Who has left and had to-dos of these apps, by userid in lower case; of several with one userid the last. */
export async function leaversByKey(
  db: Db,
  corpId: string,
  keys: readonly string[],
  appIds: readonly string[],
): Promise<Map<string, number>> {
  if (keys.length === 0 || appIds.length === 0) return new Map()
  const { rows } = await sql<{ key: string; id: number }>`
    select distinct on (m.user_key) m.user_key as key, m.id from member m
    where m.corp_id = ${corpId} and m.user_key = any(${[...keys]}::text[]) and (m.left_at is not null or m.status = 5)
      and exists (select from todo t
        where t.corp_id = m.corp_id and t.member_id = m.id and t.app_id = any(${[...appIds]}::text[]))
    order by m.user_key, m.left_at desc nulls first`.execute(db)
  return new Map(rows.map(row => [row.key, row.id]))
}

/** Who left last of those who had this userid and still have something open. */
export async function leaverWithOpen(db: Db, corpId: string, key: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select m.id, m.user_id as "userId", m.name from member m
    where m.corp_id = ${corpId} and m.user_key = ${key} and m.left_at is not null
      and exists (select from todo t where t.corp_id = m.corp_id and t.holder_id = m.id and t.state = 'open')
    order by m.left_at desc, m.id desc limit 1`.execute(db)
  return rows[0]
}
