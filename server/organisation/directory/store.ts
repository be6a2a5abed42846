/**
 * A person is an id, not a userid. `member.id` survives renames. Leaving sets `left_at` and keeps the row, so that a rename
 * that arrives late finds the person. A userid that is deleted and created again gets a new row.
 */

import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Attribute, Department, StoredMember, Tag, UpstreamMember } from './entities.ts'

const aliasDays = 30
const dayMs = 86_400_000

const memberColumns = sql`member.id, member.user_id as "userId", member.name, member.alias, member.mobile, member.email,
  member.sex, member.avatar, member.address, member.position, member.status,
  member.main_department as "mainDepartment", member.departments, member.orders, member.leader_in as "leaderIn",
  member.direct_leaders as "directLeaders", member.hash`

export async function allDepartments(db: Db, corpId: string): Promise<Department[]> {
  return db
    .selectFrom('department')
    .select(['id', 'name', 'parent_id as parentId', 'sort_no as sortNo', 'leaders'])
    .where('corp_id', '=', corpId)
    .execute()
}

/** Of these ids alone. */
export async function departmentsById(db: Db, corpId: string, ids: readonly number[]): Promise<Department[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('department')
    .select(['id', 'name', 'parent_id as parentId', 'sort_no as sortNo', 'leaders'])
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
}

export async function allTags(db: Db, corpId: string): Promise<Tag[]> {
  return db
    .selectFrom('tag')
    .select(['id', 'name', 'user_keys as userKeys', 'departments'])
    .where('corp_id', '=', corpId)
    .execute()
}

/** All members who have not left, in pages, ordered by id. */
export async function* allMembers(db: Db, corpId: string, pageSize: number): AsyncGenerator<StoredMember[]> {
  for (let next = membersAfter(db, corpId, 0, pageSize); ; ) {
    const page = await next
    const last = page.at(-1)
    if (last && page.length === pageSize) {
      // PostgreSQL reads the next one while this one is worked on.
      next = membersAfter(db, corpId, last.id, pageSize)
      next.catch(() => undefined)
      yield page
    } else {
      if (last) yield page
      return
    }
  }
}

/** Members with an id above `after` who have not left, ordered by id. */
export async function membersAfter(
  db: Db,
  corpId: string,
  after: number,
  limit: number,
): Promise<StoredMember[]> {
  const page = await sql<StoredMember>`
    select ${memberColumns} from member
    where corp_id = ${corpId} and left_at is null and id > ${after} order by id limit ${limit}`.execute(db)
  return page.rows
}

/** Returns these members, except leavers. */
export async function membersById(db: Db, corpId: string, ids: readonly number[]): Promise<StoredMember[]> {
  if (ids.length === 0) return []
  const found = await sql<StoredMember>`
    select ${memberColumns} from member
    where corp_id = ${corpId} and id = any(${ids}::bigint[]) and left_at is null`.execute(db)
  return found.rows
}

