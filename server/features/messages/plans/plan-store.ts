import { sql } from 'kysely'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageKey } from '../../channels/part.ts'
import type { CodedReason } from '../../channels/reason.ts'

/** Migration 0141 explains the columns. */
export type PlanState = 'waiting' | 'people' | 'approval' | 'paused' | 'done' | 'cancelled'

/** What a call asked for that could not leave at once; `reason` is as `keptReason` gives it. */
export type PlanRow = {
  corpId: string
  messageId: string
  devId: string
  call: 'notify' | 'send'
  /** JSON, sealed. */
  input: string
  state: PlanState
  dueAt: Date | null
  dividedTo: number | null
  reason: string | null
  endedAt: Date | null
  /** When it last went on after a pause. */
  resumedAt: Date | null
}

const columns = sql`p.corp_id as "corpId", p.message_id as "messageId", p.dev_id as "devId", p.call, p.input, p.state,
  p.due_at as "dueAt", p.divided_to as "dividedTo", p.reason, p.ended_at as "endedAt",
  p.resumed_at as "resumedAt"`

/** Something of it still waits. */
export function isOpen(plan: Pick<PlanRow, 'state' | 'dueAt'> | undefined): boolean {
  return isWhole(plan) || plan?.state === 'people' || plan?.state === 'paused'
}

/** None of it has left, and it is not divided into persons yet. */
export function isWhole(plan: Pick<PlanRow, 'state' | 'dueAt'> | undefined): boolean {
  if (plan?.state === 'paused') return plan.dueAt !== null
  return plan?.state === 'waiting' || plan?.state === 'approval'
}

export async function insertPlan(
  tx: Db,
  {
    corpId,
    messageId,
    devId,
    call,
    input,
    state = 'waiting',
    dueAt,
  }: Omit<PlanRow, 'state' | 'dividedTo' | 'reason' | 'endedAt' | 'resumedAt'> & {
    state?: 'waiting' | 'approval'
  },
): Promise<void> {
  await tx
    .insertInto('message_plan')
    .values({
      corp_id: corpId,
      message_id: messageId,
      dev_id: devId,
      call,
      input,
      state,
      due_at: dueAt,
      divided_to: null,
      reason: null,
      ended_at: null,
    })
    .execute()
}

export async function findPlans(
  db: Db,
  corpId: string,
  ids: readonly string[],
): Promise<Map<string, PlanRow>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<PlanRow>`
    select ${columns} from message_plan p where p.corp_id = ${corpId} and p.message_id = any(${[...ids]}::text[])`.execute(
    db,
  )
  return new Map(rows.map(row => [row.messageId, row]))
}

/** Returns the plan of a message without parts of its own; other messages have none and are not looked up. */
export async function planOf(
  db: Db,
  { corpId, id, children }: Pick<MessageKey, 'corpId' | 'id' | 'children'>,
): Promise<PlanRow | undefined> {
  if (!children) return undefined
  return (await findPlans(db, corpId, [id])).get(id)
}

/** Locks a plan. Callers that move a plan lock it first, so that it is either sent or cancelled. */
export async function lockPlan(tx: Db, { corpId, id }: MessageKey): Promise<PlanRow | undefined> {
  const { rows } = await sql<PlanRow>`
    select ${columns} from message_plan p where p.corp_id = ${corpId} and p.message_id = ${id} for update`.execute(
    tx,
  )
  return rows[0]
}

/** Locks several in one order, before what belongs to them. True if one of them is paused. */
export async function lockPlans(tx: Db, corpId: string, ids: readonly string[]): Promise<boolean> {
  const { rows } = await sql<Pick<PlanRow, 'state'>>`
    select state from message_plan where corp_id = ${corpId} and message_id = any(${[...ids]}::text[])
    order by message_id for update`.execute(tx)
  return rows.some(row => row.state === 'paused')
}

/** The next calls that are due, of each developer one after the other. */
export async function duePlans(db: Db, corpId: string, now: Date, limit: number): Promise<PlanRow[]> {
  const { rows } = await sql<PlanRow>`
    select ${columns} from (
      select message_id, due_at, row_number() over (partition by dev_id order by due_at, message_id) as turn
      from message_plan where corp_id = ${corpId} and state = 'waiting' and due_at <= ${now}
    ) as due join message_plan p on p.corp_id = ${corpId} and p.message_id = due.message_id
    order by due.turn, due.due_at, due.message_id limit ${limit}`.execute(db)
  return rows
}

