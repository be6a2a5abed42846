import { type RawBuilder, sql } from 'kysely'
import type { PushOwner } from '../http/upstream-push.ts'
import { enqueueFrom } from '../queue/queue-store.ts'
import type { Db } from '../storage/db.ts'
import { type Language, storedWords, type Words, wordsIn, wordsToStore } from '../words.ts'

/** The queue stream that processes these events. */
export type InboxStream = PushOwner['stream']

export type NewEvent = {
  corpId: string
  stream: InboxStream
  /** The kind of event, as the upstream calls it. */
  kind: string
  /** What the event is about. Events of one entity are applied in the order they arrived. */
  entity: string
  /** Identical for every repetition of one delivery. */
  dedupeKey: string
  payloadHash: string
  raw: string
  plain: string
  /** The official account, merchant or agent that was meant. Each has a task of its own in the queue. */
  account?: string
  /**
   * What to answer, decided when the event is written, because it may have waited until the upstream lost patience. Stored
   * with it, and given again when the delivery is repeated.
   */
  answer?: () => object
}

type Delivery = Pick<NewEvent, 'corpId' | 'stream' | 'dedupeKey'>

/** Names a delivery in the same format as the results of `insertEvents`. */
export function deliveryOf({ corpId, stream, dedupeKey }: Delivery): string {
  return `${corpId} ${stream} ${dedupeKey}`
}

/**
 * Stores events, enqueues their processing and notifies all nodes, all in one statement to save round trips. Returns the
 * deliveries that were new; the others had been stored before.
 */
export async function insertEvents(db: Db, events: NewEvent[], at: Date): Promise<Set<string>> {
  const given = events.map(({ account = '', answer, ...event }) => ({
    ...event,
    account,
    answer: answer?.(),
  }))
  const rows = await sql<{ delivery: string }>`
    with stored as (
      insert into inbox_event (corp_id, stream, source, kind, entity, dedupe_key, payload_hash, raw, plain, account,
        answer, received_at, next_attempt_at)
      select "corpId", stream, 'callback', kind, entity, "dedupeKey", "payloadHash", raw, plain, account, answer,
        ${at}, ${at}
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as row("corpId" text, stream text, kind text, entity text,
        "dedupeKey" text, "payloadHash" text, raw text, plain text, account text, answer jsonb)
      on conflict do nothing
      returning corp_id, stream, dedupe_key, account
    ), task as (select distinct corp_id, stream, account as key from stored order by corp_id, stream, key
    ), due as (${enqueueFrom(sql`select * from task`, at, 0)}
    ), told as (select pg_notify('wisp_queue', stream || ' ' || corp_id || ' ' || key) from task)
    select corp_id || ' ' || stream || ' ' || dedupe_key as delivery
    from stored, (select count(*) from told) as signals`.execute(db)
  return new Set(rows.rows.map(row => row.delivery))
}

/** Returns what is stored of a delivery. */
export async function deliveryStored(
  db: Db,
  { corpId, stream, dedupeKey }: Delivery,
): Promise<{ payloadHash: string | null; answer: unknown } | undefined> {
  return db
    .selectFrom('inbox_event')
    .select(['payload_hash as payloadHash', 'answer'])
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirst()
}

/** `isHint`: anybody could have sent it, so it gets a lower priority than what upstreams themselves report. */
export type Reminder = {
  corpId: string
  stream: InboxStream
  kind: string
  entity: string
  isHint: boolean
}

/**
 * Keeps one open reminder per entity. Repetitions are counted in `hits`, so that one that arrives during processing is not
 * lost.
 */
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
  answer: unknown
}

/** The events of one task: a corp's stream, and in it an official account. */
export type Box = { corpId: string; stream: InboxStream; account?: string }

/**
 * Returns open events that are due, by priority and then oldest first, together with older open events of the same
 * entities: they need not wait for their retry any longer, and the order within an entity must hold. Events newer than
 * these are left for the next call, so that an inbox of thousands is not read in full to process a few hundred.
 */
export async function dueEvents(
  db: Db,
  { corpId, stream, account = '' }: Box,
  now: Date,
  limit: number,
): Promise<DueEvent[]> {
  const rows = await sql<DueEvent>`
    with first as (
      select id, entity from inbox_event
      where corp_id = ${corpId} and stream = ${stream} and account = ${account} and state = 'pending'
        and next_attempt_at <= ${now}
      order by priority, id limit ${limit})
    select id, source, kind as "changeType", entity, plain, hits, attempts, received_at as "receivedAt", answer
    from inbox_event
    where corp_id = ${corpId} and stream = ${stream} and account = ${account} and state = 'pending'
      and id <= (select max(id) from first)
      and entity in (select entity from first)
    order by id limit ${limit * 4}`.execute(db)
  return rows.rows
}

