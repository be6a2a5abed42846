import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { Attribute } from './mirror/members.ts'

export type Profile = {
  id: number
  position: string
  mainDepartment: number
  directLeaders: string[]
  attributes: Attribute[]
}

/** Of those of these members who have not left. */
export async function profilesOf(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, Profile>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Profile>`
    select id, position, main_department as "mainDepartment", direct_leaders as "directLeaders", attributes
    from member where corp_id = ${corpId} and id = any(${ids}::bigint[]) and left_at is null`.execute(db)
  return new Map(rows.map(row => [row.id, { ...row, attributes: row.attributes.map(inOrder) }]))
}

/** The database keeps the names of an object in an order of its own. */
function inOrder({ name, value, url }: Attribute): Attribute {
  return { name, value, url }
}

export async function attributesOf(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, Attribute[]>> {
  const profiles = await profilesOf(db, corpId, ids)
  return new Map([...profiles].map(([id, { attributes }]) => [id, attributes]))
}

/** Ids of members whose mail address is this, in whatever case. */
export async function idsByEmail(db: Db, corpId: string, email: string): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from member
    where corp_id = ${corpId} and lower(email) = ${email.toLowerCase()} and left_at is null and email <> ''
    order by id`.execute(db)
  return rows.map(row => row.id)
}

/** Ids of members whose mail address begins with this text, by address; at most `limit`. */
export async function idsByEmailStart(
  db: Db,
  corpId: string,
  start: string,
  limit: number,
): Promise<number[]> {
  const pattern = `${start.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<{ id: number }>`
    select id from member
    where corp_id = ${corpId} and lower(email) like ${pattern} and left_at is null and email <> ''
    order by lower(email), id limit ${limit}`.execute(db)
  return rows.map(row => row.id)
}
