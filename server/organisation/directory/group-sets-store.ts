import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** The groups whose members nodes hold in memory, with the number that moves with their members. */
export async function heldGroups(
  db: Db,
  corpId: string,
): Promise<{ id: number; seq: number; name: string }[]> {
  return db
    .selectFrom('member_group')
    .select(['id', 'seq', 'name'])
    .where('corp_id', '=', corpId)
    .where('is_held', '=', true)
    .execute()
}

/** Returns who came or went since a number, up to the present number of the group. */
export async function movesSince(
  db: Db,
  corpId: string,
  groupId: number,
  since: number,
): Promise<{ id: number; isIn: boolean }[]> {
  const { rows } = await sql<{ id: number; isIn: boolean }>`
    select member_id as id, is_in as "isIn" from member_group_member
    where corp_id = ${corpId} and group_id = ${groupId} and seq > ${since} order by member_id`.execute(db)
  return rows
}

export async function isGroup(db: Db, corpId: string, groupId: number): Promise<boolean> {
  const { rows } = await sql`select from member_group where corp_id = ${corpId} and id = ${groupId}`.execute(
    db,
  )
  return rows.length > 0
}

/** Returns the members of a group by number, in pages. */
export async function groupMembersAfter(
  db: Db,
  corpId: string,
  groupId: number,
  { after, limit }: { after: number; limit: number },
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select member_id as id from member_group_member
    where corp_id = ${corpId} and group_id = ${groupId} and is_in and member_id > ${after}
    order by member_id limit ${limit}`.execute(db)
  return rows.map(row => row.id)
}