/** Returns when the next open event is due, or undefined when none is open. */
export async function nextDueAt(db: Db, { corpId, stream, account = '' }: Box): Promise<Date | undefined> {
  const row = await db
    .selectFrom('inbox_event')
    .select(select => select.fn.min('next_attempt_at').as('at'))
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('account', '=', account)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Marks events as done, except those that were repeated during processing (`hits` has changed): they stay open. */
export async function finishEvents(
  db: Db,
  corpId: string,
  events: readonly { id: number; hits: number; note?: Words }[],
  at: Date,
): Promise<void> {
  const rows = events.map(({ id, hits, note }) => ({ id, hits, note: note && wordsToStore(note) }))
  await sql`
    update inbox_event e set state = 'done', done_at = ${at}, error = row.note, attempts = e.attempts + 1
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id bigint, hits int, note text)
    where e.corp_id = ${corpId} and e.id = row.id and e.hits = row.hits and e.state = 'pending'`.execute(db)
}

/** Reopens renames only once (`attempts = 1`), so that a cycle of renames comes to an end. */
export async function reopenRenames(db: Db, corpId: string, entities: string[], at: Date): Promise<void> {
  await sql`
    update inbox_event set state = 'pending', next_attempt_at = ${at}, done_at = null
    where corp_id = ${corpId} and stream = 'directory' and entity = any(${entities}) and state = 'done'
      and attempts = 1 and plain like '%<NewUserID>%'`.execute(db)
}

export type Postponement = { id: number; at: Date; error: Words | string; attempts: number; parked: boolean }

/** `postpone.ts` also makes sure that people are told of what is parked. */
export async function postponeEvents(db: Db, corpId: string, events: Postponement[]): Promise<void> {
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

export type EventView = {
  id: number
  source: string
  changeType: string
  entity: string
  state: string
  attempts: number
  /** Why the event waits or was parked, or a note about how it was applied. */
  error: Words | string | null
  receivedAt: Date
  doneAt: Date | null
}

/** Turns the stored error of a row into words. */
export function withWords<T extends { error: string | null }>(
  row: T,
): Omit<T, 'error'> & Pick<EventView, 'error'> {
  return { ...row, error: row.error === null ? null : storedWords(row.error) }
}

/** Renders the event's error in the reader's language. */
export function eventIn<T extends Pick<EventView, 'error'>>(
  language: Language,
  event: T,
): Omit<T, 'error'> & { error: string | null } {
  return { ...event, error: event.error === null ? null : wordsIn(language, event.error) }
}

export const eventColumns = [
  'id',
  'source',
  'kind as changeType',
  'entity',
  'state',
  'attempts',
  'error',
  'received_at as receivedAt',
  'done_at as doneAt',
] as const

export async function recentEvents(
  db: Db,
  corpId: string,
  stream: InboxStream,
  state: string | undefined,
  limit: number,
): Promise<EventView[]> {
  const rows = await db
    .selectFrom('inbox_event')
    .select(eventColumns)
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
    .select([...eventColumns, 'raw', 'plain'])
    .where('corp_id', '=', corpId)
    .where('stream', '=', stream)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && withWords(row)
}

export type InboxState = {
  pending: number
  parked: number
  oldestPendingAt: Date | null
  oldestParkedAt: Date | null
}

export async function inboxState(db: Db, corpId: string, stream: InboxStream): Promise<InboxState> {
  const states = await readStates(db, stream, sql`corp_id = ${corpId}`)
  return states.get(corpId) ?? { pending: 0, parked: 0, oldestPendingAt: null, oldestParkedAt: null }
}

/** The state of every corp, or of these, that has waiting or parked events. */
export async function inboxStates(
  db: Db,
  stream: InboxStream,
  corpIds?: readonly string[],
): Promise<Map<string, InboxState>> {
  return readStates(db, stream, corpIds === undefined ? sql`true` : sql`corp_id = any(${corpIds})`)
}

async function readStates(
  db: Db,
  stream: InboxStream,
  which: RawBuilder<unknown>,
): Promise<Map<string, InboxState>> {
  // Each half has a small index of its own.
  const { rows } = await sql<InboxState & { corpId: string }>`
    select corp_id as "corpId", sum(pending) as pending, sum(parked) as parked,
      min(oldest) as "oldestPendingAt", min(stopped) as "oldestParkedAt" from (
      select corp_id, count(*)::int as pending, 0 as parked, min(received_at) as oldest,
        null::timestamptz as stopped
      from inbox_event where ${which} and stream = ${stream} and state = 'pending' group by corp_id
      union all
      select corp_id, 0, count(*)::int, null, min(received_at) from inbox_event
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
