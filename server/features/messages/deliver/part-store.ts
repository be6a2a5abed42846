import { sql } from 'kysely'
import { notify } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Hold, MessagePart, PartState } from '../../channels/part.ts'
import type { Attempt, OfCorp } from '../parts/store.ts'

export type ClaimedPart = MessagePart & {
  /** State of the part that this one follows. */
  afterState: PartState | null
}

/** A way of a channel, and the account behind it. */
export type Way = { name: string; account: string | undefined }

/**
 * What is claimed in one transaction has at most about so many receivers: it locks what counts for each of them, for which
 * messages of others to the same people wait.
 */
export const receiversAtOnce = 1000

/**
 * Claims due parts: waiting ones, and ones whose lease ran out, except those that this node is sending. A piece of a
 * numbered text waits for the piece before it. No other node gets the claimed parts until `leaseUntil`. What goes for the first time goes
 * by the first of `ways`; by which way it goes, and by which account of it, is written down before it leaves.
 */
export async function claimParts(
  db: Db,
  corpId: string,
  channel: string,
  at: { now: Date; leaseUntil: Date; ways?: readonly Way[] },
  limit: number,
  running: number[],
): Promise<ClaimedPart[]> {
  const known = at.ways ?? []
  const [first] = known
  const ways = sql`coalesce(p.ways, ${first ? [first.name] : null}::text[])`
  const accounts = JSON.stringify(Object.fromEntries(known.map(({ name, account }) => [name, account])))
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
      unsure_since = coalesce(p.unsure_since, ${at.now}),
      ways = case when due.state = 'waiting' then ${ways} else p.ways end,
      account = case when due.state = 'waiting' then ${accounts}::jsonb ->> (${ways})[cardinality(${ways})] else p.account end
    from due where p.corp_id = ${corpId} and due.id = p.id
    returning p.id, p.message_id as "messageId", p.corp_id as "corpId", p.channel, p.n, p.chunk,
      p.after_n as "afterN", p.user_ids as "userIds", p.member_ids as "memberIds", p.state, p.attempts,
      p.next_attempt_at as "nextAttemptAt", p.is_checked as "isChecked", p.payload_hash as "payloadHash",
      p.held_until as "heldUntil", p.hold, p.cost, p.paid_from as "paidFrom", p.ways, p.account, p.shared,
      p.lacked_at as "lackedAt",
      due.unsure_since as "unsureSince", due.state as was,
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
  ways: readonly string[] | null
  lackedAt: Date | null
  /** Null: all whom the part was for. */
  userIds: readonly string[] | null
  memberIds: readonly number[] | null
  /** What it costs where no budget paid for it, in fen; null leaves what is known. */
  cost: number | null
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
      insert into message_attempt (corp_id, part_id, n, at, ms, outcome, answer, refused, way)
      select "corpId", "partId", n, at, ms, outcome, answer, refused, way
      from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb)
        as row("corpId" text, "partId" bigint, n int, at timestamptz, ms int, outcome text, answer text, refused jsonb, way text)
      on conflict do nothing
    ), told as (
      select ${notify('wisp_message', sql`payload`)} from unnest(${arrivals}::text[]) as payload
    )
    update message_part p set state = row.state, next_attempt_at = row."nextAttemptAt", unsure_since = row."unsureSince",
      held_until = row."heldUntil", vendor_id = coalesce(row."vendorId", p.vendor_id), reason = row.reason,
      finished_at = row."finishedAt", ways = row.ways, lacked_at = row."lackedAt",
      user_ids = coalesce(row."userIds", p.user_ids), member_ids = coalesce(row."memberIds", p.member_ids),
      cost = coalesce(row.cost, p.cost)
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as row("corpId" text, id bigint, attempts int, state text,
      "nextAttemptAt" timestamptz, "unsureSince" timestamptz, "heldUntil" timestamptz, "vendorId" text, reason text,
      "finishedAt" timestamptz, ways text[], "lackedAt" timestamptz, "userIds" text[], "memberIds" bigint[],
      cost int)
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

/** Sets to whom claimed parts go now, and what was reserved for them. */
export async function setPaid(db: Db, corpId: string, parts: readonly ClaimedPart[]): Promise<void> {
  if (parts.length === 0) return
  const rows = parts.map(({ id, userIds, memberIds, cost, paidFrom }) => ({
    ...{ id, userIds, memberIds, cost, paidFrom },
  }))
  await sql`
    update message_part p set user_ids = row."userIds", member_ids = row."memberIds", cost = row.cost, paid_from = row."paidFrom"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row(id bigint, "userIds" text[], "memberIds" bigint[], cost int, "paidFrom" text)
    where p.corp_id = ${corpId} and p.id = row.id`.execute(db)
}

/** What stays paid of parts for which something was given back. */
export async function setCosts(
  db: Db,
  parts: readonly { corpId: string; id: number; left: number }[],
): Promise<void> {
  if (parts.length === 0) return
  await sql`
    update message_part p set cost = nullif(row."left", 0), paid_from = case when row."left" > 0 then p.paid_from end
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as row("corpId" text, id bigint, "left" int)
    where p.corp_id = row."corpId" and p.id = row.id`.execute(db)
}

/** Has the parts that wait for budget looked at now; returns whether there are any. */
export async function freeHeldByBudget(
  tx: Db,
  corpId: string,
  channels: readonly string[],
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update message_part set next_attempt_at = ${at}, held_until = ${at},
      hold = jsonb_set(hold, '{until}', to_jsonb(${at.toISOString()}::text))
    where corp_id = ${corpId} and channel = any(${[...channels]}::text[]) and state = 'waiting' and held_until > ${at}
      and hold->>'reason' like '%"budgetUsedUp"%'
    returning 1`.execute(tx)
  return rows.length > 0
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
