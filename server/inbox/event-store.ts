import { type RawBuilder, sql } from 'kysely'
import { type Language, storedWords, type Words, wordsIn, wordsToStore } from '../http/words.ts'
import { enqueueFrom } from '../queue/queue-store.ts'
import type { Db } from '../storage/db.ts'

/** Whose events they are: the stream of the queue that works on them. */
export type InboxStream = 'directory'

export type NewEvent = {
  corpId: string
  stream: InboxStream
  /** The upstream's name of it. */
  kind: string
  /** What it concerns: events of one entity are applied in the order they came. */
  entity: string
  /** The same for each repetition of one delivery. */
  dedupeKey: string
  payloadHash: string
  raw: string
  plain: string
}

type Delivery = Pick<NewEvent, 'corpId' | 'stream' | 'dedupeKey'>

/** Names a delivery, as `insertEvents` does. */
export function deliveryOf({ corpId, stream, dedupeKey }: Delivery): string {
  return `${corpId} ${stream} ${dedupeKey}`
}

/**
 * Stores events, enqueues the work on them and tells all nodes, in one statement: one round trip and one commit. Answers
 * the deliveries that were new; the others had been stored before.
 */
export async function insertEvents(db: Db, events: NewEvent[], at: Date): Promise<Set<string>> {
  const rows = await sql<{ delivery: string }>`
    with stored as (
      insert into inbox_event (corp_id, stream, source, kind, entity, dedupe_key, payload_hash, raw, plain, received_at,
        next_attempt_at)
      select "corpId", stream, 'callback', kind, entity, "dedupeKey", "payloadHash", raw, plain, ${at}, ${at}
      from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as row("corpId" text, stream text, kind text, entity text,
        "dedupeKey" text, "payloadHash" text, raw text, plain text)
      on conflict do nothing
      returning corp_id, stream, dedupe_key
    ), task as (select distinct corp_id, stream, '' as key from stored order by corp_id, stream
    ), due as (${enqueueFrom(sql`select * from task`, at, 0)}
    ), told as (select pg_notify('wisp_queue', stream || ' ' || corp_id || ' ') from task)
    select corp_id || ' ' || stream || ' ' || dedupe_key as delivery
    from stored, (select count(*) from told) as signals`.execute(db)
  return new Set(rows.rows.map(row => row.delivery))
}

export async function payloadHashOf(
  db: Db,
  { corpId, stream, dedupeKey }: Delivery,
): Promise<string | null | undefined> {
  const row = await db
    .selectFrom('inbox_event')
    .select('payload_hash')
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirst()
  return row?.payload_hash
}

/** `isHint`: anybody may have said it, so what upstreams themselves say goes first. */
export type Reminder = {
  corpId: string
  stream: InboxStream
  kind: string
  entity: string
  isHint: boolean
}

/** One open reminder per entity; a repetition is counted, so that one that comes while it is worked on is not lost. */
export async function putReminder(db: Db, reminder: Reminder, at: Date): Promise<void> {
  const { corpId, stream, kind, entity, isHint } = reminder
  const priority = isHint ? 1 : 0
  await sql`
    with stored as (
      insert into inbox_event (corp_id, stream, source, kind, entity, priority, received_at, next_attempt_at)
      values (${corpId}, ${stream}, 'hint', ${kind}, ${entity}, ${priority}::smallint, ${at}, ${at})
      on conflict (corp_id, stream, entity) where source = 'hint' and state = 'pending'
        do update set hits = inbox_event.hits + 1, priority = least(inbox_event.priority, excluded.priority)
      returning corp_id, stream
    ), due as (${enqueueFrom(sql`select corp_id, stream, '' as key from stored`, at, priority)})
    select pg_notify('wisp_queue', stream || ' ' || corp_id || ' ') from stored`.execute(db)
}

export async function countOpenHints(db: Db, corpId: string, stream: InboxStream): Promise<number> {
  const row = await db
    .selectFrom('inbox_event')
    .select(select => select.fn.countAll<number>().as('n'))
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('source', '=', 'hint')
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return Number(row?.n ?? 0)
}

export type DueEvent = {
  id: number
  source: 'callback' | 'hint' | 'replay'
  changeType: string
  entity: string
  plain: string | null
  hits: number
  attempts: number
  receivedAt: Date
}

/**
 * Open events whose time has come, by priority and then oldest first, and with them the older open ones of the same
 * entities: a newer event brings the news that a delayed one waits for, and per entity the order must hold. Newer ones have
 * their turn next: an inbox of thousands is not read for the first few hundred.
 */
export async function dueEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  now: Date,
  limit: number,
): Promise<DueEvent[]> {
  const rows = await sql<DueEvent>`
    with first as (
      select id, entity from inbox_event
      where corp_id = ${corpId} and stream = ${stream} and state = 'pending' and next_attempt_at <= ${now}
      order by priority, id limit ${limit})
    select id, source, kind as "changeType", entity, plain, hits, attempts, received_at as "receivedAt"
    from inbox_event
    where corp_id = ${corpId} and stream = ${stream} and state = 'pending' and id <= (select max(id) from first)
      and entity in (select entity from first)
    order by id limit ${limit * 4}`.execute(db)
  return rows.rows
}