/** Looks at a call again then. Its message keeps the time that was asked for. */
export async function postponePlan(
  tx: Db,
  { corpId, messageId }: Pick<PlanRow, 'corpId' | 'messageId'>,
  dueAt: Date,
): Promise<void> {
  await sql`update message_plan set due_at = ${dueAt}
    where corp_id = ${corpId} and message_id = ${messageId} and state = 'waiting'`.execute(tx)
}

/** It was divided into persons, some of whom wait. */
export async function setPeople(tx: Db, { corpId, id }: MessageKey): Promise<void> {
  await sql`update message_plan set state = 'people', due_at = null, divided_to = null
    where corp_id = ${corpId} and message_id = ${id}`.execute(tx)
}

/** It was divided up to this person, and the others follow. */
export async function setDivided(tx: Db, { corpId, id }: MessageKey, memberId: number): Promise<void> {
  await sql`update message_plan set divided_to = ${memberId}
    where corp_id = ${corpId} and message_id = ${id}`.execute(tx)
}

/** Returns those of these persons whom a call was divided into already: they got it, wait, or were decided against. */
export async function dividedAmong(
  tx: Db,
  { corpId }: Pick<MessageKey, 'corpId'>,
  { dividedTo }: Pick<PlanRow, 'dividedTo'>,
  userIds: readonly string[],
): Promise<Set<string>> {
  if (dividedTo === null) return new Set()
  const { rows } = await sql<{ userId: string }>`
    select user_id as "userId" from member where corp_id = ${corpId} and user_key = any(${userIds.map(userKey)}::text[])
      and id <= ${dividedTo} and left_at is null`.execute(tx)
  return new Set(rows.map(row => row.userId))
}

/** Stops a division: persons whom it has not reached yet get nothing. */
export async function cutOff(tx: Db, { corpId, id }: MessageKey): Promise<void> {
  await sql`update message_plan set state = 'people', due_at = null
    where corp_id = ${corpId} and message_id = ${id}`.execute(tx)
}

/** Adds what left to what carries the texts of a message; `receivers` where it is known better than when it was accepted. */
export async function addChildren(
  tx: Db,
  { corpId, id }: MessageKey,
  children: readonly string[],
  receivers?: number,
): Promise<void> {
  await sql`
    update message set children = children || ${[...children]}::text[],
      receivers = coalesce(${receivers ?? null}::int, receivers)
    where corp_id = ${corpId} and id = ${id}`.execute(tx)
}

