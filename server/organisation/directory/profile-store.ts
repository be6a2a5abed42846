import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { Attribute } from './entities.ts'

export type Profile = {
  id: number
  position: string
  mainDepartment: number
  directLeaders: string[]
  attributes: Attribute[]
  /** The corp's own mail address; '' without one. */
  bizMail: string
  createdAt: Date
}

/** Returns the profiles of these members, except of leavers. */
export async function profilesOf(
  db: Db,
  corpId: string,
  ids: readonly number[],
): Promise<Map<number, Profile>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Profile>`
    select id, position, main_department as "mainDepartment", direct_leaders as "directLeaders", attributes,
      biz_mail as "bizMail", created_at as "createdAt"
    from member where corp_id = ${corpId} and id = any(${ids}::bigint[]) and left_at is null`.execute(db)
  return new Map(rows.map(row => [row.id, { ...row, attributes: row.attributes.map(inOrder) }]))
}

/** The database keeps the names of an object in an order of its own. */
function inOrder({ name, value, url }: Attribute): Attribute {
  return { name, value, url }
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

/** How many living members have one of these attributes with exactly this value; counts to two. */
export async function countWithAttribute(
  db: Db,
  corpId: string,
  names: readonly string[],
  value: string,
): Promise<number> {
  const either = sql.join(
    names.map(name => sql`attributes @> ${JSON.stringify([{ name, value }])}::jsonb`),
    sql` or `,
  )
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from member
      where corp_id = ${corpId} and left_at is null and attributes <> '[]' and (${either}) limit 2) found`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** How many living members have exactly this mobile; counts to two. */
export async function countWithMobile(db: Db, corpId: string, mobile: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (select from member
      where corp_id = ${corpId} and mobile = ${mobile} and mobile <> '' and left_at is null limit 2) found`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** The mobile of a member as the address book has it; '' where it has none. */
export async function mobileOf(db: Db, corpId: string, memberId: number): Promise<string> {
  const row = await db
    .selectFrom('member')
    .select('mobile')
    .where('corp_id', '=', corpId)
    .where('id', '=', memberId)
    .executeTakeFirst()
  return row?.mobile ?? ''
}

/** Living members by these values of one of these attributes, all that have each. */
export async function idsByAttribute(
  db: Db,
  corpId: string,
  names: readonly string[],
  values: readonly string[],
): Promise<Map<string, number[]>> {
  const { rows } = await sql<{ value: string; id: number }>`
    select wanted.value, m.id from unnest(${[...values]}::text[]) as wanted (value)
      cross join unnest(${[...names]}::text[]) as named (name)
      join member m on m.corp_id = ${corpId} and m.left_at is null and m.attributes <> '[]'
        and m.attributes @> jsonb_build_array(jsonb_build_object('name', named.name, 'value', wanted.value))`.execute(
    db,
  )
  return idsByValue(rows)
}

/** Living members by exactly these mobiles, all that have each. */
export async function idsByMobile(
  db: Db,
  corpId: string,
  mobiles: readonly string[],
): Promise<Map<string, number[]>> {
  const { rows } = await sql<{ value: string; id: number }>`
    select mobile as value, id from member
    where corp_id = ${corpId} and mobile = any(${[...mobiles]}::text[]) and mobile <> '' and left_at is null`.execute(
    db,
  )
  return idsByValue(rows)
}

/** Living members by their own mail address or the corp's, in lower case. */
export async function idsByAnyMail(
  db: Db,
  corpId: string,
  addresses: readonly string[],
): Promise<Map<string, number[]>> {
  const wanted = addresses.map(one => one.toLowerCase())
  const { rows } = await sql<{ value: string; id: number }>`
    select lower(email) as value, id from member
    where corp_id = ${corpId} and lower(email) = any(${wanted}::text[]) and left_at is null and email <> ''
    union
    select lower(biz_mail), id from member
    where corp_id = ${corpId} and lower(biz_mail) = any(${wanted}::text[]) and left_at is null and biz_mail <> ''`.execute(
    db,
  )
  return idsByValue(rows)
}

function idsByValue(rows: readonly { value: string; id: number }[]): Map<string, number[]> {
  const ids = new Map<string, number[]>()
  for (const { value, id } of rows) ids.set(value, [...(ids.get(value) ?? []), id])
  return ids
}
