import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import { keepDaysByDefault } from '../../channels/settings-store.ts'
import { factsOfFigures, figures, isOfType } from './figure-facts-store.ts'
import { partsSummed } from './message-state-store.ts'

/** Counts of messages, or of people where the name says so. Each is 0 or more. */
export const counts = [
  ...(['accepted', 'receivers', 'waiting', 'left', 'reached', 'failed', 'read', 'readers'] as const),
  ...(['acknowledged', 'acknowledgers', 'muted', 'mutedPeople', 'expired', 'cost'] as const),
]
/** `cost` is in fen. */
export type Counts = Record<(typeof counts)[number], number>

/** Of whom: one type, '' for what has none; of all senders, or one developer. */
export type CountScope = { corpId: string; type: string; devId?: string | undefined }

/** `n` is the place of the day among those that were asked for, from 0. */
type CountedRow = Counts & { n: number; type: string; devId: string }

const countOf = (name: keyof typeof figures) => sql`count(*) filter (where ${figures[name]})::int`
const sumOf = (what: ReturnType<typeof sql>) =>
  sql`coalesce(sum(${what}) filter (where not f.is_digest), 0)::float8`

/** Counts the messages themselves, by day, type and developer. `starts` are the beginnings of the days, and the end of the last. */
export async function countMessages(
  db: Db,
  corpId: string,
  starts: readonly Date[],
  of?: Pick<CountScope, 'type' | 'devId'>,
): Promise<CountedRow[]> {
  const isOf = [
    ...(of ? [isOfType(of.type)] : []),
    ...(of?.devId === undefined ? [] : [sql`m.dev_id = ${of.devId}`]),
  ]
  const { rows } = await sql<CountedRow>`
    select width_bucket(m.created_at, ${[...starts]}::timestamptz[]) - 1 as n, coalesce(m.type_key, '') as type, m.dev_id as "devId",
      ${countOf('accepted')} as accepted, ${sumOf(sql`m.receivers`)} as receivers, ${countOf('waiting')} as waiting,
      ${countOf('left')} as left, ${countOf('reached')} as reached, ${countOf('failed')} as failed,
      ${countOf('read')} as read, ${sumOf(sql`f.readers`)} as readers,
      ${countOf('acknowledged')} as acknowledged, ${sumOf(sql`f.acknowledgers`)} as acknowledgers,
      ${countOf('muted')} as muted, ${sumOf(sql`f.muted_people`)} as "mutedPeople",
      ${countOf('expired')} as expired, sum(f.cost)::float8 as cost
    from message m cross join lateral ${partsSummed} s cross join lateral ${factsOfFigures} f
    where ${sql.join([sql`m.corp_id = ${corpId} and m.parent_id is null`, ...isOf], sql` and `)}
      and m.created_at >= ${starts[0]} and m.created_at < ${starts.at(-1)}
    group by 1, 2, 3`.execute(db)
  return rows
}

/** How many receivers the messages of each day have together, by the place of the day in `starts`, which has the end of the last day, too. */
export async function receiversOfDays(
  db: Db,
  corpId: string,
  starts: readonly Date[],
): Promise<Map<number, number>> {
  const { rows } = await sql<{ n: number; receivers: number }>`
    select width_bucket(created_at, ${[...starts]}::timestamptz[]) - 1 as n, sum(receivers)::float8 as receivers from message
    where corp_id = ${corpId} and parent_id is null and created_at >= ${starts[0]} and created_at < ${starts.at(-1)}
    group by 1`.execute(db)
  return new Map(rows.map(({ n, receivers }) => [n, receivers]))
}

export type DueDay = { corpId: string; day: string; timeZone: string }

/** A day is counted again after so long for each of its messages: a day of a million once an hour. */
const msPerMessage = 3.6
export const countedDays = 92

/**
 * Days that are counted now, the newest first: today every five minutes, or less often where there are many messages, and a day that is over
 * when a quarter of the time since its end has passed. A day whose messages may be deleted already keeps what was counted.
 */
