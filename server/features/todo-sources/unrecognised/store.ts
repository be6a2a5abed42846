import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Reason } from '../reason.ts'
import type { Item } from '../receive/values.ts'

export type UnrecognisedItem = {
  corpId: string
  id: number
  sourceId: string
  call: string
  /** Null where the body could not even be read. */
  item: Item | null
  body: string
  reason: Reason
  about: string
  flow: string
  times: number
  firstAt: Date
  lastAt: Date
}

export type NewUnrecognisedItem = Pick<
  UnrecognisedItem,
  'corpId' | 'sourceId' | 'call' | 'item' | 'body' | 'reason' | 'about' | 'flow'
> & { print: string }

/** What only waits for its to-do has a bound of its own, so that it keeps nothing else out. */
export const keptAtMost = 10_000

/** Keeps it, or counts it where the very same is kept. Returns false when there is no more room. */
export async function putUnrecognised(tx: Db, row: NewUnrecognisedItem, at: Date): Promise<boolean> {
  const { corpId, sourceId, call, item, body, reason, about, flow, print } = row
  const waits = reason === 'noTodo'
  const { rows } = await sql`
    insert into todo_unrecognised as t (corp_id, source_id, call, item, body, reason, about, flow, print, first_at, last_at)
    select ${corpId}, ${sourceId}, ${call}, ${item === null ? null : JSON.stringify(item)}::jsonb, ${body}, ${reason},
      ${about}, ${flow}, ${print}, ${at}, ${at}
    where exists (select from todo_unrecognised
        where corp_id = ${corpId} and source_id = ${sourceId} and print = ${print})
      or (select count(*) from (select from todo_unrecognised
        where corp_id = ${corpId} and source_id = ${sourceId} and (reason = 'noTodo') = ${waits}
        limit ${keptAtMost}) kept) < ${keptAtMost}
    on conflict (corp_id, source_id, print) do update set times = t.times + 1, last_at = excluded.last_at,
      reason = excluded.reason, about = excluded.about
    returning 1`.execute(tx)
  return rows.length > 0
}

const columns = sql`corp_id as "corpId", id, source_id as "sourceId", call, item, body, reason, about, flow, times,
  first_at as "firstAt", last_at as "lastAt"`

/** Returns the pushes that wait for a to-do of this flow, in the order in which they came. */
export async function waitingOfFlow(
  tx: Db,
  corpId: string,
  sourceId: string,
  flow: string,
): Promise<UnrecognisedItem[]> {
  const { rows } = await sql<UnrecognisedItem>`
    select ${columns} from todo_unrecognised
    where corp_id = ${corpId} and source_id = ${sourceId} and flow = ${flow} and flow <> '' and reason = 'noTodo'
    order by first_at, id for update`.execute(tx)
  return rows
}

export async function lockUnrecognised(
  tx: Db,
  corpId: string,
  id: number,
): Promise<UnrecognisedItem | undefined> {
  const { rows } = await sql<UnrecognisedItem>`
    select ${columns} from todo_unrecognised where corp_id = ${corpId} and id = ${id} for update`.execute(tx)
  return rows[0]
}

export async function findUnrecognised(
  db: Db,
  corpId: string,
  id: number,
): Promise<UnrecognisedItem | undefined> {
  const { rows } = await sql<UnrecognisedItem>`
    select ${columns} from todo_unrecognised where corp_id = ${corpId} and id = ${id}`.execute(db)
  return rows[0]
}

/** It is still not understood, for whatever reason that is now. */
export async function noteStill(
  tx: Db,
  corpId: string,
  id: number,
  { reason, about, flow }: Pick<UnrecognisedItem, 'reason' | 'about' | 'flow'>,
): Promise<void> {
  await sql`update todo_unrecognised set reason = ${reason}, about = ${about}, flow = ${flow}
    where corp_id = ${corpId} and id = ${id}`.execute(tx)
}

