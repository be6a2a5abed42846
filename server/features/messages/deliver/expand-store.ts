import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { type Contact, contactColumns } from '../../channels/contacts-store.ts'
import type { MessageKey } from '../../channels/part.ts'
import { type MessageWithAudience, messageColumns } from '../parts/store.ts'

/**
 * Claims a send of the corp that is still being expanded into parts, of the developer whose turn it is after that of `after`. Its
 * audience has only the next `count` of the members that it lists, because all of them together may be a megabyte.
 */
export async function claimExpanding(
  db: Db,
  corpId: string,
  channel: string,
  { after, count }: { after: string; count: number },
): Promise<MessageWithAudience | undefined> {
  const row = await db
    .selectFrom('message')
    .select(messageColumns)
    .select(
      sql`case when audience ? 'memberIds' then jsonb_build_object('memberIds', jsonb_path_query_array(
        audience -> 'memberIds', '$[$from to $to]',
        jsonb_build_object('from', expanded_to, 'to', expanded_to + ${count}::int - 1))) else audience end`.as(
        'audience',
      ),
    )
    .where('corp_id', '=', corpId)
    .where('channel', '=', channel)
    .where('expanded_to', 'is not', null)
    .where('recalled_at', 'is', null)
    .orderBy(sql`dev_id <= ${after}`)
    .orderBy('dev_id')
    .orderBy('created_at')
    .limit(1)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row as MessageWithAudience | undefined
}

export async function setExpanded(
  db: Db,
  { corpId, id }: MessageKey,
  expandedTo: number | null,
  receivers: number,
): Promise<void> {
  await sql`
    update message set expanded_to = ${expandedTo}, receivers = receivers + ${receivers}
    where corp_id = ${corpId} and id = ${id}`.execute(db)
}

/**
 * The mobile numbers of these members that somebody else has too, who may be no receiver. One look into the index for each member
 * costs a fifth of reading all who have these numbers, and most sends have nobody who shares one.
 */
export async function sharedMobilesOf(
  db: Db,
  corpId: string,
  members: readonly Contact[],
): Promise<Set<string>> {
  const ids = members.map(one => one.id)
  const { rows } = await sql<{ mobile: string }>`
    select mobile from (
      select mobile, mobile <> '' and exists (
        select from member other
        where other.corp_id = member.corp_id and other.mobile = member.mobile and other.id <> member.id
          and other.left_at is null and other.mobile <> '') as is_shared
      from member where corp_id = ${corpId} and id = any(${ids}::bigint[]) offset 0) as one
    where is_shared`.execute(db)
  return new Set(rows.map(row => row.mobile))
}

/** Other receivers of this send with these mobile numbers. */
export async function sharersOf(
  db: Db,
  { corpId, id }: MessageKey,
  mobiles: ReadonlySet<string>,
  members: readonly Contact[],
): Promise<Contact[]> {
  const ids = members.map(one => one.id)
  const { rows } = await sql<Contact>`
    select ${contactColumns} from member
    where corp_id = ${corpId} and left_at is null and mobile <> '' and mobile = any(${[...mobiles]}::text[])
      and id <> all(${ids}::bigint[]) and exists (
        select 1 from message where corp_id = ${corpId} and message.id = ${id}
          and (audience ? 'all' or audience -> 'memberIds' @> to_jsonb(member.id)))
    order by id`.execute(db)
  return rows
}

/** Which of these members have parts of this send already. */
export async function takenOf(
  db: Db,
  { corpId, id }: MessageKey,
  memberIds: readonly number[],
): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select one as id from message_part p, unnest(p.member_ids) as one
    where p.corp_id = ${corpId} and p.message_id = ${id} and p.member_ids && ${memberIds}::bigint[]
      and one = any(${memberIds}::bigint[])`.execute(db)
  return new Set(rows.map(row => row.id))
}
