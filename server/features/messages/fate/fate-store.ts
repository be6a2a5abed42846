import { sql } from 'kysely'
import { dayOf } from '../../../platform/operation/day.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { bearersOf, type MessageKey, type MessageRow, type PartState } from '../../channels/part.ts'
import { keptRecalled } from '../../channels/telling.ts'
import type { Attempt, Result } from '../parts/store.ts'
import { fallsBack, fatesOfPersons, hasLostPersons, isFallback } from '../plans/persons-store.ts'
import { countPersons, isWhole, planOf } from '../plans/plan-store.ts'

export type PartView = {
  id: number
  n: number
  userIds: string[]
  memberIds: number[]
  shared: string[] | null
  state: PartState
  attempts: number
  nextAttemptAt: Date
  heldUntil: Date | null
  vendorId: string | null
  reason: string | null
  finishedAt: Date | null
  /** When upstream took back what had been sent. */
  recalledAt: Date | null
  chunk: number
  isChecked: boolean
}

export async function partsOf(db: Db, message: MessageKey): Promise<PartView[]> {
  return db
    .selectFrom('message_part')
    .select([
      'id',
      'n',
      'chunk',
      'user_ids as userIds',
      'member_ids as memberIds',
      'shared',
      'state',
      'attempts',
      'next_attempt_at as nextAttemptAt',
      'held_until as heldUntil',
      'vendor_id as vendorId',
      'reason',
      'finished_at as finishedAt',
      'recalled_at as recalledAt',
      'is_checked as isChecked',
    ])
    .where('corp_id', '=', message.corpId)
    .where(isOf('message_part', message))
    .orderBy('message_id')
    .orderBy('n')
    .execute()
}

/** The states of a message's parts. */
export type Summary = { state: PartState; heldUntil: Date | null }

export async function summaryOf(db: Db, message: MessageKey): Promise<Summary[]> {
  const rows = await sql<Summary>`
    select state, max(held_until) as "heldUntil" from message_part
    where corp_id = ${message.corpId} and ${isOf('message_part', message)} and state <> 'replaced' group by state`.execute(
    db,
  )
  return rows.rows
}

/** A row of one of the messages that have the message's parts. */
const isOf = (table: string, message: MessageKey) =>
  sql<boolean>`${sql.ref(`${table}.message_id`)} = any(${bearersOf(message)}::text[])`

const isOpen = sql`p.state in ('waiting', 'sending', 'asking')`

/**
 * Receivers whom upstream refused although it accepted the part, and those who are in no part because no address
 * reaches them.
 */
const refused = (message: MessageKey) => sql`
  from message_result r left join message_part p on p.corp_id = r.corp_id and p.id = r.part_id and p.state = 'sent'
  where r.corp_id = ${message.corpId} and ${isOf('r', message)} and r.state = 'failed' and (r.part_id is null or p.id is not null)`

/** The receivers of a message's parts, each with what upstream said about them. */
const inParts = (message: MessageKey) => sql`
  from message_part p cross join lateral unnest(p.user_ids) as u(user_id)
  left join message_result r on r.corp_id = p.corp_id and r.message_id = p.message_id and r.user_id = u.user_id
    and r.part_id = p.id and r.state = 'failed'
  where p.corp_id = ${message.corpId} and ${isOf('p', message)}`

/** What went out and was taken back. */
export const isTakenBackPart = sql<boolean>`(p.recalled_at is not null and p.state in ('sent', 'unknown'))`

/** A receiver of a split text is in one part per piece; the worst of their states counts. */
const fatesOfSplit = (message: MessageKey) => sql`
  select user_id as "userId", state, reason, "isRecalled" from (
    select distinct on (u.user_id) u.user_id, ${isTakenBackPart} and r.user_id is null as "isRecalled",
      case when ${isOpen} then 'waiting' when p.state = 'sent' and r.user_id is not null then 'failed' else p.state end
        as state,
      coalesce(r.reason, p.reason, '') as reason
    ${inParts(message)} and p.state <> 'replaced'
    order by u.user_id, case when ${isOpen} then 1 when p.state = 'failed' or p.state = 'sent' and r.user_id is not null then 2
      when p.state = 'unknown' then 3 when p.state = 'cancelled' then 4 else 5 end, p.n desc
  ) as of_parts
  union all
  select user_id, 'failed', reason, false from message_result
  where corp_id = ${message.corpId} and ${isOf('message_result', message)} and part_id is null and state = 'failed'`

const lostOfUnsplit = (message: MessageKey) => sql`
  select u.user_id as "userId", p.state, coalesce(r.reason, p.reason, '') as reason
  ${inParts(message)} and p.state in ('failed', 'unknown')
  union all
  select r.user_id, 'failed', r.reason ${refused(message)}`

async function isSplit(db: Db, message: MessageKey): Promise<boolean> {
  const found = await sql`
    select 1 from message_part
    where corp_id = ${message.corpId} and ${isOf('message_part', message)} and chunk > 0 limit 1`.execute(db)
  return found.rows.length > 0
}

