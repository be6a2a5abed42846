import { sql } from 'kysely'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { PartState } from '../../channels/part.ts'
import { isNotPaused, type WaitingPerson } from './waiting-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'message-plans': true
  }
}

/** The migration with which fallbacks came. */
export const fallbackSince = '0148-fallback.sql'

/** A person for whom one way of a message ended: the message, or one that carries a text of it. */
export type WayEnd = { corpId: string; messageId: string; memberId: number }

/**
 * Has the next steps of these persons looked at now, where they have some. A row that somebody else holds is left to them, so that this waits
 * for nobody; it comes last in its transaction.
 */
export async function lookNow(tx: Db, ends: readonly WayEnd[], at: Date): Promise<void> {
  if (ends.length === 0) return
  const { rows } = await sql<{ corpId: string }>`
    update message_waiting w set due_at = ${at}
    from (select w.corp_id, w.id
      from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as row("corpId" text, "messageId" text, "memberId" bigint)
        join message m on m.corp_id = row."corpId" and m.id = row."messageId"
        join message_waiting w on w.corp_id = m.corp_id and w.message_id = coalesce(m.parent_id, m.id)
          and w.member_id = row."memberId"
      where w.step > 0 order by w.corp_id, w.id for update of w skip locked) as own
    where w.corp_id = own.corp_id and w.id = own.id returning w.corp_id as "corpId"`.execute(tx)
  const corpIds = [...new Set(rows.map(row => row.corpId))]
  if (corpIds.length > 0)
    await enqueue(
      tx,
      corpIds.map(corpId => ({ corpId, stream: 'message-plans' as const })),
      at,
    )
}

/** Whether the ways of a person count as one. Only for messages without parts of their own. */
export async function setFallsBack(tx: Db, corpId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`update message_plan set falls_back = true
    where corp_id = ${corpId} and message_id = any(${[...ids]}::text[]) and not falls_back`.execute(tx)
}

/** What a channel did of a message for one person. `n` is the place of the message that carries the text. */
export type WayPart = {
  rowId: number
  n: number
  channel: string
  state: PartState
  isRefused: boolean
  isRecalled: boolean
  reason: string | null
  at: Date | null
}

/** All that left for these persons, of whichever message their rows are. */
export async function partsOfRows(
  db: Db,
  corpId: string,
  rows: readonly Pick<WaitingPerson, 'id' | 'messageId' | 'memberId' | 'userId'>[],
): Promise<WayPart[]> {
  const asked = rows.map(({ id, messageId, memberId, userId }) => ({ id, messageId, memberId, userId }))
  const { rows: found } = await sql<WayPart>`
    with asked as (
      select row.id, row."memberId", row."userId", m.children
      from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as row(id bigint, "messageId" text, "memberId" bigint, "userId" text)
        join message m on m.corp_id = ${corpId} and m.id = row."messageId")
    select a.id as "rowId", array_position(a.children, p.message_id) as n, p.channel, p.state, r.user_id is not null as "isRefused",
      p.recalled_at is not null as "isRecalled", coalesce(r.reason, p.reason) as reason, p.finished_at as at
    from asked a join message_part p on p.corp_id = ${corpId} and p.message_id = any(a.children)
        and p.member_ids @> array[a."memberId"]::bigint[] and p.state <> 'replaced'
      left join message_result r on r.corp_id = p.corp_id and r.message_id = p.message_id and r.user_id = a."userId"
        and r.part_id = p.id and r.state = 'failed'
    union all
    select a.id, array_position(a.children, r.message_id), c.channel, 'failed', true, false, r.reason, r.at
    from asked a join message_result r on r.corp_id = ${corpId} and r.message_id = any(a.children) and r.user_id = a."userId"
        and r.part_id is null and r.state = 'failed'
      join message c on c.corp_id = r.corp_id and c.id = r.message_id
    order by 1, 2`.execute(db)
  return found
}

/** A person whose n-th step is due. `leaderId`: who is told of it with others; null where the step is not collected for a leader. */
export type StepRow = WaitingPerson & { step: number; leaderId: number | null }

const stepColumns = sql`w.id, w.message_id as "messageId", w.member_id as "memberId", w.user_id as "userId", w.type_key as "typeKey",
  w.about, w.digest_id as "digestId", w.due_at as "dueAt", w.step, w.leader_id as "leaderId"`

