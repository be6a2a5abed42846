import { type SqlBool, sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { time } from '../http/output.ts'
import type { Db } from '../storage/db.ts'
import type { Language } from '../words.ts'
import { type EventView, eventColumns, type InboxStream, withWords } from './event-store.ts'

export const eventStates = ['pending', 'done', 'parked'] as const
export const eventSources = ['callback', 'hint', 'replay'] as const

/**
 * Selects events of a corp. `text` is searched in the entity, in the plain text, and in the error as worded in `language`.
 */
export type EventFilter = {
  state?: readonly (typeof eventStates)[number][] | undefined
  source?: readonly (typeof eventSources)[number][] | undefined
  changeType?: string | undefined
  /** The original id of an official account. */
  account?: string | undefined
  entity?: string | undefined
  text?: { sought: string; language: Language } | undefined
  from?: Date | undefined
  to?: Date | undefined
  fromId?: number | undefined
  /** Excludes events newer than this id, so that exactly the events that were counted are affected. */
  upTo?: number | undefined
  ids?: number[] | undefined
}

export const eventRowSchema = Type.Object({
  id: Type.Number(),
  source: Type.Enum(['callback', 'hint', 'replay']),
  changeType: Type.String(),
  entity: Type.String(),
  state: Type.Enum(['pending', 'done', 'parked']),
  attempts: Type.Number(),
  /** How often a hint was repeated while it waited. */
  hits: Type.Number(),
  error: Type.Union([Type.String(), Type.Null()]),
  receivedAt: time,
  nextAttemptAt: time,
  doneAt: Type.Union([time, Type.Null()]),
})
export type EventRow = Static<typeof eventRowSchema>

type StoredEvent = Omit<EventRow, 'error'> & Pick<EventView, 'error'>

export const eventOrders = ['id', 'changeType', 'entity', 'state', 'attempts', 'doneAt'] as const
export type EventOrder = { by: (typeof eventOrders)[number]; descending: boolean }

const columnOf = {
  id: 'id',
  changeType: 'kind',
  entity: 'entity',
  state: 'state',
  attempts: 'attempts',
  doneAt: 'done_at',
} as const

/** Does in SQL what `storedWords` does in code. */
function errorIn(language: Language) {
  return sql`case when error like '{"zh":%' then error::jsonb ->> ${language}::text else error end`
}

function matching(corpId: string, stream: InboxStream, filter: EventFilter) {
  const { state, source, changeType, account, entity, text, from, to, fromId, upTo, ids } = filter
  const like = (given: string) => `%${given.replace(/[\\%_]/g, found => `\\${found}`)}%`
  const conditions = [
    sql<SqlBool>`corp_id = ${corpId} and stream = ${stream}`,
    ...(state ? [sql<SqlBool>`state = any(${state}::text[])`] : []),
    ...(source ? [sql<SqlBool>`source = any(${source}::text[])`] : []),
    ...(changeType ? [sql<SqlBool>`kind = ${changeType}`] : []),
    ...(account === undefined ? [] : [sql<SqlBool>`account = ${account}`]),
    ...(entity ? [sql<SqlBool>`entity ilike ${like(entity)}`] : []),
    ...(text
      ? [
          sql<SqlBool>`(entity ilike ${like(text.sought)} or plain ilike ${like(text.sought)}
            or ${errorIn(text.language)} ilike ${like(text.sought)})`,
        ]
      : []),
    ...(from ? [sql<SqlBool>`received_at >= ${from}`] : []),
    ...(to ? [sql<SqlBool>`received_at < ${to}`] : []),
    ...(fromId === undefined ? [] : [sql<SqlBool>`id >= ${fromId}`]),
    ...(upTo === undefined ? [] : [sql<SqlBool>`id <= ${upTo}`]),
    ...(ids ? [sql<SqlBool>`id = any(${ids}::bigint[])`] : []),
  ]
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

export async function pageEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  filter: EventFilter,
  order: EventOrder,
  page: { limit: number; offset: number },
): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('inbox_event')
    .select([...eventColumns, 'hits', 'next_attempt_at as nextAttemptAt'])
    .where(matching(corpId, stream, filter))
    .orderBy(columnOf[order.by], by => (order.descending ? by.desc() : by.asc()).nullsLast())
    .orderBy('id', order.descending ? 'desc' : 'asc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(withWords)
}

const chunk = 1000

/** All matching events in the order of their ids, a thousand at a time, without those that came after the first page. */
export async function* allEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  filter: EventFilter,
  descending: boolean,
): AsyncGenerator<StoredEvent[]> {
  const { lastId } = await countEvents(db, corpId, stream, filter)
  let range: Pick<EventFilter, 'fromId' | 'upTo'> = { upTo: lastId }
  for (;;) {
    const order = { by: 'id', descending } as const
    const rows = await pageEvents(db, corpId, stream, { ...filter, ...range }, order, {
      limit: chunk,
      offset: 0,
    })
    if (rows.length > 0) yield rows
    const last = rows.at(-1)?.id
    if (last === undefined || rows.length < chunk) return
    range = descending ? { upTo: last - 1 } : { fromId: last + 1, upTo: lastId }
  }
}

/** Counts the matching events; `lastId` is the newest one's id. */
export async function countEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  filter: EventFilter,
): Promise<{ total: number; lastId: number }> {
  const rows = await sql<{ total: number; last: number | null }>`
    select count(*) as total, max(id) as last from inbox_event where ${matching(corpId, stream, filter)}`.execute(
    db,
  )
  const row = rows.rows[0]
  return { total: Number(row?.total ?? 0), lastId: Number(row?.last ?? 0) }
}

const recentAtMost = 20_000

/** The kinds that occur in the newest of the matching events, as choices for the filter. */
export async function changeTypes(
  db: Db,
  corpId: string,
  stream: InboxStream,
  filter: Pick<EventFilter, 'account'> = {},
): Promise<string[]> {
  const rows = await sql<{ type: string }>`
    select distinct type from (
      select kind as type from inbox_event where ${matching(corpId, stream, filter)}
      order by id desc limit ${recentAtMost}) as recent order by 1`.execute(db)
  return rows.rows.map(row => row.type)
}

/**
 * Reopens events, including finished and parked ones, and returns how many. This is safe, because applying an event twice
 * does no harm.
 */
export async function reopenEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  filter: EventFilter,
  at: Date,
): Promise<number> {
  const rows = await sql`
    update inbox_event set state = 'pending', next_attempt_at = ${at}, attempts = 0, error = null, done_at = null,
      replayed_at = ${at},
      source = case when source = 'hint' then 'replay' else source end, priority = 0
    where ${matching(corpId, stream, filter)}
    returning id`.execute(db)
  return rows.rows.length
}
