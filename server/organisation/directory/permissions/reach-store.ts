import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { memberStatus } from '../mirror/members.ts'

/** Undefined: the whole corp. */
type DataScope =
  | { departments: readonly number[]; tags: readonly number[]; groups?: readonly number[] }
  | undefined

/**
 * How many listed members each data scope reaches, in the order given, from the stored rows: the same as `scopeSight` says of
 * an address book in memory. One query for all scopes.
 */
export async function countReached(db: Db, corpId: string, scopes: readonly DataScope[]): Promise<number[]> {
  const given = scopes.flatMap((scope, n) => (scope ? [{ n, groups: [], ...scope }] : []))
  const rows = given.length > 0 ? await countScoped(db, corpId, given) : []
  const counts = new Map(rows.map(row => [row.n, row.members]))
  const isWhole = given.length < scopes.length
  const all = isWhole ? await countListed(db, corpId) : 0
  return scopes.map((scope, n) => (scope ? (counts.get(n) ?? 0) : all))
}

async function countListed(db: Db, corpId: string): Promise<number> {
  const row = await db
    .selectFrom('directory_feed')
    .select('listed')
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row?.listed ?? 0
}

async function countScoped(
  db: Db,
  corpId: string,
  scopes: readonly object[],
): Promise<{ n: number; members: number }[]> {
  const found = await sql<{ n: number; members: number }>`
    with recursive scope as (
      select * from jsonb_to_recordset(${JSON.stringify(scopes)}::jsonb) as row(n int, departments bigint[], tags bigint[],
        groups bigint[])
    ), tagged as (
      select scope.n, tag.user_keys, tag.departments
      from scope join tag on tag.corp_id = ${corpId} and tag.id = any(scope.tags)
    ), below as (
      select n, d.id from (
        select n, unnest(departments) as id from scope union select n, unnest(departments) from tagged
      ) as top join department d on d.corp_id = ${corpId} and d.id = top.id
      union
      select below.n, d.id from below join department d on d.corp_id = ${corpId} and d.parent_id = below.id
    ), listed as (
      select id, user_key, departments from member
      where corp_id = ${corpId} and left_at is null and status not in (${memberStatus.quit}, ${memberStatus.external})
    ), reached as (
      select below.n, listed.id from listed cross join unnest(listed.departments) as own(id)
        join below on below.id = own.id
      union
      select tagged.n, listed.id from tagged cross join unnest(tagged.user_keys) as own(key)
        join listed on listed.user_key = own.key
      union
      select scope.n, listed.id from scope cross join unnest(scope.groups) as named(id)
        join member_group_member g on g.corp_id = ${corpId} and g.group_id = named.id and g.is_in
        join listed on listed.id = g.member_id
    )
    select n, count(*)::int as members from reached group by n`.execute(db)
  return found.rows
}
