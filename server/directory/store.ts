import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { StoredMember } from './fragments.ts'
import type { UpstreamMember } from './members.ts'
import type { Department } from './tree.ts'

/** A tag's members are userids in lower case; it may name members that the mirror does not have (yet). */
export type Tag = { id: number; name: string; userKeys: string[]; departments: number[] }

export type Change = {
  seq: number
  kind: 'department' | 'member' | 'tag'
  op: 'put' | 'drop' | 'rename' | 'move'
  entityId: string
  oldId: string | null
  memberId: number | null
  departmentsBefore: number[] | null
}

const memberColumns = sql`member.id, member.user_id as "userId", member.name, member.alias, member.mobile, member.email,
  member.sex, member.avatar, member.address, member.position, member.status,
  member.main_department as "mainDepartment", member.departments, member.orders, member.leader_in as "leaderIn",
  member.direct_leaders as "directLeaders", member.pinyin, member.hash`

export async function feedSeq(db: Db, corpId: string): Promise<number> {
  const row = await db
    .selectFrom('directory_feed')
    .select('seq')
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row?.seq ?? 0
}

/** Locks the corp's feed until the transaction ends: directory writes are committed in its order. */
export async function lockFeed(db: Db, corpId: string): Promise<number> {
  await db
    .insertInto('directory_feed')
    .values({ corp_id: corpId })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  const rows = await sql<{ seq: number }>`
    select seq from directory_feed where corp_id = ${corpId} for update`.execute(db)
  return rows.rows[0]?.seq ?? 0
}

export async function appendChanges(db: Db, corpId: string, changes: Change[], at: Date): Promise<void> {
  const last = changes.at(-1)
  if (!last) return
  await db.updateTable('directory_feed').set({ seq: last.seq }).where('corp_id', '=', corpId).execute()
  const rows = JSON.stringify(changes)
  await sql`
    insert into directory_change (corp_id, seq, kind, op, entity_id, old_id, member_id, departments_before, at)
    select ${corpId}, seq, kind, op, "entityId", "oldId", "memberId", "departmentsBefore", ${at}
    from jsonb_to_recordset(${rows}::jsonb) as row(seq bigint, kind text, op text, "entityId" text, "oldId" text,
      "memberId" bigint, "departmentsBefore" bigint[])`.execute(db)
}