/** When the next open event is due, or undefined. */
export async function nextDueAt(db: Db, corpId: string, stream: InboxStream): Promise<Date | undefined> {
  const row = await db
    .selectFrom('inbox_event')
    .select(select => select.fn.min('next_attempt_at').as('at'))
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Those that came again while they were worked on stay open. */
export async function finishEvents(
  db: Db,
  corpId: string,
  events: { id: number; hits: number; note?: Words }[],
  at: Date,
): Promise<void> {
  const rows = events.map(({ note, ...one }) => (note ? { ...one, note: wordsToStore(note) } : one))
  await sql`
    update inbox_event e set state = 'done', done_at = ${at}, error = row.note, attempts = e.attempts + 1
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id bigint, hits int, note text)
    where e.corp_id = ${corpId} and e.id = row.id and e.hits = row.hits and e.state = 'pending'`.execute(db)
}

/** Once only: a circle of renames must come to an end. */
export async function reopenRenames(db: Db, corpId: string, entities: string[], at: Date): Promise<void> {
  await sql`
    update inbox_event set state = 'pending', next_attempt_at = ${at}, done_at = null
    where corp_id = ${corpId} and stream = 'directory' and entity = any(${entities}) and state = 'done'
      and attempts = 1 and plain like '%<NewUserID>%'`.execute(db)
}

export async function postponeEvents(
  db: Db,
  corpId: string,
  events: { id: number; at: Date; error: Words | string; attempts: number; parked: boolean }[],
): Promise<void> {
  const rows = events.map(one => ({ ...one, error: wordsToStore(one.error) }))
  await sql`
    update inbox_event e set next_attempt_at = row.at, error = row.error, attempts = row.attempts,
      state = case when row.parked then 'parked' else e.state end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row(id bigint, at timestamptz, error text, attempts int, parked boolean)
    where e.corp_id = ${corpId} and e.id = row.id and e.state = 'pending'`.execute(db)
}

export async function delayEvents(db: Db, corpId: string, events: { id: number; at: Date }[]): Promise<void> {
  await sql`
    update inbox_event e set next_attempt_at = row.at
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as row(id bigint, at timestamptz)
    where e.corp_id = ${corpId} and e.id = row.id and e.state = 'pending'`.execute(db)
}

/** Opens events again, done and parked ones alike. Applying one twice does no harm. */
export async function replayEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  from: number,
  to: number,
  at: Date,
): Promise<number> {
  const rows = await sql`
    update inbox_event set state = 'pending', next_attempt_at = ${at}, attempts = 0, error = null, done_at = null,
      source = case when source = 'hint' then 'replay' else source end, priority = 0
    where corp_id = ${corpId} and stream = ${stream} and id between ${from} and ${to}
    returning id`.execute(db)
  return rows.rows.length
}

export type EventView = {
  id: number
  source: string
  changeType: string
  entity: string
  state: string
  attempts: number
  /** Why it waits or was parked, or what is to be noted of it. */
  error: Words | string | null
  receivedAt: Date
  doneAt: Date | null
}

/** A row as it is stored. */
export function withWords<T extends { error: string | null }>(
  row: T,
): Omit<T, 'error'> & Pick<EventView, 'error'> {
  return { ...row, error: row.error === null ? null : storedWords(row.error) }
}

/** An event as somebody reads it. */
export function eventIn<T extends Pick<EventView, 'error'>>(
  language: Language,
  event: T,
): Omit<T, 'error'> & { error: string | null } {
  return { ...event, error: event.error === null ? null : wordsIn(language, event.error) }
}

export async function recentEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  state: string | undefined,
  limit: number,
): Promise<EventView[]> {
  const rows = await db
    .selectFrom('inbox_event')
    .select([
      'id',
      'source',
      'kind as changeType',
      'entity',
      'state',
      'attempts',
      'error',
      'received_at as receivedAt',
      'done_at as doneAt',
    ])
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .$if(state !== undefined, query => query.where('state', '=', state as 'pending'))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(withWords)
}

export async function eventView(
  db: Db,
  corpId: string,
  stream: InboxStream,
  id: number,
): Promise<(EventView & { raw: string | null; plain: string | null }) | undefined> {
  const row = await db
    .selectFrom('inbox_event')
    .select([
      'id',
      'source',
      'kind as changeType',
      'entity',
      'state',
      'attempts',
      'error',
      'received_at as receivedAt',
      'done_at as doneAt',
      'raw',
      'plain',
    ])
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && withWords(row)
}

export type InboxState = { pending: number; parked: number; oldestPendingAt: Date | null }

export async function inboxState(db: Db, corpId: string, stream: InboxStream): Promise<InboxState> {
  const states = await readStates(db, stream, sql`corp_id = ${corpId}`)
  return states.get(corpId) ?? { pending: 0, parked: 0, oldestPendingAt: null }
}

/** Of all corps in which something waits or is parked. */
export async function inboxStates(db: Db, stream: InboxStream): Promise<Map<string, InboxState>> {
  return readStates(db, stream, sql`true`)
}

async function readStates(
  db: Db,
  stream: InboxStream,
  which: RawBuilder<unknown>,
): Promise<Map<string, InboxState>> {
  // Each half has its index of the few that there are.
  const { rows } = await sql<InboxState & { corpId: string }>`
    select corp_id as "corpId", sum(pending) as pending, sum(parked) as parked, min(oldest) as "oldestPendingAt" from (
      select corp_id, count(*)::int as pending, 0 as parked, min(received_at) as oldest
      from inbox_event where ${which} and stream = ${stream} and state = 'pending' group by corp_id
      union all
      select corp_id, 0, count(*)::int, null from inbox_event
      where ${which} and stream = ${stream} and state = 'parked' group by corp_id
    ) as unfinished group by corp_id`.execute(db)
  return new Map(rows.map(({ corpId, ...state }) => [corpId, state]))
}

export async function lastCallbackAt(db: Db, corpId: string, stream: InboxStream): Promise<Date | undefined> {
  const row = await db
    .selectFrom('inbox_event')
    .select('received_at as at')
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('source', '=', 'callback')
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at
}