export type Count = { state: PartState; isRecalled: boolean; receivers: number; isAll: boolean }

/**
 * Counts receivers by state, those apart from whom it was taken back. For an unsplit message this counts from the parts, because a large one is polled again
 * and again while the planner takes it for a small one, as most messages are.
 */
export async function countFates(db: Db, message: CountedMessage): Promise<Count[]> {
  const inParts = await countParts(db, message)
  if (!message.children) return inParts
  const sum = inParts.reduce((all, one) => all + one.receivers, 0)
  return [...inParts, ...(await countOthers(db, message, sum))]
}

type CountedMessage = MessageKey & Pick<MessageRow, 'receivers'>

/** Those who are in no part, because they wait, or do not get it, or get it within a digest. */
async function countOthers(db: Db, message: CountedMessage, inParts: number): Promise<Count[]> {
  const persons = await countPersons(db, message)
  const plan = await planOf(db, message)
  const known = persons.reduce((sum, one) => sum + one.receivers, 0)
  const others = Math.max(0, message.receivers - known - inParts)
  // Those whom a call was not divided into when it was ended get nothing either.
  const isCutOff = plan?.endedAt != null && plan.dividedTo !== null
  const isCancelled = plan?.state === 'cancelled' && message.children?.length === 0
  const state = isWhole(plan)
    ? ('waiting' as const)
    : isCancelled || isCutOff
      ? ('cancelled' as const)
      : undefined
  return [...persons, ...(state && others > 0 ? [{ state, receivers: others }] : [])].map(one => ({
    ...one,
    isRecalled: false,
    isAll: false,
  }))
}

async function countParts(db: Db, message: MessageKey): Promise<Count[]> {
  if (await fallsBack(db, message)) return countPersonsOnce(db, message)
  const query = (await isSplit(db, message))
    ? sql<Count>`
        select state, "isRecalled", count(*)::int as receivers, bool_or("userId" = '@all') as "isAll"
        from (${fatesOfSplit(message)}) as fate group by 1, 2`
    : sql<Count>`
        select state, "isRecalled", sum(receivers)::int as receivers, bool_or("isAll") as "isAll" from (
          select case when ${isOpen} then 'waiting' else p.state end as state, ${isTakenBackPart} as "isRecalled",
            cardinality(p.user_ids) as receivers, p.user_ids = array['@all'] as "isAll"
          from message_part p
          where p.corp_id = ${message.corpId} and ${isOf('p', message)} and p.state <> 'replaced'
          union all
          select moved.state, moved."isRecalled", moved.receivers, false
          from (select count(*) as all_refused, count(p.id) filter (where p.recalled_at is null) as of_sent,
              count(p.recalled_at) as of_recalled ${refused(message)}) as counted
            cross join lateral (values ('failed', false, all_refused), ('sent', false, -of_sent), ('sent', true, -of_recalled))
              as moved(state, "isRecalled", receivers)
          where moved.receivers <> 0
        ) as fate group by 1, 2`
  return (await query.execute(db)).rows
}

async function countPersonsOnce(db: Db, message: MessageKey): Promise<Count[]> {
  const { rows } = await sql<Count>`
    select state, "isRecalled", count(*)::int as receivers, false as "isAll"
    from (${fatesOfPersons(message)}) as fate group by 1, 2`.execute(db)
  return rows
}

export type Fate = { userId: string; state: PartState; reason: string }
type LostFate = Fate & { state: 'failed' | 'unknown' }

/** The receivers who did not get the message, or may not have, and why. */
export async function lostOf(db: Db, message: MessageKey, limit: number): Promise<LostFate[]> {
  const isOnce = await fallsBack(db, message)
  const fates = isOnce ? fatesOfPersons : (await isSplit(db, message)) ? fatesOfSplit : lostOfUnsplit
  const rows = await sql<LostFate>`
    select "userId", state, reason from (${fates(message)}) as fate where state in ('failed', 'unknown')
    order by "userId" limit ${limit}`.execute(db)
  return rows.rows
}

export async function attemptsOf(
  db: Db,
  message: MessageKey,
  limit: number,
): Promise<Omit<Attempt, 'refused'>[]> {
  return db
    .selectFrom('message_attempt')
    .innerJoin('message_part', join =>
      join
        .onRef('message_part.corp_id', '=', 'message_attempt.corp_id')
        .onRef('message_part.id', '=', 'message_attempt.part_id'),
    )
    .select(['part_id as partId', 'message_attempt.n as n', 'at', 'ms', 'outcome', 'answer', 'way'])
    .where('message_part.corp_id', '=', message.corpId)
    .where(isOf('message_part', message))
    .orderBy('at')
    .limit(limit)
    .execute()
}

export async function resultsOf(db: Db, { corpId, id }: MessageKey, limit: number): Promise<Result[]> {
  return db
    .selectFrom('message_result')
    .select(['message_id as messageId', 'user_id as userId', 'part_id as partId', 'state', 'reason'])
    .where('corp_id', '=', corpId)
    .where('message_id', '=', id)
    .orderBy('user_id')
    .limit(limit)
    .execute()
}

