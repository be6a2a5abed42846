import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { UnknownName } from '../../platform/http/mistakes/unknown-names.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteOldestInMonths, deleteOldestOfCorps } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

/** A call that was kept. `ms` is how long it took. */
export type LoggedCall = {
  corpId: string
  requestId: string
  at: Date
  devId: string
  path: string
  method: string
  code: string
  ms: number
  address: string
  params: Record<string, string>
  /** Why it failed, without callers' values, as `wordsToStore` gives it. */
  reason: string
  /** What makes the next such call succeed: `scope message:send`, `path wecom/media/get`, `feature payments`, `token`, `secret`, `limits`, `messages` or ''. */
  mend: string
  unknown: readonly UnknownName[]
  /** What a vendor said to a call that was passed on: `wecom 60011`; '' for all others. */
  upstream: string
  /** How much of what it was asked for was refused, though it succeeded. */
  refused: number
}

export type GapReason = 'pace' | 'memory'

/** Calls of a minute that were not kept. */
export type Gap = {
  corpId: string
  devId: string
  minute: Date
  reason: GapReason
  succeeded: number
  failed: number
}

/** Repeating it is harmless. Leaves out the calls of corps that have been removed since. */
export async function insertCalls(db: Db, calls: readonly LoggedCall[]): Promise<void> {
  await sql`
    insert into call_log (corp_id, request_id, at, dev_id, path, method, code, ms, address, params,
      reason, mend, unknown, upstream, refused)
    select row."corpId", row."requestId", row.at, row."devId", row.path, row.method, row.code, row.ms, row.address, row.params,
      row.reason, row.mend, row.unknown, row.upstream, row.refused
    from jsonb_to_recordset(${JSON.stringify(calls)}::jsonb) as row("corpId" text, "requestId" text, at timestamptz,
        "devId" text, path text, method text, code text, ms real, address text, params jsonb, reason text, mend text, unknown jsonb,
        upstream text, refused integer)
      join corp on corp.corp_id = row."corpId"
    on conflict do nothing`.execute(db)
}

/** All nodes write rows in the same order, so that two of them cannot deadlock. */
export async function addGaps(db: Db, gaps: readonly Gap[]): Promise<void> {
  await sql`
    insert into call_gap (corp_id, dev_id, minute, reason, succeeded, failed)
    select row."corpId", row."devId", row.minute, row.reason, row.succeeded, row.failed
    from jsonb_to_recordset(${JSON.stringify(gaps)}::jsonb) as row("corpId" text, "devId" text, minute timestamptz,
        reason text, succeeded bigint, failed bigint)
      join corp on corp.corp_id = row."corpId"
    order by 1, 2, 3, 4
    on conflict (corp_id, dev_id, minute, reason) do update set
      succeeded = call_gap.succeeded + excluded.succeeded, failed = call_gap.failed + excluded.failed`.execute(
    db,
  )
}

export type Outcome = 'failed' | 'partly' | 'succeeded'

export type CallFilter = {
  corpId: string
  devId?: string | undefined
  path?: string | undefined
  code?: string | undefined
  /** `failed`: all but retCode 0; `partly`: 0, and a part of it was refused; `succeeded`: 0. */
  outcomes?: readonly Outcome[] | undefined
  requestId?: string | undefined
  from: Date
  to?: Date | undefined
}

const columns = [
  'corp_id as corpId',
  'request_id as requestId',
  'at',
  'dev_id as devId',
  'path',
  'method',
  'code',
  'ms',
  'address',
  'params',
  'reason',
  'mend',
  'unknown',
  'upstream',
  'refused',
] as const

// The planner takes an index of some rows only where it reads which these are.
const isOf: Record<Outcome, RawBuilder<SqlBool>> = {
  failed: sql<SqlBool>`code <> '0'`,
  partly: sql<SqlBool>`refused > 0`,
  succeeded: sql<SqlBool>`code = '0'`,
}

