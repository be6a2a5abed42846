import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

/** What an about is unique by, beside the person. `typeKey` is '' for messages without a type. */
export type AboutKey = { corpId: string; devId: string; typeKey: string; about: string }

/** Locks an `about` until the transaction ends, so that the later of two calls sees the earlier. */
export async function lockAbout(tx: Db, { corpId, devId, typeKey, about }: AboutKey): Promise<void> {
  const name = `message_about ${JSON.stringify([corpId, devId, typeKey, about])}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
}

export async function insertAbout(tx: Db, messageId: string, key: AboutKey): Promise<void> {
  const { corpId, devId, typeKey, about } = key
  await tx
    .insertInto('message_about')
    .values({ corp_id: corpId, message_id: messageId, dev_id: devId, type_key: typeKey, about })
    .execute()
}

/** A developer who gives many persons one about, each by a call of its own, may have as many that wait. */
const openAtMost = 2000

/**
 * The messages of an about that still wait, and the newest `limit` of the others. `memberIds`: those that were divided into persons count
 * as waiting where they wait for one of these.
 */
export async function messagesOfAbout(
  db: Db,
  { corpId, devId, typeKey, about }: AboutKey,
  limit: number,
  memberIds?: readonly number[],
): Promise<string[]> {
  const isForSome =
    memberIds === undefined
      ? sql`true`
      : sql`(p.state <> 'people' or exists (select from message_waiting w where w.corp_id = p.corp_id
          and w.message_id = p.message_id and w.member_id = any(${[...memberIds]}::bigint[])))`
  const found = (isOpen: boolean, atMost: number) => sql`(
    select m.id from message_about a join message m on m.corp_id = a.corp_id and m.id = a.message_id
    where a.corp_id = ${corpId} and a.dev_id = ${devId} and a.type_key = ${typeKey} and a.about = ${about}
      and ${isOpen} = exists (select from message_plan p
        where p.corp_id = a.corp_id and p.message_id = a.message_id and p.ended_at is null and ${isForSome})
    order by m.created_at desc, m.id limit ${atMost})`
  const { rows } = await sql<{ id: string }>`
    ${found(true, openAtMost)} union all ${found(false, limit)}`.execute(db)
  return rows.map(row => row.id)
}

/** Cancels calls that have not begun and are to nobody but these persons; undefined: whoever they are to. */
export async function cancelPartsTo(
  tx: Db,
  {
    corpId,
    ids,
    userIds,
  }: { corpId: string; ids: readonly string[]; userIds: readonly string[] | undefined },
  reason: string,
  at: Date,
): Promise<number> {
  if (ids.length === 0) return 0
  const isTo = userIds === undefined ? sql`true` : sql`user_ids <@ ${[...userIds]}::text[]`
  const { rows } = await sql`
    update message_part p set state = 'cancelled', reason = ${reason}, finished_at = ${at}
    from (select id from message_part where corp_id = ${corpId} and message_id = any(${[...ids]}::text[])
      and state = 'waiting' and chunk = 0 and unsure_since is null and ${isTo} order by id for update skip locked) as own
    where p.corp_id = ${corpId} and p.id = own.id returning 1`.execute(tx)
  if (rows.length > 0)
    // The further pieces of their texts.
    await sql`
      update message_part p set state = 'cancelled', reason = ${reason}, finished_at = ${at}
      where p.corp_id = ${corpId} and p.message_id = any(${[...ids]}::text[]) and p.state = 'waiting' and p.chunk > 0
        and exists (select from message_part first where first.corp_id = p.corp_id and first.message_id = p.message_id
          and first.chunk = 0 and first.user_ids = p.user_ids and first.state = 'cancelled' and first.finished_at = ${at})`.execute(
      tx,
    )
  return rows.length
}

/** Writes down no more receivers of large messages. */
export async function stopExpanding(tx: Db, corpId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update message set expanded_to = null
    where corp_id = ${corpId} and id = any(${[...ids]}::text[]) and expanded_to is not null`.execute(tx)
}
