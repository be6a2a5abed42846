import { sql } from 'kysely'
import { dayOf } from '../../../platform/operation/day.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/**
 * WeCom silently drops what exceeds 30 messages a minute or 1000 an hour for one member and agent, and refuses what
 * exceeds the daily quota in person-times (docs/upstream/wecom-messages.md#frequency). The counts are kept in the database so
 * that they hold across nodes; the windows slide.
 */
export const paceLimits = { perMinute: 30, perHour: 1000, personTimesPerAccount: 200 }

/** We count a send when it leaves, WeCom when it arrives, which can be later by the duration of a call. */
const slackMs = 20_000
export const paceWindows = { minuteMs: 60_000 + slackMs, hourMs: 3_600_000 + slackMs }
const { minuteMs, hourMs } = paceWindows

export type Reservation = { corpId: string; agentId: number; userKey: string }

const keyOf = (one: Reservation) => `${one.corpId} ${one.agentId} ${one.userKey}`

/**
 * Counts one send per reservation. Returns for each reservation undefined when it may go now, otherwise the time when
 * it may (ms).
 */
export async function reservePace(
  db: Db,
  reservations: Reservation[],
  now: number,
): Promise<(number | undefined)[]> {
  const answers: (number | undefined)[] = reservations.map(() => undefined)
  const waiting = new Map<string, number>()
  // A statement cannot update a row twice, so several sends to one member are counted in rounds.
  let open = reservations.map((one, index) => ({ one, index }))
  while (open.length > 0) {
    const round = new Map(open.map(entry => [keyOf(entry.one), entry]))
    open = open.filter(entry => round.get(keyOf(entry.one)) !== entry)
    // Rows are always locked in the same order, so that two transactions cannot deadlock.
    const entries = [...round].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
    const passed = await countRound(
      db,
      entries.map(entry => entry.one),
      now,
    )
    const held = entries.filter(entry => !passed.has(keyOf(entry.one)))
    const times = await nextTimes(
      db,
      held.map(entry => entry.one),
      now,
    )
    for (const entry of held) {
      const key = keyOf(entry.one)
      const before = waiting.get(key) ?? 0
      waiting.set(key, before + 1)
      // As many sends as a window allows may go when it ends, and the following ones a window later each.
      const windows = Math.floor(before / paceLimits.perMinute)
      answers[entry.index] = (times.get(key) ?? now + minuteMs) + windows * minuteMs
    }
  }
  return answers
}

/** Uncounts sends that were counted in this transaction. */
export async function giveBackPace(db: Db, reservations: Reservation[]): Promise<void> {
  if (reservations.length === 0) return
  const counts = new Map<string, Reservation & { n: number }>()
  for (const one of reservations) {
    const known = counts.get(keyOf(one))
    if (known) known.n++
    else counts.set(keyOf(one), { ...one, n: 1 })
  }
  await sql`
    update message_pace p set sent = trim_array(p.sent, row.n)
    from jsonb_to_recordset(${JSON.stringify([...counts.values()])}::jsonb)
      as row("corpId" text, "agentId" int, "userKey" text, n int)
    where p.corp_id = row."corpId" and p.agent_id = row."agentId" and p.user_key = row."userKey"`.execute(db)
}

async function countRound(db: Db, reservations: Reservation[], now: number): Promise<Set<string>> {
  const rows = await sql<{ key: string }>`
    insert into message_pace as p (corp_id, agent_id, user_key, sent)
    select "corpId", "agentId", "userKey", array[${now}::bigint]
    from jsonb_to_recordset(${JSON.stringify(reservations)}::jsonb) as row("corpId" text, "agentId" int, "userKey" text)
    on conflict (corp_id, agent_id, user_key) do update
      set sent = (select coalesce(array_agg(t), '{}') from unnest(p.sent) t where t > ${now - hourMs}) || ${now}::bigint
      where (select count(*) from unnest(p.sent) t where t > ${now - minuteMs}) < ${paceLimits.perMinute}
        and (select count(*) from unnest(p.sent) t where t > ${now - hourMs}) < ${paceLimits.perHour}
    returning corp_id || ' ' || agent_id || ' ' || user_key as key`.execute(db)
  return new Set(rows.rows.map(row => row.key))
}

/** When the oldest send leaves the full window, so that there is room again. */
async function nextTimes(db: Db, reservations: Reservation[], now: number): Promise<Map<string, number>> {
  if (reservations.length === 0) return new Map()
  const rows = await sql<{ key: string; sent: number[] }>`
    select p.corp_id || ' ' || p.agent_id || ' ' || p.user_key as key, p.sent from message_pace p
    join jsonb_to_recordset(${JSON.stringify(reservations)}::jsonb) as row("corpId" text, "agentId" int, "userKey" text)
      on p.corp_id = row."corpId" and p.agent_id = row."agentId" and p.user_key = row."userKey"`.execute(db)
  return new Map(rows.rows.map(({ key, sent }) => [key, Math.max(freeAt(sent, 1), now + 1000)]))
}

/** When so many messages fit in both windows, after what was sent at these times (ms); long ago when they do now. */
function freeAt(sent: readonly number[], count: number): number {
  const times = [...sent].sort((a, b) => a - b)
  const after = (limit: number, windowMs: number) => (times.at(-(limit - count + 1)) ?? -windowMs) + windowMs
  return Math.max(after(paceLimits.perMinute, minuteMs), after(paceLimits.perHour, hourMs))
}

/** How many of these receivers could not get so many messages at this moment, and when the last of them could (ms). */
export async function heldByPace(
  db: Db,
  corpId: string,
  agentId: number,
  userKeys: readonly string[],
  count: number,
  now: number,
): Promise<{ persons: number; until: number }> {
  const fitting = Math.min(count, paceLimits.perMinute)
  const rows = await sql<{ sent: number[] }>`
    select sent from message_pace where corp_id = ${corpId} and agent_id = ${agentId}
      and user_key = any(${userKeys}::text[]) and cardinality(sent) > ${paceLimits.perMinute - fitting}`.execute(
    db,
  )
  const free = rows.rows.map(({ sent }) => freeAt(sent, fitting)).filter(at => at > now)
  return { persons: free.length, until: free.reduce((a, b) => Math.max(a, b), 0) }
}

/**
 * Counts person-times against the daily quota; false when the quota is used up. A send larger than a whole day's
 * quota goes when nothing else was sent, and WeCom decides.
 */
export async function reserveDay(
  db: Db,
  corpId: string,
  agentId: number,
  persons: number,
  cap: number,
  now: number,
): Promise<boolean> {
  const day = dayOf(now)
  const rows = await sql`
    insert into message_day as d (corp_id, agent_id, day, sent)
    select ${corpId}, ${agentId}::int, ${day}::date, ${persons}::int
    on conflict (corp_id, agent_id, day) do update set sent = d.sent + excluded.sent
      where d.sent + excluded.sent <= ${cap}::int
    returning 1`.execute(db)
  return rows.rows.length > 0
}

/** The person-times that were counted today. */
export async function sentToday(db: Db, corpId: string, agentId: number, now: number): Promise<number> {
  const rows = await sql<{ sent: number }>`
    select sent from message_day
    where corp_id = ${corpId} and agent_id = ${agentId} and day = ${dayOf(now)}::date`.execute(db)
  return rows.rows[0]?.sent ?? 0
}

export const duplicateCheckSeconds = 14_400

export type Check = { corpId: string; hash: string; owner: string }

/**
 * Decides which of these requests use WeCom's duplicate check: the first of several equal ones within WeCom's memory,
 * and that same one when it is repeated, which renews WeCom's memory of it. Any other equal request is a separate
 * message, which the check would discard. Returns the owners of the chosen ones.
 */
export async function reserveChecks(db: Db, checks: Check[], now: number): Promise<Set<string>> {
  // Among equal requests in one batch only the last is kept, because a statement cannot update a row twice.
  const unique = [...new Map(checks.map(one => [`${one.corpId} ${one.hash}`, one])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one)
  if (unique.length === 0) return new Set()
  const rows = await sql<{ owner: string }>`
    insert into message_dedup as d (corp_id, hash, owner, until)
    select "corpId", hash, owner, ${new Date(now + duplicateCheckSeconds * 1000)}
    from jsonb_to_recordset(${JSON.stringify(unique)}::jsonb) as row("corpId" text, hash text, owner text)
    on conflict (corp_id, hash) do update set until = excluded.until, owner = excluded.owner
      where d.until < ${new Date(now)} or d.owner = excluded.owner
    returning owner`.execute(db)
  return new Set(rows.rows.map(row => row.owner))
}

/** Deletes the counts of members to whom nothing was sent within the last hour, the longest window. */
export async function prunePace(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  const isOver = sql`not exists (select 1 from unnest(sent) t where t > ${now.getTime() - paceWindows.hourMs})`
  return deleteSome(db, 'message_pace', isOver, atMost)
}

export async function pruneDays(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_day', sql`day < ${dayOf(before.getTime())}::date`, atMost)
}

export async function pruneChecks(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_dedup', sql`until < ${now}`, atMost)
}
