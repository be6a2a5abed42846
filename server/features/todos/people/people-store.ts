import { sql } from 'kysely'
import type { Attribute } from '../../../organisation/directory/entities.ts'
import type { Db } from '../../../platform/storage/db.ts'

/** What the address book kept of a member. */
export type Trace = { id: number; userId: string; name: string; mobile: string; attributes: Attribute[] }

type Row = { id: number; userId: string; name: string }

/** Returns people by id, leavers too. */
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

/** Returns leavers who had to-dos of these apps, by userid in lower case; of several with one userid the last. */
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

/** Returns the person who left last of those who had this userid and still have open to-dos. */
export async function leaverWithOpen(db: Db, corpId: string, key: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select m.id, m.user_id as "userId", m.name from member m
    where m.corp_id = ${corpId} and m.user_key = ${key} and m.left_at is not null
      and exists (select from todo t where t.corp_id = m.corp_id and t.holder_id = m.id and t.state = 'open')
    order by m.left_at desc, m.id desc limit 1`.execute(db)
  return rows[0]
}

/** Leavers who still have something open and whose userid one of these members has now, with that member. */
export async function formerHolders(
  tx: Db,
  corpId: string,
  memberIds: readonly number[],
): Promise<{ left: Trace & { leftAt: Date }; back: Trace }[]> {
  const { rows } = await sql<Trace & { leftAt: Date; backId: number; back: Omit<Trace, 'id'> }>`
    select m.id, m.user_id as "userId", m.name, m.mobile, m.attributes, m.left_at as "leftAt", new.id as "backId",
      jsonb_build_object('userId', new.user_id, 'name', new.name, 'mobile', new.mobile, 'attributes', new.attributes) as back
    from member new
      join member m on m.corp_id = new.corp_id and m.user_key = new.user_key and m.left_at is not null
    where new.corp_id = ${corpId} and new.id = any(${[...memberIds]}::bigint[]) and new.left_at is null
      and (exists (select from todo t where t.corp_id = m.corp_id and t.member_id = m.id and t.passed_to is null and t.state = 'open')
        or exists (select from todo t where t.corp_id = m.corp_id and t.passed_to = m.id and t.state = 'open'))`.execute(
    tx,
  )
  return rows.map(({ backId, back, ...left }) => ({ left, back: { ...back, id: backId } }))
}

/**
 * Returns by id the leaders of these people and their main department, as the address book has them or had them when they left.
 */
export async function placesOf(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, { directLeaders: string[]; mainDepartment: number }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('member')
    .select(['id', 'direct_leaders as directLeaders', 'main_department as mainDepartment'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(({ id, ...place }) => [id, place]))
}
