import { sql } from 'kysely'
import { notify } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'

export type PartState =
  | 'waiting'
  | 'sending'
  | 'asking'
  | 'sent'
  | 'failed'
  | 'unknown'
  | 'cancelled'
  | 'replaced'

export type MessageRow = {
  id: string
  corpId: string
  devId: string
  channel: string
  agentId: number | null
  agentName: string
  templateId: string | null
  /** JSON, sealed. */
  content: string
  truncated: string[]
  expandedTo: number | null
  receivers: number
  requestId: string | null
  requestHash: string | null
  answer: unknown
  createdAt: Date
  recalledAt: Date | null
  /** It tells administrators of an alert, which is what needs them when it fails: it counts as no failure of its own. */
  aboutAlert: boolean
}

export type MessageKey = Pick<MessageRow, 'corpId' | 'id'>

/** `audience` are the receivers of a large send, until they are all written down as parts. */
export type MessageWithAudience = MessageRow & { audience: { all: true } | { memberIds: number[] } | null }

/** The last time that a limit held a part back. Times are ISO 8601; `reason` is as `keptReason` gives it. */
export type Hold = { since: string; until: string; reason: string }

export type NewPart = {
  messageId: string
  corpId: string
  channel: string
  n: number
  chunk: number
  afterN: number | null
  /** Whether another part waits for this one. Derived from the other parts; not a column. */
  isFollowed: boolean
  userIds: string[]
  memberIds: number[]
  state: 'waiting' | 'sending'
  attempts: number
  nextAttemptAt: Date
  isChecked: boolean
  payloadHash: string | null
  /** Until when a limit holds it back; null when none does. */
  heldUntil: Date | null
  /** Kept when it is over, for the timeline. */
  hold: Hold | null
  /** Since when it may have arrived. On a claimed part this refers to earlier attempts only. */
  unsureSince: Date | null
}

export type Part = NewPart & {
  id: number
  /** The state before the claim. */
  was: PartState
}

export type ClaimedPart = Part & {
  /** State of the part that this one follows. */
  afterState: PartState | null
}

/**
 * What is claimed in one transaction has at most about so many receivers: it locks what counts for each of them, for which
 * messages of others to the same people wait.
 */
export const receiversAtOnce = 1000

/**
 * Claims due parts: waiting ones, and ones whose lease ran out, except those that this node is sending. A piece of a
 * numbered text waits for the piece before it. No other node gets the claimed parts until `leaseUntil`.
 */
export async function claimParts(
  db: Db,
  corpId: string,
  channel: string,
  at: { now: Date; leaseUntil: Date },
  limit: number,
  running: number[],
): Promise<ClaimedPart[]> {
  const rows = await sql<ClaimedPart>`
    with first as (
      select p.id, p.state, p.unsure_since, p.next_attempt_at, cardinality(p.user_ids) as receivers from message_part p
      where p.corp_id = ${corpId} and p.channel = ${channel} and p.state in ('waiting', 'sending', 'asking')
        and p.next_attempt_at <= ${at.now}
        and ${isUnblocked} and p.id <> all(${running}::bigint[])
      order by p.next_attempt_at limit ${limit} for update of p skip locked
    ), due as (
      select id, state, unsure_since from (
        select *, sum(receivers) over (order by next_attempt_at, id) - receivers as before from first) as counted
      where before < ${receiversAtOnce}
    )
    update message_part p set state = 'sending', next_attempt_at = ${at.leaseUntil}, held_until = null,
      attempts = p.attempts + case when due.state = 'waiting' then 1 else 0 end,
      unsure_since = coalesce(p.unsure_since, ${at.now})
    from due where p.corp_id = ${corpId} and due.id = p.id
    returning p.id, p.message_id as "messageId", p.corp_id as "corpId", p.channel, p.n, p.chunk,
      p.after_n as "afterN", p.user_ids as "userIds", p.member_ids as "memberIds", p.state, p.attempts,
      p.next_attempt_at as "nextAttemptAt", p.is_checked as "isChecked", p.payload_hash as "payloadHash",
      p.held_until as "heldUntil", p.hold, due.unsure_since as "unsureSince", due.state as was,
      exists (select 1 from message_part f
        where f.corp_id = p.corp_id and f.message_id = p.message_id and f.after_n = p.n) as "isFollowed",
      (select a.state from message_part a
        where a.corp_id = p.corp_id and a.message_id = p.message_id and a.n = p.after_n) as "afterState"
    `.execute(db)
  return rows.rows
}

/** True when the part that must go before this one is finished, or there is none. */
const isUnblocked = sql`(p.after_n is null or exists (
  select 1 from message_part a where a.corp_id = p.corp_id and a.message_id = p.message_id and a.n = p.after_n
    and a.state in ('sent', 'failed', 'unknown', 'cancelled', 'replaced')))`

/** Extends the leases of parts that this node is still sending. */
export async function renewLeases(
  db: Db,
  parts: readonly { corpId: string; id: number }[],
  until: Date,
): Promise<void> {
  await sql`
    update message_part p set next_attempt_at = ${until}
    from (select p.corp_id, p.id
      from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as row("corpId" text, id bigint)
        join message_part p on p.corp_id = row."corpId" and p.id = row.id
      where p.state = 'sending' order by p.corp_id, p.id for update of p skip locked) as own
    where p.corp_id = own.corp_id and p.id = own.id`.execute(db)
}