/** Changes after `since`, oldest first. */
export async function readChanges(db: Db, corpId: string, since: number, limit: number): Promise<Change[]> {
  return db
    .selectFrom('directory_change')
    .select([
      'seq',
      'kind',
      'op',
      'entity_id as entityId',
      'old_id as oldId',
      'member_id as memberId',
      'departments_before as departmentsBefore',
    ])
    .where('corp_id', '=', corpId)
    .where('seq', '>', since)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** The oldest number that is still kept, and the newest. */
export async function feedRange(db: Db, corpId: string): Promise<{ first: number; last: number }> {
  const row = await db
    .selectFrom('directory_feed')
    .select(['first_kept as first', 'seq as last'])
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row ?? { first: 1, last: 0 }
}

/** Drops changes older than `before`. The newest one always stays, as the feed's end. */
export async function pruneChanges(db: Db, before: Date): Promise<void> {
  await sql`
    with old as (
      delete from directory_change c using directory_feed f
      where f.corp_id = c.corp_id and c.at < ${before} and c.seq < f.seq returning c.corp_id, c.seq
    ), last as (select corp_id, max(seq) as seq from old group by corp_id)
    update directory_feed f set first_kept = last.seq + 1 from last where last.corp_id = f.corp_id`.execute(
    db,
  )
}

export async function allDepartments(db: Db, corpId: string): Promise<Department[]> {
  return db
    .selectFrom('department')
    .select(['id', 'name', 'parent_id as parentId', 'sort_no as sortNo', 'leaders'])
    .where('corp_id', '=', corpId)
    .execute()
}

export async function allTags(db: Db, corpId: string): Promise<Tag[]> {
  return db
    .selectFrom('tag')
    .select(['id', 'name', 'user_keys as userKeys', 'departments'])
    .where('corp_id', '=', corpId)
    .execute()
}

/** Living members in pages, by person. */
export async function* allMembers(db: Db, corpId: string, pageSize: number): AsyncGenerator<StoredMember[]> {
  for (let after = 0; ; ) {
    const page = await sql<StoredMember>`
      select ${memberColumns} from member
      where corp_id = ${corpId} and left_at is null and id > ${after} order by id limit ${pageSize}`.execute(
      db,
    )
    if (page.rows.length > 0) yield page.rows
    if (page.rows.length < pageSize) return
    after = page.rows.at(-1)?.id ?? after
  }
}

/** Living members among these. */
export async function membersById(db: Db, ids: readonly number[]): Promise<StoredMember[]> {
  if (ids.length === 0) return []
  const found = await sql<StoredMember>`
    select ${memberColumns} from member where id = any(${ids}::bigint[]) and left_at is null`.execute(db)
  return found.rows
}

export async function putDepartments(db: Db, corpId: string, departments: Department[]): Promise<void> {
  await sql`
    insert into department (corp_id, id, name, parent_id, sort_no, leaders)
    select ${corpId}, id, name, "parentId", "sortNo", leaders
    from jsonb_to_recordset(${JSON.stringify(departments)}::jsonb)
      as row(id bigint, name text, "parentId" bigint, "sortNo" bigint, leaders text[])
    on conflict (corp_id, id) do update set name = excluded.name, parent_id = excluded.parent_id,
      sort_no = excluded.sort_no, leaders = excluded.leaders`.execute(db)
}

export async function dropDepartments(db: Db, corpId: string, ids: number[]): Promise<void> {
  await sql`delete from department where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(db)
}

/** A member to write: what upstream did not say is absent, and stays as it is. */
export type MemberWrite = UpstreamMember & { id: number; userKey: string; pinyin?: string; hash: number }

const memberRecord = sql`row(id bigint, "userId" text, "userKey" text, name text, alias text, mobile text, email text,
  sex smallint, avatar text, address text, position text, status smallint, "mainDepartment" bigint,
  departments bigint[], orders bigint[], "leaderIn" smallint[], "directLeaders" text[], pinyin text, hash bigint)`

/** New persons; `id` of the rows is ignored. */
export async function insertMembers(
  db: Db,
  corpId: string,
  members: MemberWrite[],
  at: Date,
): Promise<StoredMember[]> {
  const rows = await sql<StoredMember>`
    insert into member (corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position, status,
      main_department, departments, orders, leader_in, direct_leaders, pinyin, hash, created_at)
    select ${corpId}, "userId", "userKey", coalesce(name, "userId"), coalesce(alias, ''), coalesce(mobile, ''),
      coalesce(email, ''), coalesce(sex, 0), coalesce(avatar, ''), coalesce(address, ''), coalesce(position, ''),
      coalesce(status, 1), "mainDepartment", departments, orders, "leaderIn", coalesce("directLeaders", '{}'),
      coalesce(pinyin, ''), hash, ${at}
    from jsonb_to_recordset(${JSON.stringify(members)}::jsonb) as ${memberRecord}
    returning ${memberColumns}`.execute(db)
  return rows.rows
}

export async function updateMembers(db: Db, members: MemberWrite[]): Promise<StoredMember[]> {
  const rows = await sql<StoredMember>`
    update member set user_id = row."userId", name = coalesce(row.name, member.name),
      alias = coalesce(row.alias, member.alias), mobile = coalesce(row.mobile, member.mobile),
      email = coalesce(row.email, member.email), sex = coalesce(row.sex, member.sex),
      avatar = coalesce(row.avatar, member.avatar), address = coalesce(row.address, member.address),
      position = coalesce(row.position, member.position), status = coalesce(row.status, member.status),
      main_department = row."mainDepartment", departments = row.departments, orders = row.orders,
      leader_in = row."leaderIn", direct_leaders = coalesce(row."directLeaders", member.direct_leaders),
      pinyin = coalesce(row.pinyin, member.pinyin), hash = row.hash
    from jsonb_to_recordset(${JSON.stringify(members)}::jsonb) as ${memberRecord}
    where member.id = row.id
    returning ${memberColumns}`.execute(db)
  return rows.rows
}

/** They left. What refers to them stays: nobody can use it, and a rename that is told late brings it back. */
export async function dropMembers(db: Db, ids: number[], at: Date): Promise<void> {
  await sql`update member set left_at = ${at} where id = any(${ids}::bigint[])`.execute(db)
}

export async function renameMember(
  db: Db,
  corpId: string,
  id: number,
  userId: string,
  userKey: string,
  alias: { userKey: string; expiresAt: Date },
): Promise<void> {
  await db
    .updateTable('member')
    .set({ user_id: userId, user_key: userKey, left_at: null })
    .where('id', '=', id)
    .execute()
  await db
    .insertInto('member_alias')
    .values({ corp_id: corpId, user_key: alias.userKey, member_id: id, expires_at: alias.expiresAt })
    .onConflict(conflict =>
      conflict.columns(['corp_id', 'user_key']).doUpdateSet({ member_id: id, expires_at: alias.expiresAt }),
    )
    .execute()
}

/** A row that turned out to be the same person as another one. */
export async function deleteMember(db: Db, id: number): Promise<void> {
  await db.deleteFrom('member').where('id', '=', id).execute()
}

export async function aliasOf(
  db: Db,
  corpId: string,
  userKey: string,
  now: Date,
): Promise<{ memberId: number } | undefined> {
  return db
    .selectFrom('member_alias')
    .select('member_id as memberId')
    .where('corp_id', '=', corpId)
    .where('user_key', '=', userKey)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

export type PersonRecord = { id: number; userKey: string; createdAt: Date; leftAt: Date | null }

/** The living person with this userid, or else the one that left last. */
export async function personRecord(
  db: Db,
  corpId: string,
  userKey: string,
): Promise<PersonRecord | undefined> {
  return db
    .selectFrom('member')
    .select(['id', 'user_key as userKey', 'created_at as createdAt', 'left_at as leftAt'])
    .where('corp_id', '=', corpId)
    .where('user_key', '=', userKey)
    .orderBy('left_at', order => order.desc().nullsFirst())
    .limit(1)
    .executeTakeFirst()
}

export async function putTags(db: Db, corpId: string, tags: Tag[]): Promise<void> {
  await sql`
    insert into tag (corp_id, id, name, user_keys, departments)
    select ${corpId}, id, name, "userKeys", departments
    from jsonb_to_recordset(${JSON.stringify(tags)}::jsonb)
      as row(id bigint, name text, "userKeys" text[], departments bigint[])
    on conflict (corp_id, id) do update set name = excluded.name, user_keys = excluded.user_keys,
      departments = excluded.departments`.execute(db)
}

export async function dropTags(db: Db, corpId: string, ids: number[]): Promise<void> {
  await sql`delete from tag where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(db)
}

export async function pruneAliases(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('member_alias').where('expires_at', '<', now).execute()
}
