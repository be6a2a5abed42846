import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'

type AccountKey = { corpId: string; originalId: string }

export type DayFigures = {
  /** In Beijing, as 2026-03-01. */
  day: string
  gained: number
  lost: number
  /** Followers at its end. */
  total: number
  received: number
  sent: number
}

/** Events are told in conversations, and are no messages. */
const events = ['subscribe', 'unsubscribe', 'scan', 'click', 'view']

/**
 * The days from `since` to today. Followers by what is known of them now, so that somebody who left and came back counts
 * once; messages as long as conversations are kept.
 */
export async function figuresByDay(
  db: Db,
  { corpId, originalId }: AccountKey,
  since: string,
  today: string,
): Promise<DayFigures[]> {
  const { rows } = await sql<DayFigures>`
    with day as (
      select d::date as day from generate_series(${since}::date, ${today}::date, interval '1 day') as d
    ), follower as (
      select (subscribed_at at time zone 'Asia/Shanghai')::date as came,
        (unsubscribed_at at time zone 'Asia/Shanghai')::date as went
      from official_follower where corp_id = ${corpId} and original_id = ${originalId}
    ), came as (select came as day, count(*)::int as n from follower where came >= ${since}::date group by 1
    ), went as (select went as day, count(*)::int as n from follower where went >= ${since}::date group by 1
    ), before as (
      select count(*)::int as n from follower
      where (came is null or came < ${since}::date) and (went is null or went >= ${since}::date)
    ), talk as (
      select (at at time zone 'Asia/Shanghai')::date as day,
        (count(*) filter (where is_from_follower and kind <> all(${events}::text[])))::int as received,
        (count(*) filter (where not is_from_follower))::int as sent
      from official_talk
      where corp_id = ${corpId} and original_id = ${originalId}
        and at >= (${since}::date)::timestamp at time zone 'Asia/Shanghai'
      group by 1
    )
    select to_char(day.day, 'YYYY-MM-DD') as day, coalesce(came.n, 0) as gained, coalesce(went.n, 0) as lost,
      ((select n from before) + sum(coalesce(came.n, 0) - coalesce(went.n, 0)) over (order by day.day))::int as total,
      coalesce(talk.received, 0) as received, coalesce(talk.sent, 0) as sent
    from day left join came using (day) left join went using (day) left join talk using (day)
    order by day.day`.execute(db)
  return rows
}

export async function countNow(
  db: Db,
  { corpId, originalId }: AccountKey,
): Promise<{ followers: number; linked: number; blocked: number }> {
  const { rows } = await sql<{ followers: number; linked: number; blocked: number }>`
    select (count(*) filter (where subscribed))::int as followers,
      (count(*) filter (where member_id is not null))::int as linked,
      (count(*) filter (where is_blocked))::int as blocked
    from official_follower where corp_id = ${corpId} and original_id = ${originalId}`.execute(db)
  return rows[0] ?? { followers: 0, linked: 0, blocked: 0 }
}