/** When the corp's next part in this channel is due; undefined when none waits. */
export async function nextPartAt(db: Db, corpId: string, channel: string): Promise<Date | undefined> {
  const rows = await sql<{ at: Date }>`
    select p.next_attempt_at as at from message_part p
    where p.corp_id = ${corpId} and p.channel = ${channel} and p.state in ('waiting', 'sending', 'asking')
      and ${isUnblocked}
    order by p.next_attempt_at limit 1`.execute(db)
  return rows.rows[0]?.at
}

/** What is written of several corps at once. */
type OfCorp<T> = T & { corpId: string }

export type PartChange = {
  id: number
  /** Number of the attempt that ended. */
  attempts: number
  state: PartState
  nextAttemptAt: Date
  unsureSince: Date | null
  heldUntil: Date | null
  vendorId: string | null
  reason: string | null
  finishedAt: Date | null
}

/**
 * Records attempts and their outcome in one statement, and returns the ids of the parts that it changed: none for a
 * record that is repeated because its answer was lost. An attempt that ends after its lease still knows more than
 * `unknown` and overwrites it, but not what another attempt or a person has decided. With `isFlushed` false the
 * commit does not wait for the disk; that is only for records that may be lost if PostgreSQL or its machine dies in
 * the same second. `arrivals` are signalled with the commit.
 */
export async function endAttempts(
  db: Db,
  changes: OfCorp<PartChange>[],
  attempts: OfCorp<Attempt>[],
  arrivals: string[] = [],
  isFlushed = true,
): Promise<Set<number>> {
  if (changes.length === 0) return new Set()
  const commit = isFlushed ? 'on' : 'off'
  const rows = await sql<{ id: number }>`
    with commit as (
      select set_config('synchronous_commit', ${commit}, true) as mode where ${!isFlushed}
    ), made as (
      insert into message_attempt (corp_id, part_id, n, at, ms, outcome, answer, refused)
      select "corpId", "partId", n, at, ms, outcome, answer, refused
      from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb)
        as row("corpId" text, "partId" bigint, n int, at timestamptz, ms int, outcome text, answer text, refused jsonb)
      on conflict do nothing
    ), told as (
      select ${notify('wisp_message', sql`payload`)} from unnest(${arrivals}::text[]) as payload
    )
    update message_part p set state = row.state, next_attempt_at = row."nextAttemptAt", unsure_since = row."unsureSince",
      held_until = row."heldUntil", vendor_id = coalesce(row."vendorId", p.vendor_id), reason = row.reason,
      finished_at = row."finishedAt"
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as row("corpId" text, id bigint, attempts int, state text,
      "nextAttemptAt" timestamptz, "unsureSince" timestamptz, "heldUntil" timestamptz, "vendorId" text, reason text,
      "finishedAt" timestamptz)
    where p.corp_id = row."corpId" and p.id = row.id and p.attempts = row.attempts
      and (p.state = 'sending' or p.state = 'unknown' and row.state <> 'unknown')
      and (select count(*) from commit) + (select count(*) from told) >= 0
    returning p.id`.execute(db)
  return new Set(rows.rows.map(row => row.id))
}

export type PartEnd = { id: number; state: 'failed' | 'unknown' | 'cancelled'; reason: string }

/** Ends claimed parts for which no further attempt is made; the claim does not count as one. */
export async function endParts(db: Db, corpId: string, ends: PartEnd[], at: Date): Promise<void> {
  if (ends.length === 0) return
  await sql`
    update message_part p set state = row.state, reason = row.reason, finished_at = ${at}, attempts = p.attempts - 1
    from jsonb_to_recordset(${JSON.stringify(ends)}::jsonb) as row(id bigint, state text, reason text)
    where p.corp_id = ${corpId} and p.id = row.id`.execute(db)
}

/** Puts claimed parts back because of a limit; no attempt was made. */
export async function holdParts(
  db: Db,
  corpId: string,
  parts: { id: number; nextAttemptAt: Date; unsureSince: Date | null; hold: Hold | null }[],
): Promise<void> {
  if (parts.length === 0) return
  await sql`
    update message_part p set state = 'waiting', attempts = p.attempts - 1, next_attempt_at = row."nextAttemptAt",
      held_until = row."nextAttemptAt", unsure_since = row."unsureSince", hold = row.hold, reason = row.hold->>'reason'
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb)
      as row(id bigint, "nextAttemptAt" timestamptz, "unsureSince" timestamptz, hold jsonb)
    where p.corp_id = ${corpId} and p.id = row.id`.execute(db)
}

/** Sets to whom claimed parts go now, and whether WeCom's duplicate check guards them. */
export async function setGoing(
  db: Db,
  corpId: string,
  parts: { id: number; userIds: string[]; memberIds: number[]; isChecked: boolean }[],
): Promise<void> {
  if (parts.length === 0) return
  await sql`
    update message_part p set user_ids = row."userIds", member_ids = row."memberIds", is_checked = row."isChecked"
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb)
      as row(id bigint, "userIds" text[], "memberIds" bigint[], "isChecked" boolean)
    where p.corp_id = ${corpId} and p.id = row.id`.execute(db)
}