/** Those who have not left among the persons with these userids, now or within the last 30 days, and ids. */
export async function membersNamed(
  db: Db,
  corpId: string,
  { keys, ids }: { keys: readonly string[]; ids: readonly number[] },
  now: Date,
): Promise<StoredMember[]> {
  const found = await sql<StoredMember>`
    select ${memberColumns} from member
    where corp_id = ${corpId} and left_at is null and id = any(array(
      select id from member where corp_id = ${corpId} and user_key = any(${keys}::text[]) and left_at is null
      union select member_id from member_alias
        where corp_id = ${corpId} and user_key = any(${keys}::text[]) and expires_at > ${now}
      union select unnest(${ids}::bigint[])))`.execute(db)
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

export type NewMember = Omit<StoredMember, 'id'> & {
  userKey: string
  fromWecom: number
  attributes: Attribute[]
  bizMail: string
}

/** A member to update. Fields that upstream withheld are absent and keep their stored value. */
export type MemberWrite = UpstreamMember & {
  id: number
  userKey: string
  hash: number
  fromWecom: number
}

const memberRecord = sql`row(id bigint, "userId" text, "userKey" text, name text, alias text, mobile text, email text,
  sex smallint, avatar text, address text, position text, status smallint, "mainDepartment" bigint,
  departments bigint[], orders bigint[], "leaderIn" smallint[], "directLeaders" text[], attributes jsonb, "bizMail" text, hash bigint,
  "fromWecom" smallint)`

/** Inserts new persons. Returns their ids by lower-case userid. */
export async function insertMembers(
  db: Db,
  corpId: string,
  members: readonly NewMember[],
  at: Date,
): Promise<Map<string, number>> {
  const rows = await sql<{ id: number; userKey: string }>`
    insert into member (corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position, status,
      main_department, departments, orders, leader_in, direct_leaders, attributes, biz_mail, hash, from_wecom,
      created_at)
    select ${corpId}, "userId", "userKey", name, alias, mobile, email, sex, avatar, address, position, status,
      "mainDepartment", departments, orders, "leaderIn", "directLeaders", attributes, "bizMail", hash, "fromWecom",
      ${at}
    from json_to_recordset(${JSON.stringify(members)}::json) as ${memberRecord}
    returning id, user_key as "userKey"`.execute(db)
  return new Map(rows.rows.map(row => [row.userKey, row.id]))
}

export async function updateMembers(db: Db, corpId: string, members: MemberWrite[]): Promise<StoredMember[]> {
  const rows = await sql<StoredMember>`
    update member set user_id = row."userId", name = coalesce(row.name, member.name),
      alias = coalesce(row.alias, member.alias), mobile = coalesce(row.mobile, member.mobile),
      email = coalesce(row.email, member.email), sex = coalesce(row.sex, member.sex),
      avatar = coalesce(row.avatar, member.avatar), address = coalesce(row.address, member.address),
      position = coalesce(row.position, member.position), status = coalesce(row.status, member.status),
      main_department = row."mainDepartment", departments = row.departments, orders = row.orders,
      leader_in = row."leaderIn", direct_leaders = coalesce(row."directLeaders", member.direct_leaders),
      attributes = coalesce(row.attributes, member.attributes), biz_mail = coalesce(row."bizMail", member.biz_mail),
      hash = row.hash, from_wecom = row."fromWecom"
    from jsonb_to_recordset(${JSON.stringify(members)}::jsonb) as ${memberRecord}
    where member.corp_id = ${corpId} and member.id = row.id
    returning ${memberColumns}`.execute(db)
  return rows.rows
}

/**
 * Marks members as having left. Rows that refer to them stay but cannot be used; a rename reported late may bring the
 * person back.
 */
export async function dropMembers(db: Db, corpId: string, ids: number[], at: Date): Promise<void> {
  await sql`update member set left_at = ${at} where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(
    db,
  )
}

export async function renameMember(
  db: Db,
  corpId: string,
  id: number,
  userId: string,
  userKey: string,
  alias: { userKey: string; since: Date },
): Promise<void> {
  await db
    .updateTable('member')
    .set({ user_id: userId, user_key: userKey, left_at: null })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
  await putAlias(db, corpId, id, alias)
}

/** For 30 days a userid that nobody has any more stands for this person. */
export async function putAlias(
  db: Db,
  corpId: string,
  id: number,
  alias: { userKey: string; since: Date },
): Promise<void> {
  const expiresAt = new Date(alias.since.getTime() + aliasDays * dayMs)
  await db
    .insertInto('member_alias')
    .values({ corp_id: corpId, user_key: alias.userKey, member_id: id, expires_at: expiresAt })
    .onConflict(conflict =>
      conflict.columns(['corp_id', 'user_key']).doUpdateSet({ member_id: id, expires_at: expiresAt }),
    )
    .execute()
}

/** Deletes a row that turned out to be the same person as another row. */
export async function deleteMember(db: Db, corpId: string, id: number): Promise<void> {
  await db.deleteFrom('member').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

/** The person who gave up this userid within the last 30 days, and when. */
export async function aliasOf(
  db: Db,
  corpId: string,
  userKey: string,
  now: Date,
): Promise<{ memberId: number; since: Date } | undefined> {
  const row = await db
    .selectFrom('member_alias')
    .select(['member_id as memberId', 'expires_at as expiresAt'])
    .where('corp_id', '=', corpId)
    .where('user_key', '=', userKey)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row && { memberId: row.memberId, since: new Date(row.expiresAt.getTime() - aliasDays * dayMs) }
}

/** The persons behind those of the userids that were given up within the last 30 days. */
export async function aliasesOf(
  db: Db,
  corpId: string,
  userKeys: readonly string[],
  now: Date,
): Promise<{ userKey: string; memberId: number }[]> {
  if (userKeys.length === 0) return []
  const rows = await sql<{ userKey: string; memberId: number }>`
    select user_key as "userKey", member_id as "memberId" from member_alias
    where corp_id = ${corpId} and user_key = any(${userKeys}::text[]) and expires_at > ${now}`.execute(db)
  return rows.rows
}

/** `renamedAt`: since when the person has the present userid; null if it is the first one. */
export type PersonRecord = { id: number; createdAt: Date; renamedAt: Date | null; leftAt: Date | null }

const personColumns = sql`id, created_at as "createdAt", left_at as "leftAt", renamed.at as "renamedAt"`
const renamedOf = sql`lateral (
  select max(expires_at) - make_interval(days => ${aliasDays}) as at from member_alias a
  where a.corp_id = member.corp_id and a.member_id = member.id
) as renamed`

export async function livingPerson(
  db: Db,
  corpId: string,
  userKey: string,
): Promise<PersonRecord | undefined> {
  const rows = await sql<PersonRecord>`
    select ${personColumns} from member, ${renamedOf}
    where corp_id = ${corpId} and user_key = ${userKey} and left_at is null`.execute(db)
  return rows.rows[0]
}

/**
 * The person who had this userid at a time given by WeCom in whole seconds. `slackMs` is the tolerance between its clock
 * and ours. Of several candidates the one whose time fits best wins, and in doubt the one who has not left, because
 * nobody may inherit another person's data.
 */
export async function personAt(
  db: Db,
  corpId: string,
  userKey: string,
  at: Date,
  slackMs: number,
): Promise<PersonRecord | undefined> {
  const [earlier, later] = [new Date(at.getTime() - slackMs), new Date(at.getTime() + slackMs)]
  const end = new Date(at.getTime() + 1000)
  const rows = await sql<PersonRecord>`
    select ${personColumns} from member, ${renamedOf}
    where corp_id = ${corpId} and user_key = ${userKey} and created_at <= ${later}
      and (renamed.at is null or renamed.at <= ${at}) and (left_at is null or left_at >= ${earlier})
    order by greatest(created_at - ${end}::timestamptz, ${at}::timestamptz - left_at, interval '0'),
      left_at desc nulls first limit 1`.execute(db)
  return rows.rows[0]
}

export type LeftPerson = { id: number; userId: string; name: string; leftAt: Date }

/** Returns the persons who had this userid and left, latest first. */
export async function leftPeople(
  db: Db,
  corpId: string,
  userKey: string,
  limit: number,
): Promise<LeftPerson[]> {
  const { rows } = await sql<LeftPerson>`
    select id, user_id as "userId", name, left_at as "leftAt" from member
    where corp_id = ${corpId} and user_key = ${userKey} and left_at is not null
    order by left_at desc limit ${limit}`.execute(db)
  return rows
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

export async function pruneAliases(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'member_alias', sql`expires_at < ${before}`, atMost)
}

/** Deletes the rows of members who left before `before`, with what was kept about them. Messages keep their userids. */
export async function pruneMembers(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isHeld = sql`exists (select from person_hold h
    where h.corp_id = member.corp_id and h.member_id = member.id and h.ended_at is null)`
  return deleteSome(db, 'member', sql`left_at < ${before} and not ${isHeld}`, atMost)
}
