import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** What the database orders corps by. */
export const figureOrders = [
  'members',
  'departments',
  'developers',
  'callsToday',
  'calls',
  'messagesToday',
  'messages',
  'lastSync',
] as const
export type FigureOrder = (typeof figureOrders)[number]

export type Page = { limit: number; offset: number }

/** For each corp c one row of o, with `value`; corps without one count as 0. */
function figureOf(by: FigureOrder, { sinceDay, today }: Days): RawBuilder<unknown> {
  const sums = (
    table: 'corp_call_day' | 'corp_message_day',
    column: 'calls' | 'messages',
    since: string,
  ) => sql`
    (select corp_id, sum(${sql.ref(column)}) as value from ${sql.table(table)} where day >= ${since}::date
      group by corp_id) o on o.corp_id = c.corp_id`
  switch (by) {
    case 'members':
      return sql`(select corp_id, listed as value from directory_feed) o on o.corp_id = c.corp_id`
    case 'departments':
      return sql`(select corp_id, departments as value from directory_feed) o on o.corp_id = c.corp_id`
    case 'developers':
      return sql`(select corp_id, count(*) as value from developer where enabled group by corp_id) o
        on o.corp_id = c.corp_id`
    case 'callsToday':
      return sums('corp_call_day', 'calls', today)
    case 'calls':
      return sums('corp_call_day', 'calls', sinceDay)
    case 'messagesToday':
      return sums('corp_message_day', 'messages', today)
    case 'messages':
      return sums('corp_message_day', 'messages', sinceDay)
    case 'lastSync':
      return sql`lateral (select extract(epoch from coalesce(finished_at, updated_at)) as value from sync_run r
        where r.corp_id = c.corp_id and kind <> 'dry-run' and state not in ('waiting', 'running')
        order by id desc limit 1) o on true`
  }
}

type Days = { sinceDay: string; today: string }

/** The ids of all corps, or of these, by a figure; those that are equal in the order in which they were connected. */
export async function corpsByFigure(
  db: Db,
  asked: {
    by: FigureOrder
    descending: boolean
    corpIds: readonly string[] | undefined
    page: Page | undefined
  },
  days: Days,
): Promise<string[]> {
  const { by, descending, corpIds, page } = asked
  const which = corpIds === undefined ? sql`true` : sql`c.corp_id = any(${corpIds})`
  const direction = descending ? sql`desc` : sql`asc`
  const part = page ? sql`limit ${page.limit} offset ${page.offset}` : sql``
  const { rows } = await sql<{ corpId: string }>`
    select c.corp_id as "corpId" from corp c left join ${figureOf(by, days)}
    where ${which} order by coalesce(o.value, 0) ${direction}, c.created_at, c.corp_id ${part}`.execute(db)
  return rows.map(row => row.corpId)
}
