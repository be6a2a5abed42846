import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { bearersOf, type Hold, type MessageKey, type PartState } from '../../channels/part.ts'
import type { CodedReason } from '../../channels/reason.ts'

/** `id` is null for somebody who is no member any more. */
export type Receiver = { id: number | null; userId: string }

const rowsAtMost = 200

/** Of the message and of those that carry its texts. */
const ofMessage = (message: MessageKey) => sql`any(${[message.id, ...bearersOf(message)]}::text[])`

export type DecidedStep = {
  at: Date
  what: string
  channel: string | null
  cause: CodedReason
  until: Date | null
}

export async function decidedSteps(db: Db, message: MessageKey, { id }: Receiver): Promise<DecidedStep[]> {
  if (id === null) return []
  const { rows } = await sql<DecidedStep>`
    select at, what, channel, cause, until from message_step
    where corp_id = ${message.corpId} and message_id = ${ofMessage(message)} and member_id = ${id}
    order by at, id limit ${rowsAtMost}`.execute(db)
  return rows
}

/** The digests in which a receiver got the message. */
export async function digestsOf(db: Db, { corpId, id }: MessageKey, receiver: Receiver): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select digest_message_id as id from message_collected
    where corp_id = ${corpId} and message_id = ${id} and member_id = ${receiver.id}`.execute(db)
  return rows.map(row => row.id)
}

export type PartOfReceiver = {
  id: number
  channel: string
  state: PartState
  createdAt: Date
  heldUntil: Date | null
  hold: Hold | null
  reason: string | null
  finishedAt: Date | null
  recalledAt: Date | null
}

const isTo = ({ id, userId }: Receiver) =>
  sql`(p.member_ids @> array[${id ?? 0}]::bigint[] or p.user_ids @> array[${userId}]::text[] or p.user_ids = array['@all'])`

/** The parts by which a receiver gets the message; of a split text those of later pieces only where they did not go out. */
export async function partsOfReceiver(
  db: Db,
  message: MessageKey,
  receiver: Receiver,
): Promise<PartOfReceiver[]> {
  const { rows } = await sql<PartOfReceiver>`
    select p.id, p.channel, p.state, m.created_at as "createdAt", p.held_until as "heldUntil", p.hold, p.reason,
      p.finished_at as "finishedAt", p.recalled_at as "recalledAt"
    from message_part p join message m on m.corp_id = p.corp_id and m.id = p.message_id
    where p.corp_id = ${message.corpId} and p.message_id = ${ofMessage(message)} and p.state <> 'replaced'
      and (p.chunk = 0 or p.state <> 'sent') and ${isTo(receiver)}
    order by p.id limit ${rowsAtMost}`.execute(db)
  return rows
}

export type TriedPart = { partId: number; at: Date; outcome: string; answer: string }

/** The calls that brought no end: nothing left, or its fate was unclear. */
export async function triesOf(
  db: Db,
  { corpId }: MessageKey,
  partIds: readonly number[],
): Promise<TriedPart[]> {
  if (partIds.length === 0) return []
  return db
    .selectFrom('message_attempt')
    .select(['part_id as partId', 'at', 'outcome', 'answer'])
    .where('corp_id', '=', corpId)
    .where('part_id', 'in', [...partIds])
    .where('outcome', 'in', ['again', 'unsure', 'divide'])
    .orderBy('at')
    .limit(rowsAtMost)
    .execute()
}

export type ResultOfReceiver = {
  at: Date
  channel: string
  partId: number | null
  state: 'failed' | 'delivered'
  reason: string
}

/** What a vendor said of this receiver alone, and that no address reaches them. */
export async function resultsOfReceiver(
  db: Db,
  message: MessageKey,
  { userId }: Receiver,
): Promise<ResultOfReceiver[]> {
  const { rows } = await sql<ResultOfReceiver>`
    select r.at, m.channel, r.part_id as "partId", r.state, r.reason
    from message_result r join message m on m.corp_id = r.corp_id and m.id = r.message_id
    where r.corp_id = ${message.corpId} and r.message_id = ${ofMessage(message)} and r.user_id = ${userId}`.execute(
    db,
  )
  return rows
}

/** Whether the person still waits for it, or receivers of it are still being written down. */
export async function isStillComing(db: Db, message: MessageKey, { id }: Receiver): Promise<boolean> {
  const { rows } = await sql`
    select 1 from message_waiting where corp_id = ${message.corpId} and message_id = ${message.id} and member_id = ${id}
    union all
    select 1 from message where corp_id = ${message.corpId} and id = ${ofMessage(message)} and expanded_to is not null
    limit 1`.execute(db)
  return rows.length > 0
}
