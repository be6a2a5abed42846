import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'
import type { WireTag } from '../../../../upstream/official/calls/users.ts'

type AccountKey = { corpId: string; originalId: string }

/** With the number of followers that have each, as far as they are known here. */
export async function tagsOf(
  db: Db,
  { corpId, originalId }: AccountKey,
): Promise<{ id: number; name: string; count: number }[]> {
  const { rows } = await sql<{ id: number; name: string; count: number }>`
    select t.tag_id as id, t.name, coalesce(c.n, 0)::int as count from official_tag t
      left join (
        select tag_id, count(*) as n from official_follower f, unnest(f.tag_ids) as tag_id
        where f.corp_id = ${corpId} and f.original_id = ${originalId} and f.subscribed group by 1
      ) c using (tag_id)
    where t.corp_id = ${corpId} and t.original_id = ${originalId} order by t.tag_id`.execute(db)
  return rows
}

export async function findTag(db: Db, of: AccountKey, id: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('official_tag')
    .select('name')
    .where('corp_id', '=', of.corpId)
    .where('original_id', '=', of.originalId)
    .where('tag_id', '=', id)
    .executeTakeFirst()
  return row?.name
}

/** Makes these all tags of the account. */
export async function replaceTags(
  db: Db,
  { corpId, originalId }: AccountKey,
  tags: readonly WireTag[],
): Promise<void> {
  await db
    .deleteFrom('official_tag')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .execute()
  if (tags.length === 0) return
  await sql`
    insert into official_tag (corp_id, original_id, tag_id, name)
    select ${corpId}, ${originalId}, id, name
    from jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) as row(id int, name text)
    on conflict (corp_id, original_id, tag_id) do update set name = excluded.name`.execute(db)
}

export async function putTagName(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: number,
  name: string,
): Promise<void> {
  await db
    .insertInto('official_tag')
    .values({ corp_id: corpId, original_id: originalId, tag_id: id, name })
    .onConflict(conflict => conflict.columns(['corp_id', 'original_id', 'tag_id']).doUpdateSet({ name }))
    .execute()
}

/** Takes the tag off everybody, too. */
export async function dropTag(db: Db, { corpId, originalId }: AccountKey, id: number): Promise<void> {
  await db
    .deleteFrom('official_tag')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('tag_id', '=', id)
    .execute()
  await sql`
    update official_follower set tag_ids = array_remove(tag_ids, ${id}::int)
    where corp_id = ${corpId} and original_id = ${originalId} and ${id}::int = any(tag_ids)`.execute(db)
}

export async function noteTagged(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: number,
  openids: readonly string[],
  isOn: boolean,
): Promise<void> {
  const tags = isOn ? sql`array_append(tag_ids, ${id}::int)` : sql`array_remove(tag_ids, ${id}::int)`
  await sql`
    update official_follower set tag_ids = ${tags}
    where corp_id = ${corpId} and original_id = ${originalId} and openid = any(${[...openids]}::text[])
      and (${id}::int = any(tag_ids)) <> ${isOn}`.execute(db)
}
