import { sql } from 'kysely'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Facts } from './match.ts'

const factColumns = sql`id, user_key as "userKey", status, departments, main_department as "mainDepartment",
  leader_in as "leaderIn", position, sex, email, biz_mail as "bizMail", mobile, attributes, created_at as "createdAt"`

/** Returns the facts of these members, except of leavers. */
export async function factsOf(db: Db, corpId: string, ids: readonly number[]): Promise<Facts[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Facts>`
    select ${factColumns} from member
    where corp_id = ${corpId} and id = any(${[...ids]}::bigint[]) and left_at is null`.execute(db)
  return rows
}

/** Members with an id above `after` who have not left, by id. */
export async function factsAfter(db: Db, corpId: string, after: number, limit: number): Promise<Facts[]> {
  const { rows } = await sql<Facts>`
    select ${factColumns} from member
    where corp_id = ${corpId} and left_at is null and id > ${after} order by id limit ${limit}`.execute(db)
  return rows
}

export type Membership = { groupId: number; memberId: number; isIn: boolean; isListed: boolean }

const membershipColumns = sql`group_id as "groupId", member_id as "memberId", is_in as "isIn", is_listed as "isListed"`

/** The rows of these members in all groups. */
export async function membershipsOf(
  db: Db,
  corpId: string,
  memberIds: readonly number[],
): Promise<Membership[]> {
  if (memberIds.length === 0) return []
  const { rows } = await sql<Membership>`
    select ${membershipColumns} from member_group_member
    where corp_id = ${corpId} and member_id = any(${[...memberIds]}::bigint[])`.execute(db)
  return rows
}

/** The rows of members with an id above `after` up to `upTo`, also of those who are not in the address book. */
export async function membershipsBetween(
  db: Db,
  corpId: string,
  after: number,
  upTo: number,
): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select ${membershipColumns} from member_group_member
    where corp_id = ${corpId} and member_id > ${after} and member_id <= ${upTo}`.execute(db)
  return rows
}

/** The groups of a member, by name. */
export async function groupsOfMember(
  db: Db,
  corpId: string,
  memberId: number,
): Promise<{ id: number; name: string }[]> {
  return db
    .selectFrom('member_group_member as m')
    .innerJoin('member_group as g', join =>
      join.onRef('g.corp_id', '=', 'm.corp_id').onRef('g.id', '=', 'm.group_id'),
    )
    .select(['g.id', 'g.name'])
    .where('m.corp_id', '=', corpId)
    .where('m.member_id', '=', memberId)
    .where('m.is_in', '=', true)
    .orderBy('g.name')
    .execute()
}

/** Which of these members are in a group. */
export async function idsAmong(
  db: Db,
  corpId: string,
  groupId: number,
  memberIds: readonly number[],
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select member_id as id from member_group_member where corp_id = ${corpId} and group_id = ${groupId}
      and member_id = any(${[...memberIds]}::bigint[]) and is_in`.execute(db)
  return rows.map(row => row.id)
}

/** A page of who is in a group, by the member's number. */
export async function idsInGroup(
  db: Db,
  corpId: string,
  groupId: number,
  { after = 0, offset = 0, limit }: { after?: number; offset?: number; limit: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom('member_group_member')
    .select('member_id as id')
    .where('corp_id', '=', corpId)
    .where('group_id', '=', groupId)
    .where('is_in', '=', true)
    .where('member_id', '>', after)
    .orderBy('member_id')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.map(row => row.id)
}

/** Whom the list of a group names, whether or not they are in the address book. */
export async function listedIn(
  db: Db,
  corpId: string,
  groupId: number,
): Promise<{ id: number; userId: string; name: string }[]> {
  const { rows } = await sql<{ id: number; userId: string; name: string }>`
    select m.id, m.user_id as "userId", m.name from member_group_member g
      join member m on m.corp_id = g.corp_id and m.id = g.member_id
    where g.corp_id = ${corpId} and g.group_id = ${groupId} and g.is_listed order by m.user_key`.execute(db)
  return rows
}

/** Somebody who comes into a group, or goes. */
export type Move = { g: number; m: number; isIn: boolean }

/** Locks groups in the order of their ids, and returns the versions of those that are still there. */
export async function lockVersions(
  tx: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; version: number }>`
    select id, version from member_group where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])
    order by id for update`.execute(tx)
  return new Map(rows.map(row => [row.id, row.version]))
}

/** Writes who came and went, with the counts of their groups, which the caller has locked. */
export async function putMoves(tx: Db, corpId: string, moves: readonly Move[], at: Date): Promise<void> {
  if (moves.length === 0) return
  await sql`
    with given as (
      select row.g, row.m, row."isIn", owner.seq + 1 as seq
      from json_to_recordset(${JSON.stringify(moves)}::json) as row(g bigint, m bigint, "isIn" boolean)
        join member_group owner on owner.corp_id = ${corpId} and owner.id = row.g
    ), came as (
      insert into member_group_member as old (corp_id, group_id, member_id, is_in, seq, at)
      select ${corpId}, g, m, true, seq, ${at} from given where "isIn"
      on conflict (corp_id, group_id, member_id) do update set is_in = true, seq = excluded.seq, at = excluded.at
        where not old.is_in
      returning group_id
    ), went as (
      update member_group_member old set is_in = false, seq = given.seq, at = ${at} from given
      where not given."isIn" and old.corp_id = ${corpId} and old.group_id = given.g and old.member_id = given.m
        and old.is_in
      returning group_id
    ), counted as (
      select group_id, count(*) filter (where is_in)::int as came, count(*) filter (where not is_in)::int as went
      from (select group_id, true as is_in from came union all select group_id, false from went) as moved
      group by group_id
    )
    update member_group owner set seq = seq + 1, size = size + came - went,
      untold_joined = untold_joined + came, untold_left = untold_left + went
    from counted where owner.corp_id = ${corpId} and owner.id = counted.group_id`.execute(tx)
  await signal(tx, 'wisp_group', corpId)
}

/** Notes whom the list of a group names from now on, and whom no more. Who is in it for that is written by `putMoves`. */
export async function putListed(
  tx: Db,
  corpId: string,
  groupId: number,
  { added, removed }: { added: readonly number[]; removed: readonly number[] },
  at: Date,
): Promise<void> {
  if (added.length > 0)
    await sql`
      insert into member_group_member (corp_id, group_id, member_id, is_in, is_listed, seq, at)
      select ${corpId}, ${groupId}, id, false, true, 0, ${at} from unnest(${[...added]}::bigint[]) as id
      on conflict (corp_id, group_id, member_id) do update set is_listed = true`.execute(tx)
  if (removed.length > 0)
    await sql`
      update member_group_member set is_listed = false, at = case when is_in then at else ${at} end
      where corp_id = ${corpId} and group_id = ${groupId} and member_id = any(${[...removed]}::bigint[])`.execute(
      tx,
    )
}

/** Which of these extended attributes no member has (any more). */
export async function unknownAttributes(db: Db, corpId: string, names: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (const name of names) {
    const { rows } = await sql`
      select from member where corp_id = ${corpId} and left_at is null and attributes <> '[]'
        and attributes @> ${JSON.stringify([{ name }])}::jsonb limit 1`.execute(db)
    if (rows.length === 0) missing.push(name)
  }
  return missing
}

export async function pruneLeft(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'member_group_member', sql`not is_in and not is_listed and at < ${before}`, atMost)
}