/** Ends the plans of these messages for which nobody waits any more. Returns which ended; cancelled are those of which nothing left. */
export async function endPlans(
  tx: Db,
  corpId: string,
  ids: readonly string[],
  { at, reason }: { at: Date; reason: string | null },
): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    update message_plan p set ended_at = ${at}, due_at = null,
      state = case when left_in.some then 'done' else 'cancelled' end,
      reason = case when left_in.some then null else coalesce(${reason}::text, (
        select r.reason from message_result r where r.corp_id = p.corp_id and r.message_id = p.message_id
          and r.state = 'cancelled' order by r.at desc limit 1)) end
    from message m cross join lateral (
      select cardinality(m.children) > 0 or exists (select from message_collected c
        where c.corp_id = m.corp_id and c.message_id = m.id) as some) as left_in
    where p.corp_id = ${corpId} and p.message_id = any(${[...ids]}::text[]) and p.ended_at is null
      and (p.divided_to is null or p.state = 'people')
      and m.corp_id = p.corp_id and m.id = p.message_id
      and not exists (select from message_waiting w where w.corp_id = p.corp_id and w.message_id = p.message_id)
    returning p.message_id as id`.execute(tx)
  return rows.map(row => row.id)
}

/** Somebody who does not get a message; `reason` is as `keptReason` gives it. */
export type CancelledPerson = { messageId: string; userId: string; reason: string }

/** Persons are counted at the message of the call, which has no parts of its own. */
export async function putCancelled(
  tx: Db,
  corpId: string,
  persons: readonly CancelledPerson[],
  at: Date,
): Promise<void> {
  if (persons.length === 0) return
  await sql`
    insert into message_result (corp_id, message_id, user_id, part_id, state, reason, at)
    select distinct on ("messageId", "userId") ${corpId}, "messageId", "userId", null::bigint, 'cancelled', reason, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(persons)}::jsonb) as row("messageId" text, "userId" text, reason text)
    order by "messageId", "userId"
    on conflict (corp_id, message_id, user_id) do nothing`.execute(tx)
}

/** Returns which persons of a message are cancelled already, and why. */
export async function cancelledOf(db: Db, { corpId, id }: MessageKey): Promise<Map<string, string>> {
  const { rows } = await sql<{ userId: string; reason: string }>`
    select user_id as "userId", reason from message_result
    where corp_id = ${corpId} and message_id = ${id} and state = 'cancelled' and part_id is null`.execute(db)
  return new Map(rows.map(row => [row.userId, row.reason]))
}

/** A decision about a person, where it differs from at once by the first channel. */
export type Step = {
  messageId: string
  memberId: number
  what: 'send' | 'wait' | 'collect' | 'drop' | 'cancel'
  channel: string | null
  cause: CodedReason
  until: Date | null
}

export async function putSteps(tx: Db, corpId: string, steps: readonly Step[], at: Date): Promise<void> {
  if (steps.length === 0) return
  await sql`
    insert into message_step (corp_id, message_id, member_id, at, what, channel, cause, until)
    select ${corpId}, "messageId", "memberId", ${at}::timestamptz, what, channel, cause, until
    from jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as row("messageId" text, "memberId" bigint, what text,
      channel text, cause jsonb, until timestamptz)`.execute(tx)
}

export type PlanCount = { state: 'waiting' | 'sent' | 'failed' | 'unknown' | 'cancelled'; receivers: number }

/**
 * The persons of a message who are in none of its parts, each with what became of it: they wait, do not get it, or get it within a digest,
 * which is named.
 */
export const personsOutside = ({ corpId, id }: Pick<MessageKey, 'corpId' | 'id'>) => sql`
  select w.user_id as "userId", w.member_id as "memberId", 'waiting' as state, '' as reason, null as "digestId" from message_waiting w
  where w.corp_id = ${corpId} and w.message_id = ${id} and w.step = 0
  union all
  select r.user_id, null, 'cancelled', r.reason, null from message_result r
  where r.corp_id = ${corpId} and r.message_id = ${id} and r.state = 'cancelled'
  union all
  select c.user_id, c.member_id, fate.state, fate.reason, c.digest_message_id
  from message_collected c cross join lateral (${fateOfDigest}) as fate
  where c.corp_id = ${corpId} and c.message_id = ${id}`

export async function countPersons(db: Db, message: MessageKey): Promise<PlanCount[]> {
  const { rows } = await sql<PlanCount>`
    select state, count(*)::int as receivers from (${personsOutside(message)}) as persons group by 1`.execute(
    db,
  )
  return rows
}

/** What became of the digest that lists a message, for the one person who gets it: c is a row of message_collected. */
const fateOfDigest = sql`
  select case when bool_or(p.state in ('waiting', 'sending', 'asking')) then 'waiting'
      when exists (select from message_result r where r.corp_id = c.corp_id and r.message_id = c.digest_message_id
        and r.state = 'failed') or bool_or(p.state = 'failed') then 'failed'
      when bool_or(p.state = 'unknown') then 'unknown'
      when bool_or(p.state = 'cancelled') then 'cancelled' else 'sent' end as state,
    coalesce((select r.reason from message_result r where r.corp_id = c.corp_id and r.message_id = c.digest_message_id
      and r.state = 'failed' limit 1), max(p.reason), '') as reason
  from message_part p where p.corp_id = c.corp_id and p.message_id = c.digest_message_id and p.state <> 'replaced'`

/** When the next person of a message is looked at; undefined where nobody waits. */
export async function nextOf(db: Db, { corpId, id }: MessageKey): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(due_at) as at from message_waiting where corp_id = ${corpId} and message_id = ${id}`.execute(
    db,
  )
  return rows[0]?.at ?? undefined
}

/** Whether all of what was accepted for somebody went into a digest: there is nothing of its own to recall. */
export async function isCollected(db: Db, { corpId, id }: MessageKey): Promise<boolean> {
  const { rows } = await sql`
    select 1 from message_collected where corp_id = ${corpId} and message_id = ${id} limit 1`.execute(db)
  return rows.length > 0
}
