import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { isHeld, type Lease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Language, storedWords, type Words, wordsIn, wordsToStore } from '../../../platform/words.ts'
import type { Drift } from './drift.ts'

export type RunKind = 'full' | 'reconcile' | 'dry-run'
export type RunState = 'waiting' | 'running' | 'approval' | 'done' | 'failed' | 'cancelled'

/** How far a run has come; it can be read at any time. */
export type Progress = { pagesDone: number; pagesTotal: number; members: number; applied: number }
/** How many writes a run has made or, as a dry run, would make. */
export const countsSchema = Type.Object({
  member: Type.Object({
    put: Type.Number(),
    drop: Type.Number(),
  }),
  department: Type.Object({
    put: Type.Number(),
    drop: Type.Number(),
  }),
  tag: Type.Object({
    put: Type.Number(),
    drop: Type.Number(),
  }),
})
export type Counts = Static<typeof countsSchema>

export type Run = {
  id: number
  corpId: string
  kind: RunKind
  state: RunState
  phase: Words | string
  requestedBy: string
  progress: Partial<Progress>
  counts: Partial<Counts>
  problems: (Words | string)[]
  error: Words | string | null
  approved: boolean
  /** Whether the mirror was empty when the run began. */
  first: boolean
  createdAt: Date
  startedAt: Date | null
  updatedAt: Date
  finishedAt: Date | null
}

/** A run with its texts in the reader's language. */
export type RunText = Omit<Run, 'phase' | 'problems' | 'error'> & {
  phase: string
  problems: string[]
  error: string | null
}

export function runIn(language: Language, run: Run): RunText {
  return {
    ...run,
    phase: wordsIn(language, run.phase),
    problems: run.problems.map(one => wordsIn(language, one)),
    error: run.error === null ? null : wordsIn(language, run.error),
  }
}

const openStates = ['waiting', 'running'] as const

const runColumns = [
  'id',
  'corp_id as corpId',
  'kind',
  'state',
  'phase',
  'requested_by as requestedBy',
  'progress',
  'counts',
  'problems',
  'error',
  'approved',
  'first',
  'created_at as createdAt',
  'started_at as startedAt',
  'updated_at as updatedAt',
  'finished_at as finishedAt',
] as const

function toRun(row: unknown): Run {
  const run = row as RunText
  return {
    ...run,
    phase: storedWords(run.phase),
    problems: run.problems.map(storedWords),
    error: run.error === null ? null : storedWords(run.error),
  }
}

