import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Receipt } from '../../channels/channel.ts'

/** Receipts as one pull brought them, until they are noted at their messages. */
export type Pull = { id: number; receipts: Receipt[] }

export async function storePull(
  db: Db,
  corpId: string,
  channel: string,
  receipts: readonly Receipt[],
  at: Date,
): Promise<void> {
  await db
    .insertInto('message_receipt')
    .values({ corp_id: corpId, channel, receipts: JSON.stringify(receipts), received_at: at })
    .execute()
}

export async function storedPulls(db: Db, corpId: string, channel: string, limit: number): Promise<Pull[]> {
  return db
    .selectFrom('message_receipt')
    .select(['id', 'receipts'])
    .where('corp_id', '=', corpId)
    .where('channel', '=', channel)
    .orderBy('id')
    .limit(limit)
    .execute() as Promise<Pull[]>
}

export async function corpsWithPulls(db: Db, channel: string): Promise<string[]> {
  const found = await sql<{ corpId: string }>`
    select distinct corp_id as "corpId" from message_receipt where channel = ${channel}`.execute(db)
  return found.rows.map(row => row.corpId)
}

/** The corps with a send by this channel about which its vendor may still have something to say. */
export async function corpsAwaiting(db: Db, channel: string, sentAfter: Date): Promise<string[]> {
  const found = await sql<{ corpId: string }>`
    select corp_id as "corpId" from corp c where exists (
      select from message_part p where p.corp_id = c.corp_id and p.channel = ${channel} and p.state = 'sent'
        -- Each of them is a place in the index, which begins with it.
        and p.receipts_asked = any('{0,1,2,3,4,5,6}') and p.finished_at > ${sentAfter})`.execute(db)
  return found.rows.map(row => row.corpId)
}

/** False when another node has deleted it. */
export async function deletePull(db: Db, corpId: string, id: number): Promise<boolean> {
  const deleted = await db
    .deleteFrom('message_receipt')
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

/** A part that was sent, and those of its receivers of whom nothing is known yet. */
export type SendWithoutReceipt = {
  partId: number
  context: string
  sentAt: Date
  memberIds: number[]
  way: string | null
}

/** `until[n]`: parts about which the vendor was asked n times are due when they were sent until then. */
export async function sendsWithoutReceipt(
  db: Db,
  corpId: string,
  channel: string,
  { notBefore, until, limit }: { notBefore: Date; until: Date[]; limit: number },
): Promise<SendWithoutReceipt[]> {
  const found = await sql<SendWithoutReceipt>`
    select p.id as "partId", p.message_id || '.' || p.n as context, p.finished_at as "sentAt",
      p.ways[cardinality(p.ways)] as way,
      array(
        select u.member_id from unnest(p.user_ids, p.member_ids) as u(user_id, member_id)
        where not exists (
          select from message_result r
          where r.corp_id = p.corp_id and r.message_id = p.message_id and r.user_id = u.user_id)
      ) as "memberIds"
    from message_part p
    where p.corp_id = ${corpId} and p.channel = ${channel} and p.state = 'sent' and p.finished_at > ${notBefore}
      and p.receipts_asked < ${until.length}
      and p.finished_at <= (${until}::timestamptz[])[p.receipts_asked + 1]
    order by p.receipts_asked, p.finished_at limit ${limit}`.execute(db)
  return found.rows
}

export async function noteAsked(db: Db, corpId: string, partIds: readonly number[]): Promise<void> {
  if (partIds.length === 0) return
  await sql`
    update message_part set receipts_asked = receipts_asked + 1
    where corp_id = ${corpId} and id = any(${partIds}::bigint[])`.execute(db)
}

export async function pruneReceipts(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_receipt', sql`received_at < ${before}`, atMost)
}
