import { sql } from 'kysely'
import type { StoredMember } from '../../organisation/directory/entities.ts'
import { memberStatus, userKey } from '../../organisation/directory/mirror/members.ts'
import type { Db } from '../../platform/storage/db.ts'

/** The fields of a member that channels need; a send to all reads every member and should not carry the rest. */
export type Contact = Pick<StoredMember, 'id' | 'userId' | 'name' | 'mobile' | 'email' | 'status'>

export const contactColumns = sql.raw('id, user_id as "userId", name, mobile, email, status')

/** Members who have not left, with ids after this one, in order of id. */
export async function contactsAfter(
  db: Db,
  corpId: string,
  after: number,
  limit: number,
): Promise<Contact[]> {
  const page = await sql<Contact>`
    select ${contactColumns} from member
    where corp_id = ${corpId} and left_at is null and id > ${after} order by id limit ${limit}`.execute(db)
  return page.rows
}

export async function* allContacts(db: Db, corpId: string, pageSize: number): AsyncGenerator<Contact[]> {
  for (let after = 0; ; ) {
    const page = await contactsAfter(db, corpId, after, pageSize)
    if (page.length > 0) yield page
    if (page.length < pageSize) return
    after = page.at(-1)?.id ?? after
  }
}

/** Returns the contacts of these members, except of leavers, in any order. */
export async function contactsOf(db: Db, corpId: string, ids: readonly number[]): Promise<Contact[]> {
  if (ids.length === 0) return []
  const found = await sql<Contact>`
    select ${contactColumns} from member
    where corp_id = ${corpId} and id = any(${ids}::bigint[]) and left_at is null`.execute(db)
  return found.rows
}

/** Returns the contacts with these userids, except of leavers, in the order of their names. */
export async function contactsByKey(db: Db, corpId: string, userIds: readonly string[]): Promise<Contact[]> {
  const found = await sql<Contact>`
    select ${contactColumns} from member
    where corp_id = ${corpId} and user_key = any(${userIds.map(userKey)}::text[]) and left_at is null order by name, id`.execute(
    db,
  )
  return found.rows
}

/** The status of the latest bearer of each of these userids, by key; who has left counts as one who quit. */
export async function statusesOf(
  db: Db,
  corpId: string,
  userKeys: readonly string[],
): Promise<Map<string, number>> {
  const found = await sql<{ key: string; status: number }>`
    select distinct on (user_key) user_key as key,
      case when left_at is null then status else ${memberStatus.quit}::int end as status
    from member where corp_id = ${corpId} and user_key = any(${userKeys}::text[])
    order by user_key, id desc`.execute(db)
  return new Map(found.rows.map(({ key, status }) => [key, status]))
}