/** Returns the id of the new run, or of the one that is already open. */
export async function requestRun(
  db: Db,
  request: { corpId: string; kind: RunKind; requestedBy: string },
  at: Date,
): Promise<number> {
  const row = await db
    .insertInto('sync_run')
    .values({
      corp_id: request.corpId,
      kind: request.kind,
      requested_by: request.requestedBy,
      state: 'waiting',
      created_at: at,
      updated_at: at,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? (await openRun(db, request.corpId))?.id ?? 0
}

export async function openRun(db: Db, corpId: string): Promise<Run | undefined> {
  const row = await db
    .selectFrom('sync_run')
    .select(runColumns)
    .where('corp_id', '=', corpId)
    .where('state', 'in', openStates)
    .executeTakeFirst()
  return row && toRun(row)
}

export async function findRun(db: Db, corpId: string, id: number): Promise<Run | undefined> {
  const row = await db
    .selectFrom('sync_run')
    .select(runColumns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toRun(row)
}

export async function recentRuns(db: Db, corpId: string, limit: number): Promise<Run[]> {
  const rows = await db
    .selectFrom('sync_run')
    .select(runColumns)
    .where('corp_id', '=', corpId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toRun)
}

export type RunFilter = { kind?: readonly RunKind[] | undefined; state?: readonly RunState[] | undefined }

/** Lists runs, newest first. */
export async function pageRuns(
  db: Db,
  corpId: string,
  filter: RunFilter,
  page: { limit: number; offset: number },
): Promise<{ list: Run[]; total: number }> {
  const { kind, state } = filter
  const found = db
    .selectFrom('sync_run')
    .where('corp_id', '=', corpId)
    .$if(kind !== undefined, query => query.where('kind', 'in', kind ?? []))
    .$if(state !== undefined, query => query.where('state', 'in', state ?? []))
  const counted = await found.select(select => select.fn.countAll<number>().as('n')).executeTakeFirst()
  const rows = await found
    .select(runColumns)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { list: rows.map(toRun), total: Number(counted?.n ?? 0) }
}

/** Cancels a run. Returns false when it has already ended. */
export async function cancelRun(db: Db, corpId: string, id: number, why: Words, at: Date): Promise<boolean> {
  const row = await db
    .updateTable('sync_run')
    .set({ state: 'cancelled', error: wordsToStore(why), finished_at: at, updated_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('state', 'in', [...openStates, 'approval'])
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export type RunChange = Partial<
  Pick<Run, 'state' | 'phase' | 'error' | 'approved' | 'first' | 'startedAt' | 'finishedAt'>
> & {
  progress?: Progress
  counts?: Counts
  /** In stored form. */
  problems?: string[]
}

export async function updateRun(db: Db, id: number, change: RunChange, at: Date): Promise<void> {
  await changeRun(db, id, change, at).execute()
}

/** Returns false and changes nothing when the run has ended, since somebody may cancel it at any moment. */
export async function updateOpenRun(db: Db, id: number, change: RunChange, at: Date): Promise<boolean> {
  const row = await changeRun(db, id, change, at)
    .where('state', 'in', openStates)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

function changeRun(db: Pick<Db, 'updateTable'>, id: number, change: RunChange, at: Date) {
  return db
    .updateTable('sync_run')
    .set({
      updated_at: at,
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.phase === undefined ? {} : { phase: wordsToStore(change.phase) }),
      ...(change.error === undefined ? {} : { error: change.error && wordsToStore(change.error) }),
      ...(change.approved === undefined ? {} : { approved: change.approved }),
      ...(change.first === undefined ? {} : { first: change.first }),
      ...(change.startedAt === undefined ? {} : { started_at: change.startedAt }),
      ...(change.finishedAt === undefined ? {} : { finished_at: change.finishedAt }),
      ...(change.progress === undefined ? {} : { progress: JSON.stringify(change.progress) }),
      ...(change.counts === undefined ? {} : { counts: JSON.stringify(change.counts) }),
      ...(change.problems === undefined ? {} : { problems: JSON.stringify(change.problems) }),
    })
    .where('id', '=', id)
}

export type Page = { page: string; userKeys: string[] }

/**
 * Notes a run's progress and the pages that are now applied. Call it in the transaction that applies them.
 * @throws LeaseLost
 */
export async function noteProgress(
  db: Db,
  lease: Lease,
  id: number,
  change: RunChange,
  pages: readonly Page[],
  at: Date,
): Promise<void> {
  const rows = sql`
    select ${id}::bigint, page, "userKeys"
    from json_to_recordset(${JSON.stringify(pages)}::json) as row(page text, "userKeys" json)`
  const withPages = db.with('added', query =>
    query
      .insertInto('sync_page')
      .columns(['run_id', 'page', 'user_keys'])
      .expression(rows)
      .onConflict(conflict => conflict.doNothing())
      .returning('page'),
  )
  const noted = await changeRun(pages.length > 0 ? withPages : db, id, change, at)
    .where(isHeld(lease))
    .returning('id')
    .executeTakeFirst()
  if (!noted) throw new LeaseLost(lease)
}

export async function readPages(db: Db, runId: number): Promise<Page[]> {
  return db
    .selectFrom('sync_page')
    .select(['page', 'user_keys as userKeys'])
    .where('run_id', '=', runId)
    .execute()
}

export async function dropPages(db: Db, runId: number): Promise<void> {
  await db.deleteFrom('sync_page').where('run_id', '=', runId).execute()
}

export async function addDrift(db: Db, runId: number, from: number, drift: Drift[]): Promise<void> {
  const rows = drift.map((one, index) => ({ ...one, n: from + index }))
  await sql`
    insert into sync_drift (run_id, n, kind, op, entity_id, fields)
    select ${runId}, n, kind, op, "entityId", fields
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row(n int, kind text, op text, "entityId" text, fields jsonb)
    on conflict do nothing`.execute(db)
}

export async function countDrift(db: Db, runId: number): Promise<number> {
  const row = await db
    .selectFrom('sync_drift')
    .select(select => select.fn.countAll<number>().as('n'))
    .where('run_id', '=', runId)
    .executeTakeFirst()
  return Number(row?.n ?? 0)
}

export async function dropDrift(db: Db, runId: number): Promise<void> {
  await db.deleteFrom('sync_drift').where('run_id', '=', runId).execute()
}

export async function readDrift(db: Db, runId: number, limit: number): Promise<Drift[]> {
  const rows = await db
    .selectFrom('sync_drift')
    .select(['kind', 'op', 'entity_id as entityId', 'fields'])
    .where('run_id', '=', runId)
    .orderBy('n')
    .limit(limit)
    .execute()
  return rows as Drift[]
}

export type DriftFilter = {
  kind?: readonly Drift['kind'][] | undefined
  op?: readonly DriftOp[] | undefined
}
/** `add`: the mirror lacks the entity. `change`: fields differ. `drop`: WeCom no longer has the entity. */
export const driftOps = ['add', 'change', 'drop'] as const
export type DriftOp = (typeof driftOps)[number]

const opOf = sql<DriftOp>`case when op = 'drop' then 'drop' when fields = '{}'::jsonb then 'add' else 'change' end`

export async function pageDrift(
  db: Db,
  runId: number,
  filter: DriftFilter,
  page: { limit: number; offset: number },
): Promise<{ list: (Drift & { n: number; change: DriftOp })[]; total: number }> {
  const { kind, op } = filter
  const found = db
    .selectFrom('sync_drift')
    .where('run_id', '=', runId)
    .$if(kind !== undefined, query => query.where('kind', 'in', kind ?? []))
    .$if(op !== undefined, query => query.where(opOf, 'in', op ?? []))
  const counted = await found.select(select => select.fn.countAll<number>().as('n')).executeTakeFirst()
  const rows = await found
    .select(['n', 'kind', 'op', 'entity_id as entityId', 'fields', opOf.as('change')])
    .orderBy('n')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { list: rows as (Drift & { n: number; change: DriftOp })[], total: Number(counted?.n ?? 0) }
}

export const driftCountSchema = Type.Object({
  kind: Type.Enum(['member', 'department', 'tag']),
  change: Type.Enum(['drop', 'add', 'change']),
  count: Type.Number(),
})
export type DriftCount = Static<typeof driftCountSchema>

export async function driftCounts(db: Db, runId: number): Promise<DriftCount[]> {
  const rows = await sql<DriftCount>`
    select kind, ${opOf} as change, count(*) as count from sync_drift where run_id = ${runId}
    group by 1, 2`.execute(db)
  return rows.rows.map(row => ({ ...row, count: Number(row.count) }))
}
