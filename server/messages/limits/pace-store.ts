import { sql } from 'kysely'
import { dayOf } from '../../operation/day.ts'
import { prepared } from '../../storage/database.ts'
import type { Db } from '../../storage/db.ts'

/**
 * WeCom drops without a word what exceeds 30 a minute or 1000 an hour for one member and agent, and refuses beyond a
 * day's person-times (upstream.md §5). The counts are in the database, so that they hold for all nodes; windows slide.
 */
export const paceLimits = { perMinute: 30, perHour: 1000, personTimesPerAccount: 200 }

/** A send is counted when it leaves, WeCom counts it when it arrives: up to a call's time later. */
const slackMs = 20_000
export const paceWindows = { minuteMs: 60_000 + slackMs, hourMs: 3_600_000 + slackMs }
const { minuteMs, hourMs } = paceWindows

export type Reservation = { corpId: string; agentId: number; userKey: string }

const keyOf = (one: Reservation) => `${one.corpId} ${one.agentId} ${one.userKey}`

/** Counts one send to each; answers, per reservation, undefined when it may go and otherwise when it may (ms). */
export async function reservePace(
  db: Db,
  reservations: Reservation[],
  now: number,
): Promise<(number | undefined)[]> {
  const answers: (number | undefined)[] = reservations.map(() => undefined)
  const waiting = new Map<string, number>()
  // A statement cannot touch a row twice: several sends to one member are counted in rounds.
  let open = reservations.map((one, index) => ({ one, index }))
  while (open.length > 0) {
    const round = new Map(open.map(entry => [keyOf(entry.one), entry]))
    open = open.filter(entry => round.get(keyOf(entry.one)) !== entry)
    // In one order, so that two transactions never wait for each other's rows.
    const entries = [...round.values()].sort((a, b) => (keyOf(a.one) < keyOf(b.one) ? -1 : 1))
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
      // As many as a window takes come back at its end, the next ones a window later.
      const windows = Math.floor(before / paceLimits.perMinute)
      answers[entry.index] = (times.get(key) ?? now + minuteMs) + windows * minuteMs
    }
  }
  return answers
}

/** Takes sends back that were counted in this transaction. */
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
  const rows = await sql<{ key: string }>`${prepared}
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

/** When the oldest send leaves the window that is full. */
async function nextTimes(db: Db, reservations: Reservation[], now: number): Promise<Map<string, number>> {
  if (reservations.length === 0) return new Map()
  const rows = await sql<{ key: string; sent: number[] }>`
    select p.corp_id || ' ' || p.agent_id || ' ' || p.user_key as key, p.sent from message_pace p
    join jsonb_to_recordset(${JSON.stringify(reservations)}::jsonb) as row("corpId" text, "agentId" int, "userKey" text)
      on p.corp_id = row."corpId" and p.agent_id = row."agentId" and p.user_key = row."userKey"`.execute(db)
  return new Map(
    rows.rows.map(({ key, sent }) => {
      const times = [...sent].sort((a, b) => a - b)
      const ofMinute = times.filter(time => time > now - minuteMs)
      const minuteFree = (ofMinute.at(-paceLimits.perMinute) ?? 0) + minuteMs
      const hourFree = times.length >= paceLimits.perHour ? (times.at(-paceLimits.perHour) ?? 0) + hourMs : 0
      return [key, Math.max(ofMinute.length >= paceLimits.perMinute ? minuteFree : 0, hourFree, now + 1000)]
    }),
  )
}

/** Counts person-times of a day; false: the day's are used up. What is larger than a day goes alone, WeCom decides. */
export async function reserveDay(
  db: Db,
  corpId: string,
  agentId: number,
  persons: number,
  cap: number,
  now: number,
): Promise<boolean> {
  const day = dayOf(now)
  const rows = await sql`${prepared}
    insert into message_day as d (corp_id, agent_id, day, sent)
    select ${corpId}, ${agentId}::int, ${day}::date, ${persons}::int
    on conflict (corp_id, agent_id, day) do update set sent = d.sent + excluded.sent
      where d.sent + excluded.sent <= ${cap}::int
    returning 1`.execute(db)
  return rows.rows.length > 0
}

export const duplicateCheckSeconds = 14_400

export type Check = { corpId: string; hash: string; owner: string }

/**
 * Which of these requests go with WeCom's duplicate check: the first of equals within its memory, and that one when it is
 * sent again, from when on WeCom may remember it anew. Another equal one is a message of its own and would be eaten.
 * Answers the owners.
 */
export async function reserveChecks(db: Db, checks: Check[], now: number): Promise<Set<string>> {
  // Of equals in one batch the last: a statement cannot touch a row twice.
  const unique = [...new Map(checks.map(one => [`${one.corpId} ${one.hash}`, one])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one)
  if (unique.length === 0) return new Set()
  const rows = await sql<{ owner: string }>`${prepared}
    insert into message_dedup as d (corp_id, hash, owner, until)
    select "corpId", hash, owner, ${new Date(now + duplicateCheckSeconds * 1000)}
    from jsonb_to_recordset(${JSON.stringify(unique)}::jsonb) as row("corpId" text, hash text, owner text)
    on conflict (corp_id, hash) do update set until = excluded.until, owner = excluded.owner
      where d.until < ${new Date(now)} or d.owner = excluded.owner
    returning owner`.execute(db)
  return new Set(rows.rows.map(row => row.owner))
}