/** Locks messages against others that add parts to them, recall or resend them. */
export async function lockMessages(db: Db, messages: readonly MessageKey[]): Promise<void> {
  const keys = messages.map(({ corpId, id }) => ({ corpId, id }))
  await sql`
    select 1 from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as row("corpId" text, id text)
      join message m on m.corp_id = row."corpId" and m.id = row.id
    order by m.corp_id, m.id for no key update of m`.execute(db)
}

export async function lastPartNumber(db: Db, { corpId, id }: MessageKey): Promise<number> {
  const row = await db
    .selectFrom('message_part')
    .select(select => select.fn.max('n').as('n'))
    .where('corp_id', '=', corpId)
    .where('message_id', '=', id)
    .executeTakeFirst()
  return row?.n ?? 0
}

/** A receiver whom upstream refused; `reason` is as `keptReason` gives it. */
export type Refused = { userId: string; reason: string }

export type Attempt = {
  partId: number
  n: number
  at: Date
  ms: number
  outcome: string
  answer: string
  /** Null when there were none. */
  refused: Refused[] | null
}

export type Result = {
  messageId: string
  userId: string
  partId: number | null
  state: 'failed' | 'delivered'
  reason: string
}

export async function putResults(db: Db, results: readonly OfCorp<Result>[], at: Date): Promise<void> {
  if (results.length === 0) return
  const keyed = results.map(one => [`${one.corpId} ${one.messageId} ${one.userId}`, one] as const)
  const latest = [...new Map(keyed).values()]
  await sql`
    insert into message_result (corp_id, message_id, user_id, part_id, state, reason, at)
    select "corpId", "messageId", "userId", "partId", state, reason, ${at}
    from jsonb_to_recordset(${JSON.stringify(latest)}::jsonb)
      as row("corpId" text, "messageId" text, "userId" text, "partId" bigint, state text, reason text)
    on conflict (corp_id, message_id, user_id) do update set state = excluded.state, reason = excluded.reason,
      part_id = excluded.part_id, at = excluded.at`.execute(db)
}

export const messageColumns = [
  'id',
  'corp_id as corpId',
  'dev_id as devId',
  'channel',
  'agent_id as agentId',
  'agent_name as agentName',
  'template_id as templateId',
  'content',
  'truncated',
  'expanded_to as expandedTo',
  'receivers',
  'request_id as requestId',
  'request_hash as requestHash',
  'answer',
  'created_at as createdAt',
  'recalled_at as recalledAt',
  'about_alert as aboutAlert',
] as const

export async function findMessages(
  db: Db,
  corpId: string,
  ids: readonly string[],
): Promise<Map<string, MessageRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('message')
    .select(messageColumns)
    .where('corp_id', '=', corpId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(row => [row.id, row as MessageRow]))
}

export async function findMessage(db: Db, { corpId, id }: MessageKey): Promise<MessageRow | undefined> {
  return (await findMessages(db, corpId, [id])).get(id)
}

/**
 * Cancels parts that have not been sent and returns how many. Parts that may have arrived become unknown. A part that
 * a node is claiming at this moment is left to that node, which checks `recalled_at`.
 */
export async function cancelParts(
  db: Db,
  { corpId, id }: MessageKey,
  reason: string,
  at: Date,
): Promise<number> {
  const rows = await sql<{ state: PartState }>`
    update message_part p set state = case when p.unsure_since is null then 'cancelled' else 'unknown' end,
      reason = ${reason}, finished_at = ${at}
    from (select id from message_part where corp_id = ${corpId} and message_id = ${id} and state = 'waiting'
      order by id for update skip locked) as own
    where p.corp_id = ${corpId} and p.id = own.id returning p.state`.execute(db)
  return rows.rows.filter(row => row.state === 'cancelled').length
}

/**
 * Marks a message as recalled, so that nothing of it leaves any more. Its requestId becomes free if it was never
 * accepted (1008).
 */
export async function markRecalled(
  db: Db,
  { corpId, id }: MessageKey,
  at: Date,
  keepsRequestId = true,
): Promise<void> {
  await db
    .updateTable('message')
    .set({ recalled_at: at, expanded_to: null, ...(keepsRequestId ? {} : { request_id: null }) })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Undoes `markRecalled`, for a recall that took nothing back and for a message that is to be sent after all. */
export async function unmarkRecalled(db: Db, { corpId, id }: MessageKey): Promise<void> {
  await db
    .updateTable('message')
    .set({ recalled_at: null })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** The developer's own WeCom message among the corp's latest messages. */
export async function latestMessageOf(db: Db, corpId: string, devId: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id, dev_id, channel, created_at from message where corp_id = ${corpId} order by created_at desc limit 500
    ) as latest where dev_id = ${devId} and channel = 'wecom' order by created_at desc limit 1`.execute(db)
  return rows[0]?.id
}