/** The part that a receipt belongs to, with its message and receivers. */
export async function partOfReceipt(
  db: Db,
  { corpId, id }: MessageKey,
  n: number,
): Promise<{ id: number; memberIds: number[]; isOfCall: boolean; way: string | null } | undefined> {
  return db
    .selectFrom('message_part')
    .innerJoin('message', join =>
      join
        .onRef('message.corp_id', '=', 'message_part.corp_id')
        .onRef('message.id', '=', 'message_part.message_id'),
    )
    .select([
      'message_part.id',
      'message_part.member_ids as memberIds',
      sql<boolean>`message.parent_id is not null`.as('isOfCall'),
      sql<string | null>`ways[cardinality(ways)]`.as('way'),
    ])
    .where('message_part.corp_id', '=', corpId)
    .where('message_part.message_id', '=', id)
    .where('message_part.n', '=', n)
    .executeTakeFirst()
}

export async function markPartsRecalled(db: Db, corpId: string, ids: number[], at: Date): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update message_part set recalled_at = ${at}
    where corp_id = ${corpId} and id = any(${ids}::bigint[])`.execute(db)
}

/**
 * Whether a message was marked as recalled because it was never accepted (1008), and not because somebody recalled it.
 */
export function isRefusedWhole(parts: readonly PartView[]): boolean {
  return (
    parts.some(part => part.state === 'failed') &&
    !parts.some(part => part.state === 'sent' || isTakenBack(part))
  )
}

export function isTakenBack({ state, reason }: Pick<PartView, 'state' | 'reason'>): boolean {
  return state === 'cancelled' && keptRecalled.includes(reason ?? '')
}

/** Marks parts as sent, after a receipt said that they were sent after all. */
export async function confirmParts(
  db: Db,
  corpId: string,
  ids: number[],
  at: Date,
  from: PartState[] = ['asking', 'unknown'],
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update message_part set state = 'sent', reason = null, finished_at = ${at}
    where corp_id = ${corpId} and id = any(${ids}::bigint[]) and state = any(${from}::text[])`.execute(db)
}

export type MessageDay = {
  /** Day in Beijing time, as WeCom counts days: `2026-11-25`. */
  day: string
  channel: string
  messages: number
  /** Number of people the messages were addressed to. */
  receivers: number
  /** Number of messages that did not reach everybody, or may not have. */
  troubled: number
}

/** Of message m with its column children: the messages that have its parts. */
export const bearers = sql`coalesce(m.children, array[m.id])`

/** Of message m with its columns about_alert and children: it did not reach everybody, or may not have. A notice about an alert never counts. */
export const isTroubled = sql<boolean>`(case when ${isFallback} then ${hasLostPersons} else (select true from message_part p
    where p.corp_id = m.corp_id and p.message_id = any(${bearers}) and p.state in ('failed', 'unknown') limit 1) is true
  or (select true from message_result r
    where r.corp_id = m.corp_id and r.message_id = any(${bearers}) and r.state = 'failed' limit 1) is true end)
  and not m.about_alert`

/** The first of the latest days, in Beijing time. */
export function firstOf(days: number, now: number): Date {
  return new Date(Date.parse(`${dayOf(now)}T00:00:00+08:00`) - (days - 1) * 86_400_000)
}

export type TroubledCount = { count: number; oldestAt: Date }

/**
 * Messages of the latest days including today that did not reach everybody, or may not have, and when the oldest was accepted; corps without
 * any are left out.
 */
export async function troubledMessages(
  db: Db,
  corpIds: readonly string[],
  days: number,
  now: number,
): Promise<Map<string, TroubledCount>> {
  const { rows } = await sql<{ corpId: string; count: number; oldestAt: Date }>`
    select m.corp_id as "corpId", count(*)::int as count, min(m.created_at) as "oldestAt" from message m
    where m.corp_id = any(${corpIds}) and m.created_at >= ${firstOf(days, now)} and m.parent_id is null and ${isTroubled}
    group by m.corp_id`.execute(db)
  return new Map(rows.map(({ corpId, ...found }) => [corpId, found]))
}

/**
 * The latest days including today, by channel, what one call sent as one message; days without messages are left out. A digest is no
 * message that was asked for: what it lists is counted, as for the quota.
 */
export async function messagesPerDay(
  db: Db,
  corpId: string,
  days: number,
  now: number,
): Promise<MessageDay[]> {
  const rows = await sql<MessageDay>`
    select to_char(m.created_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, m.channel,
      count(*) filter (where digest.id is null)::int as messages, sum(m.receivers)::int as receivers,
      count(*) filter (where ${isTroubled})::int as troubled
    from message m left join (
      select distinct digest_message_id as id from message_collected where corp_id = ${corpId}) as digest on digest.id = m.id
    where m.corp_id = ${corpId} and m.created_at >= ${firstOf(days, now)} and m.parent_id is null
    group by 1, 2 order by 1, 2`.execute(db)
  return rows.rows
}