export async function dueDays(db: Db, now: Date): Promise<DueDay[]> {
  const { rows } = await sql<DueDay>`
    select corp.corp_id as "corpId", d.day::text as day, corp.time_zone as "timeZone"
    from corp_message_day c join corp on corp.corp_id = c.corp_id
      left join message_settings s on s.corp_id = c.corp_id
      cross join lateral (select (${now} at time zone corp.time_zone)::date as today) t
      cross join lateral (select c.day + shift as day from unnest(array[-1, 0, 1]) as shift
        where shift = 0 or corp.time_zone <> 'Asia/Shanghai') d
      left join message_day_figures f on f.corp_id = c.corp_id and f.day = d.day
    where c.messages > 0 and c.day > (${now}::timestamptz)::date - ${countedDays + 2}::int
      and d.day <= t.today and d.day > t.today - least(${countedDays}::int, coalesce(s.keep_days, ${keepDaysByDefault}::int))
    group by corp.corp_id, d.day, corp.time_zone, f.counted_at, f.time_zone
    having f.counted_at is null or f.time_zone <> corp.time_zone
      or ${now} >= f.counted_at + greatest(interval '5 minutes', interval '1 millisecond' * ${msPerMessage} * sum(c.messages),
        (f.counted_at - ((d.day + 1)::timestamp at time zone corp.time_zone)) / 4)
    order by d.day desc, 1`.execute(db)
  return rows
}

/** How many messages a row of figures counts. */
const acceptedIn = (figures: ReturnType<typeof sql.ref>) =>
  sql`(select coalesce(sum((one ->> 'accepted')::int), 0) from jsonb_array_elements(${figures}) one)`
const [keptFigures, newFigures] = [sql.ref('d.figures'), sql.ref('excluded.figures')]

/**
 * Of two nodes that count a day, the one that began later has the word. A day of which fewer messages are left has lost some by their age,
 * as where a corp keeps messages longer from now on: what was counted while they were there stays.
 */
export async function putDay(
  db: Db,
  { corpId, day, timeZone }: DueDay,
  countedAt: Date,
  rows: readonly CountedRow[],
): Promise<void> {
  const figuresOfDay = JSON.stringify(rows.map(({ n: _n, ...row }) => row))
  await sql`
    insert into message_day_figures as d (corp_id, day, time_zone, counted_at, figures)
    values (${corpId}, ${day}::date, ${timeZone}, ${countedAt}, ${figuresOfDay}::jsonb)
    on conflict (corp_id, day) do update set time_zone = excluded.time_zone, counted_at = excluded.counted_at,
      figures = case when d.time_zone = excluded.time_zone and ${acceptedIn(newFigures)} < ${acceptedIn(keptFigures)}
        then d.figures else excluded.figures end
      where d.counted_at < excluded.counted_at`.execute(db)
}

export type KeptDay = Counts & { day: string; countedAt: Date }

/** What was counted of the days from `from` to before `to`; a day that was never counted is left out, one without messages of the type has zeros. */
export async function keptDays(
  db: Db,
  { corpId, type, devId }: CountScope,
  { from, to }: { from: string; to: string },
): Promise<KeptDay[]> {
  const sums = sql.join(
    counts.map(name => sql`coalesce(sum(row.${sql.ref(name)}), 0)::float8 as ${sql.ref(name)}`),
  )
  const columns = sql.join(counts.map(name => sql`${sql.ref(name)} bigint`))
  const { rows } = await sql<KeptDay>`
    select d.day::text as day, d.counted_at as "countedAt", ${sums}
    from message_day_figures d left join lateral jsonb_to_recordset(d.figures) as row(type text, "devId" text, ${columns})
      on row.type = ${type} and ${devId === undefined ? sql`true` : sql`row."devId" = ${devId}`}
    where d.corp_id = ${corpId} and d.day >= ${from}::date and d.day < ${to}::date
    group by d.corp_id, d.day order by d.day`.execute(db)
  return rows
}

export function pruneFigures(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'message_day_figures', sql`day < ${before}::date`, atMost)
}