export async function deleteUnrecognised(db: Db, corpId: string, ids: readonly number[]): Promise<number> {
  const result = await sql`
    delete from todo_unrecognised where corp_id = ${corpId} and id = any(${[...ids]}::bigint[])`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/** The same has been understood now. */
export async function deletePrints(
  tx: Db,
  corpId: string,
  sourceId: string,
  prints: readonly string[],
): Promise<void> {
  await sql`delete from todo_unrecognised
    where corp_id = ${corpId} and source_id = ${sourceId} and print = any(${[...prints]}::text[])`.execute(tx)
}

export type UnrecognisedFilter = {
  sourceId: string | undefined
  reason: readonly Reason[] | undefined
  /** Part of who or what, or of what was sent. */
  words: string
  /** Without those that only wait for their to-do. */
  isWithoutWaiting: boolean
}

function matching(corpId: string, { sourceId, reason, words, isWithoutWaiting }: UnrecognisedFilter) {
  const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  return sql`corp_id = ${corpId}
    ${sourceId === undefined ? sql`` : sql`and source_id = ${sourceId}`}
    ${reason === undefined ? sql`` : sql`and reason = any(${reason}::text[])`}
    ${isWithoutWaiting && reason === undefined ? sql`and reason <> 'noTodo'` : sql``}
    ${words === '' ? sql`` : sql`and (about ilike ${like} or item::text ilike ${like} or body ilike ${like})`}`
}

export async function listUnrecognised(
  db: Db,
  corpId: string,
  filter: UnrecognisedFilter,
  page: { limit: number; offset: number },
): Promise<{ list: UnrecognisedItem[]; total: number }> {
  const [list, counted] = await Promise.all([
    sql<UnrecognisedItem>`
      select ${columns} from todo_unrecognised where ${matching(corpId, filter)}
      order by last_at desc, id desc limit ${page.limit} offset ${page.offset}`.execute(db),
    sql<{ n: number }>`
      select count(*)::int as n from todo_unrecognised where ${matching(corpId, filter)}`.execute(db),
  ])
  return { list: list.rows, total: counted.rows[0]?.n ?? 0 }
}

/** Oldest first: what came first is replayed first. `after` is the last one of the page before. */
export async function idsOfUnrecognised(
  db: Db,
  corpId: string,
  filter: UnrecognisedFilter,
  after: { firstAt: Date; id: number } | undefined,
  limit: number,
): Promise<{ id: number; firstAt: Date }[]> {
  const { rows } = await sql<{ id: number; firstAt: Date }>`
    select id, first_at as "firstAt" from todo_unrecognised where ${matching(corpId, filter)}
      ${after ? sql`and (first_at, id) > (${after.firstAt}::timestamptz, ${after.id}::bigint)` : sql``}
    order by first_at, id limit ${limit}`.execute(db)
  return rows
}

/** How many are kept of each source, and how many of those only wait for their to-do. */
export async function countsOfSources(
  db: Db,
  corpId: string,
): Promise<Map<string, { kept: number; waiting: number }>> {
  const { rows } = await sql<{ sourceId: string; kept: number; waiting: number }>`
    select source_id as "sourceId", count(*) filter (where reason <> 'noTodo')::int as kept,
      count(*) filter (where reason = 'noTodo')::int as waiting
    from todo_unrecognised where corp_id = ${corpId} group by source_id`.execute(db)
  return new Map(rows.map(({ sourceId, ...counts }) => [sourceId, counts]))
}

/** Of all corps: sources that sent since then what was not understood, how often, and the commonest reason. */
export async function sourcesNotUnderstood(
  db: Db,
  since: Date,
): Promise<{ corpId: string; sourceId: string; name: string; times: number; reason: string }[]> {
  const { rows } = await sql<{
    corpId: string
    sourceId: string
    name: string
    times: number
    reason: string
  }>`
    select u.corp_id as "corpId", u.source_id as "sourceId", s.name, sum(u.times)::int as times,
      mode() within group (order by u.reason) as reason
    from corp c join todo_unrecognised u on u.corp_id = c.corp_id and u.last_at >= ${since} and u.reason <> 'noTodo'
      join todo_source s on s.corp_id = u.corp_id and s.id = u.source_id and s.enabled
    group by u.corp_id, u.source_id, s.name`.execute(db)
  return rows
}

export async function pruneUnrecognised(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'todo_unrecognised', sql`old.last_at < ${before}`, 'last_at', atMost)
}
