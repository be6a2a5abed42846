import { sql } from 'kysely'
import type { Db } from '../../../../platform/storage/db.ts'
import type { MessageKey } from '../../part.ts'

/** `asked` is the message that asked first, whose answers these are: a reminder asks the same again. */
export type CardRow = {
  messageId: string
  corpId: string
  asked: string
  cardType: string
  firstPress: number | null
  firstUser: string | null
}

export type NewCard = Pick<CardRow, 'messageId' | 'corpId' | 'asked' | 'cardType'>

const columns = [
  'message_id as messageId',
  'corp_id as corpId',
  'asked',
  'card_type as cardType',
  'first_press as firstPress',
  'first_user as firstUser',
] as const

export async function putCards(tx: Db, cards: readonly NewCard[]): Promise<void> {
  if (cards.length === 0) return
  await sql`
    insert into message_card (message_id, corp_id, asked, card_type)
    select "messageId", "corpId", asked, "cardType" from jsonb_to_recordset(${JSON.stringify(cards)}::jsonb)
      as row("messageId" text, "corpId" text, asked text, "cardType" text)`.execute(tx)
}

export async function findCard(db: Db, { corpId, id }: MessageKey): Promise<CardRow | undefined> {
  return db
    .selectFrom('message_card')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('message_id', '=', id)
    .executeTakeFirst()
}

/** Locks it, so that presses are decided one after the other on all nodes. */
export async function lockCard(tx: Db, { corpId, id }: MessageKey): Promise<CardRow | undefined> {
  return tx
    .selectFrom('message_card')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('message_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

export async function setFirst(
  tx: Db,
  { corpId, id }: MessageKey,
  pressId: number,
  user: string,
): Promise<void> {
  await tx
    .updateTable('message_card')
    .set({ first_press: pressId, first_user: user })
    .where('corp_id', '=', corpId)
    .where('message_id', '=', id)
    .execute()
}

/** Cards that somebody's first press ended, among those whose reminders or parts these messages are. */
export async function endedAmong(
  tx: Db,
  messages: readonly MessageKey[],
): Promise<{ corpId: string; asked: string }[]> {
  if (messages.length === 0) return []
  const { rows } = await sql<{ corpId: string; asked: string }>`
    select distinct first.corp_id as "corpId", first.message_id as asked
    from unnest(${messages.map(one => one.corpId)}::text[], ${messages.map(one => one.id)}::text[]) as row(corp_id, id)
      join message_card sent on sent.corp_id = row.corp_id and sent.message_id = row.id
      cross join lateral (select corp_id, message_id, first_press from message_card
        where corp_id = sent.corp_id and message_id = sent.asked limit 1) as first
    where first.first_press is not null`.execute(tx)
  return rows
}

export type SentCard = { messageId: string; createdAt: Date; receivers: number; recalledAt: Date | null }

/** The message that asked first and its reminders, in order. */
export async function sentOf(db: Db, { corpId, id: asked }: MessageKey): Promise<SentCard[]> {
  const { rows } = await sql<SentCard>`
    select c.message_id as "messageId", m.created_at as "createdAt", m.receivers, m.recalled_at as "recalledAt"
    from message_card c join message m on m.corp_id = c.corp_id and m.id = c.message_id
    where c.corp_id = ${corpId} and c.asked = ${asked} order by m.created_at, m.id`.execute(db)
  return rows
}

/** The developer's own card among the corp's latest messages. */
export async function latestCardOf(db: Db, corpId: string, devId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select latest.id from (
      select id, dev_id, created_at from message where corp_id = ${corpId} order by created_at desc limit 500
    ) as latest join message_card c on c.corp_id = ${corpId} and c.message_id = latest.id
    where dev_id = ${devId} order by created_at desc limit 1`.execute(db)
  return rows[0]?.id
}