/** The rows of next steps that are due. */
export async function dueSteps(db: Db, corpId: string, now: Date, limit: number): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select ${stepColumns} from message_waiting w
    where corp_id = ${corpId} and digest_id is null and step > 0 and leader_id is null and due_at <= ${now} and ${isNotPaused(corpId)}
    order by due_at, id limit ${limit}`.execute(db)
  return rows
}

/** So many persons are told of by one notice. */
const toldAtMost = 2000

/** All that is due to be told to the next leaders, of one type each. */
export async function dueToLeaders(db: Db, corpId: string, now: Date, leaders: number): Promise<StepRow[]> {
  const isDue = sql`w.corp_id = ${corpId} and w.leader_id is not null and w.due_at <= ${now} and ${isNotPaused(corpId)}`
  const { rows } = await sql<StepRow>`
    select own.* from (select leader_id, type_key from message_waiting w where ${isDue}
        group by 1, 2 order by min(due_at), 1, 2 limit ${leaders}) as next
      cross join lateral (select ${stepColumns} from message_waiting w
        where ${isDue} and w.leader_id = next.leader_id and w.type_key = next.type_key order by w.id limit ${toldAtMost}) as own
    order by own.id`.execute(db)
  return rows
}

/** Has steps wait to be told to leaders, each with what waits for the same leader and type already, at the latest at `atLast`, in ms. */
export async function collectSteps(
  tx: Db,
  corpId: string,
  rows: readonly { id: number; dueAt: Date; leaderId: number; atLast: number }[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update message_waiting w set leader_id = row."leaderId", due_at = least(to_timestamp(row."atLast" / 1000.0), (
      select min(o.due_at) from message_waiting o where o.corp_id = w.corp_id and o.leader_id = row."leaderId"
        and o.type_key = w.type_key and o.due_at > ${now}))
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id bigint, "dueAt" timestamptz, "leaderId" bigint, "atLast" bigint)
    where w.corp_id = ${corpId} and w.id = row.id and w.due_at = row."dueAt"`.execute(tx)
}

/** Takes rows for good, unless somebody changed them meanwhile; returns how many. */
export async function takeDue(tx: Db, corpId: string, rows: readonly StepRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const known = rows.map(({ id, dueAt }) => ({ id, dueAt }))
  const { rows: taken } = await sql`
    delete from message_waiting w using jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as row(id bigint, "dueAt" timestamptz)
    where w.corp_id = ${corpId} and w.id = row.id and w.due_at = row."dueAt" returning 1`.execute(tx)
  return taken.length
}

/** Looks at a step again then, unless somebody had it looked at now meanwhile. */
export async function postponeSteps(
  tx: Db,
  corpId: string,
  rows: readonly { id: number; dueAt: Date; leaderId: number | null; until: Date }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update message_waiting w set due_at = row.until, leader_id = row."leaderId"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id bigint, "dueAt" timestamptz, "leaderId" bigint, until timestamptz)
    where w.corp_id = ${corpId} and w.id = row.id and w.due_at = row."dueAt"`.execute(tx)
}

/** The next steps of persons, each a row. */
export async function putNextSteps(
  tx: Db,
  corpId: string,
  rows: readonly (Omit<WaitingPerson, 'id' | 'digestId'> & { step: number })[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into message_waiting (corp_id, message_id, member_id, user_id, type_key, about, due_at, step)
    select ${corpId}, "messageId", "memberId", "userId", "typeKey", about, "dueAt", step
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row("messageId" text, "memberId" bigint, "userId" text,
      "typeKey" text, about text, "dueAt" timestamptz, step smallint)
    order by "messageId", "memberId"`.execute(tx)
}

/** Takes away the next steps of a message, of all its persons or some: it was cancelled, recalled or replaced for them. */
export async function takeSteps(
  tx: Db,
  { corpId, id }: { corpId: string; id: string },
  userIds?: readonly string[],
): Promise<number[]> {
  const { rows } = await sql<{ memberId: number }>`
    delete from message_waiting where corp_id = ${corpId} and message_id = ${id} and step > 0
      and ${userIds === undefined ? sql`true` : sql`user_id = any(${[...userIds]}::text[])`}
    returning member_id as "memberId"`.execute(tx)
  return rows.map(row => row.memberId)
}
