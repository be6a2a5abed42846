import { sql } from 'kysely'
import { dayOf } from '../../../platform/operation/day.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

/** Adds accepted messages to their corps' day, in the transaction that accepts them; all nodes in the same order. */
export async function addMessageDays(
  db: Db,
  accepted: readonly { corpId: string; createdAt: Date }[],
): Promise<void> {
  if (accepted.length === 0) return
  const days = accepted.map(({ corpId, createdAt }) => ({ corpId, day: dayOf(createdAt.getTime()) }))
  await sql`
    insert into corp_message_day (corp_id, day, messages)
    select "corpId", day, count(*)
    from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as row("corpId" text, day date)
    group by 1, 2 order by 1, 2
    on conflict (corp_id, day) do update set messages = corp_message_day.messages + excluded.messages`.execute(
    db,
  )
}

/** How many each of these corps has accepted on a day. Nobody else accepts any of them until the transaction ends. */
export async function lockMessageDays(
  db: Db,
  corpIds: readonly string[],
  day: string,
): Promise<Map<string, number>> {
  if (corpIds.length === 0) return new Map()
  const { rows } = await sql<{ corpId: string; messages: number }>`
    insert into corp_message_day (corp_id, day, messages)
    select corp_id, ${day}::date, 0 from unnest(${corpIds}::text[]) as corp_id order by 1
    on conflict (corp_id, day) do update set messages = corp_message_day.messages
    returning corp_id as "corpId", messages`.execute(db)
  return new Map(rows.map(row => [row.corpId, row.messages]))
}

const dayMs = 86_400_000

/**
 * Messages of each corp in the latest days including today, and of today alone; of all corps, or of these. The same count as
 * `messagesPerDay` (fate/fate-store.ts), with those that were pruned since.
 */
export async function messagesOfCorps(
  db: Db,
  { days, now, corpIds }: { days: number; now: number; corpIds?: readonly string[] | undefined },
): Promise<Map<string, { messages: number; today: number }>> {
  const which = corpIds === undefined ? sql`true` : sql`corp_id = any(${corpIds})`
  const { rows } = await sql<{ corpId: string; messages: number; today: number }>`
    select corp_id as "corpId", sum(messages)::float8 as messages,
      coalesce(sum(messages) filter (where day = ${dayOf(now)}::date), 0)::float8 as today
    from corp_message_day where ${which} and day >= ${dayOf(now - (days - 1) * dayMs)}::date
    group by corp_id`.execute(db)
  return new Map(rows.map(({ corpId, ...sum }) => [corpId, sum]))
}

/** The same of one corp by day; days without messages are left out. */
export async function messageDays(
  db: Db,
  corpId: string,
  { days, now }: { days: number; now: number },
): Promise<{ day: string; messages: number }[]> {
  const { rows } = await sql<{ day: string; messages: number }>`
    select day::text as day, messages from corp_message_day
    where corp_id = ${corpId} and day >= ${dayOf(now - (days - 1) * dayMs)}::date and messages > 0
    order by day`.execute(db)
  return rows
}

export async function pruneMessageDays(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'corp_message_day', sql`day < ${dayOf(before.getTime())}::date`, atMost)
}
