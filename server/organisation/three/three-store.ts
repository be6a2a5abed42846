import { sql } from 'kysely'
import type { ThreeRole } from '../../platform/http/admin/three-role.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import { memberStatus } from '../directory/mirror/members.ts'

/** Somebody who holds one of the three roles. `corpId` is null for the installation. */
export type HolderRow = {
  id: number
  corpId: string | null
  role: ThreeRole
  person: string
  /** The local account; null for a member. */
  adminName: string | null
  memberCorp: string | null
  memberId: number | null
  /** As the audit log names them. */
  userId: string
  name: string
  declared: boolean
  givenBy: string
  givenAt: Date
}

const columns = [
  'id',
  'corp_id as corpId',
  'role',
  'person',
  'admin_name as adminName',
  'member_corp as memberCorp',
  'member_id as memberId',
  'user_id as userId',
  'name',
  'declared',
  'given_by as givenBy',
  'given_at as givenAt',
] as const

/** All that hold a role now, in all corps and the installation: they are few. */
export async function liveHolders(db: Db): Promise<HolderRow[]> {
  const rows = await db
    .selectFrom('three_holder')
    .select(columns)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows as HolderRow[]
}

/** Where the three are separated: ids of corps, and '' for the installation. */
export async function scopes(db: Db): Promise<{ scope: string; since: Date }[]> {
  return db.selectFrom('three_scope').select(['scope', 'since']).execute()
}

/** Makes all that changes who the three are wait for each other, in all corps, until the transaction ends. */
export async function lockThree(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('three_holder'))`.execute(tx)
}

export async function putScope(tx: Db, corpId: string | undefined, since: Date): Promise<void> {
  await tx
    .insertInto('three_scope')
    .values({ scope: corpId ?? '', corp_id: corpId ?? null, since })
    .execute()
}

export async function dropScope(tx: Db, corpId: string | undefined): Promise<void> {
  await tx
    .deleteFrom('three_scope')
    .where('scope', '=', corpId ?? '')
    .execute()
}

/** Which of the three this person is, wherever; undefined for none. */
export async function roleOfPerson(tx: Db, person: string): Promise<ThreeRole | undefined> {
  const row = await tx
    .selectFrom('three_person')
    .select('role')
    .where('person', '=', person)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('three_holder')
          .select('id')
          .whereRef('three_holder.person', '=', 'three_person.person')
          .where('ended_at', 'is', null),
      ),
    )
    .executeTakeFirst()
  return row?.role as ThreeRole | undefined
}

/** The database refuses somebody who is another one of the three, in whichever corp. */
export async function insertHolder(tx: Db, holder: Omit<HolderRow, 'id'>): Promise<void> {
  const { person, role } = holder
  await dropUnheld(tx)
  await tx
    .insertInto('three_person')
    .values({ person, role })
    .onConflict(conflict => conflict.doNothing())
    .execute()
  await tx
    .insertInto('three_holder')
    .values({
      corp_id: holder.corpId,
      role,
      person,
      admin_name: holder.adminName,
      member_corp: holder.memberCorp,
      member_id: holder.memberId,
      user_id: holder.userId,
      name: holder.name,
      declared: holder.declared,
      given_by: holder.givenBy,
      given_at: holder.givenAt,
    })
    .execute()
}

/** Ends these; a person who holds no role any more may be given any of the three. */
export async function endHolders(tx: Db, ids: readonly number[], at: Date): Promise<void> {
  await tx
    .updateTable('three_holder')
    .set({ ended_at: at, person: null })
    .where('id', 'in', [...ids, -1])
    .where('ended_at', 'is', null)
    .execute()
  await dropUnheld(tx)
}

/** Persons without a role: it ended, or its corp was deleted. */
async function dropUnheld(db: Db): Promise<void> {
  await sql`delete from three_person p where not exists (
    select from three_holder h where h.person = p.person and h.ended_at is null)`.execute(db)
}

/** The names in the audit log of all that are or were among the three, before and after WeCom renamed them, in a corp or the installation. */
export async function namesOfThree(db: Db, corpId: string | undefined): Promise<string[]> {
  const rows = await db
    .selectFrom('three_holder as h')
    .leftJoin('member as m', join =>
      join.onRef('m.corp_id', '=', 'h.member_corp').onRef('m.id', '=', 'h.member_id'),
    )
    .select(['h.user_id as before', 'm.user_id as now'])
    .where('h.corp_id', 'is not distinct from', corpId ?? null)
    .execute()
  return [...new Set(rows.flatMap(({ before, now }) => (now ? [before, now] : [before])))]
}

/** Returns which of the members are in an address book and not disabled. */
export async function membersThere(
  db: Db,
  members: readonly Pick<HolderRow, 'memberCorp' | 'memberId'>[],
): Promise<Set<number>> {
  const corps = [...new Set(members.flatMap(one => one.memberCorp ?? []))]
  const ids = members.flatMap(one => one.memberId ?? [])
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: number }>`
    select id from member where corp_id = any(${corps}::text[]) and id = any(${ids}::bigint[]) and left_at is null
      and status not in (${memberStatus.quit}, ${memberStatus.disabled})`.execute(db)
  return new Set(rows.map(row => row.id))
}

/** Mobiles of members as their address books have them now, WeCom's and the supplemented ones. */
export async function mobilesNow(
  db: Db,
  members: readonly { corpId: string; memberId: number }[],
): Promise<Map<number, string[]>> {
  if (members.length === 0) return new Map()
  const corps = members.map(one => one.corpId)
  const ids = members.map(one => one.memberId)
  const { rows } = await sql<{ id: number; mobile: string }>`
    select m.id, m.mobile from unnest(${corps}::text[], ${ids}::bigint[]) as w (corp_id, id)
      join member m on m.corp_id = w.corp_id and m.id = w.id where m.mobile <> ''
    union
    select s.member_id as id, s.value as mobile from unnest(${corps}::text[], ${ids}::bigint[]) as w (corp_id, id)
      join member_supplement s on s.corp_id = w.corp_id and s.member_id = w.id
        and s.field = 'mobile' and s.value <> ''`.execute(db)
  return new Map(
    [...Map.groupBy(rows, one => one.id)].map(([id, own]) => [id, own.map(one => one.mobile)] as const),
  )
}

export async function pruneThreeHolders(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  await dropUnheld(db)
  return deleteSome(db, 'three_holder', sql`ended_at < ${before}`, atMost)
}