function matching(db: Db, { corpId, devId, path, code, outcomes, requestId, from, to }: CallFilter) {
  const isFailure = code !== undefined && code !== '0'
  return db
    .selectFrom('call_log')
    .where('corp_id', '=', corpId)
    .where('at', '>=', from)
    .$if(to !== undefined, only => only.where('at', '<', to!))
    .$if(devId !== undefined, only => only.where('dev_id', '=', devId!))
    .$if(path !== undefined, only => only.where('path', '=', path!))
    .$if(requestId !== undefined, only => only.where('request_id', '=', requestId!))
    .$if(outcomes !== undefined, only =>
      only.where(sql<SqlBool>`(${sql.join(outcomes?.map(one => isOf[one]) ?? [], sql` or `)})`),
    )
    .$if(isFailure, only => only.where(isOf.failed))
    .$if(code !== undefined, only => only.where('code', '=', code!))
}

/** Nobody turns pages beyond these, and counting all would read a whole week's rows. */
export const countedAtMost = 10_000

/** The latest first. `total` is counted up to `countedAtMost`. */
export async function findCalls(
  db: Db,
  filter: CallFilter,
  page: { limit: number; offset: number },
): Promise<{ list: LoggedCall[]; total: number }> {
  const found = matching(db, filter)
  const [list, counted] = await Promise.all([
    found
      .select(columns)
      .orderBy('at', 'desc')
      .orderBy('request_id', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute(),
    db
      .selectFrom(found.select('request_id').limit(countedAtMost).as('some'))
      .select(select => select.fn.countAll<number>().as('n'))
      .executeTakeFirst(),
  ])
  return { list, total: Number(counted?.n ?? 0) }
}

const chunk = 1000

/** The latest first, a chunk at a time. */
export async function* allCalls(db: Db, filter: CallFilter): AsyncGenerator<LoggedCall[]> {
  let last: LoggedCall | undefined
  for (;;) {
    const rows: LoggedCall[] = await matching(db, filter)
      .$if(last !== undefined, only =>
        only
          .where('at', '<=', last!.at)
          .where(sql<boolean>`(at, request_id) < (${last!.at}::timestamptz, ${last!.requestId})`),
      )
      .select(columns)
      .orderBy('at', 'desc')
      .orderBy('request_id', 'desc')
      .limit(chunk)
      .execute()
    if (rows.length > 0) yield rows
    last = rows.at(-1)
    if (rows.length < chunk) return
  }
}

/** Minutes in which calls were not kept, the latest first. */
export async function findGaps(
  db: Db,
  of: { corpId: string; devId?: string | undefined; from: Date; to?: Date | undefined },
  limit: number,
): Promise<Omit<Gap, 'corpId' | 'devId'>[]> {
  return db
    .selectFrom('call_gap')
    .where('corp_id', '=', of.corpId)
    .where('minute', '>=', of.from)
    .$if(of.to !== undefined, only => only.where('minute', '<=', of.to!))
    .$if(of.devId !== undefined, only => only.where('dev_id', '=', of.devId!))
    .select(select => [
      'minute',
      'reason',
      select.fn.sum<number>('succeeded').as('succeeded'),
      select.fn.sum<number>('failed').as('failed'),
    ])
    .groupBy(['minute', 'reason'])
    .orderBy('minute', 'desc')
    .orderBy('reason')
    .limit(limit)
    .execute()
}

/** Uses each corp's own number of days instead of `before`. */
export async function pruneCalls(db: Db, order: PruneOrder): Promise<number> {
  const isOld = sql`old.at < ${order.now}::timestamptz - make_interval(days => corp.request_log_days)`
  return deleteOldestInMonths(db, 'call_log', isOld, 'at', order)
}

export async function pruneGaps(db: Db, { now, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`old.minute < ${now}::timestamptz - make_interval(days => corp.request_log_days)`
  return deleteOldestOfCorps(db, 'call_gap', isOld, 'minute', atMost)
}

/** Jumps from one path to the next in the index, because reading all rows of a week would take seconds. */
export async function loggedPaths(db: Db, corpId: string, since: Date): Promise<string[]> {
  const result = await sql<{ path: string }>`
    with recursive known as (
      (select path from call_log where corp_id = ${corpId} and at >= ${since} order by path limit 1)
      union all
      select (select path from call_log where corp_id = ${corpId} and at >= ${since} and path > known.path
        order by path limit 1)
      from known where known.path is not null)
    select path from known where path is not null`.execute(db)
  return result.rows.map(row => row.path)
}
