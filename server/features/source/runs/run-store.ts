import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Change, ChangeKind, Counts } from '../plan/changes.ts'

export type RunState = 'preview' | 'writing' | 'done' | 'refused'
export type RunKind = 'write' | 'undo' | 'delete'

/** How many rows are in which state. */
export type Progress = Record<'waits' | 'sending' | 'done' | 'failed' | 'overtaken', number>

export type Run = {
  corpId: string
  id: number
  sourceId: number
  kind: RunKind
  state: RunState
  version: number
  counts: Counts
  /** Null until it has ended. */
  progress: Progress | null
  undoOf: number | null
  madeAt: Date
  madeBy: string
  approvedAt: Date | null
  approvedBy: string | null
  endedAt: Date | null
  failingSince: Date | null
  failure: string | null
}

const columns = [
  'corp_id as corpId',
  'id',
  'source_id as sourceId',
  'kind',
  'state',
  'version',
  'counts',
  'progress',
  'undo_of as undoOf',
  'made_at as madeAt',
  'made_by as madeBy',
  'approved_at as approvedAt',
  'approved_by as approvedBy',
  'ended_at as endedAt',
  'failing_since as failingSince',
  'failure',
] as const

export type RowState = 'shown' | 'waits' | 'sending' | 'done' | 'failed' | 'overtaken'

/** A row of a run; `problem` says what is wrong with a line, and writes nothing. */
export type RunRow = Omit<Change, 'kind' | 'memberId' | 'departmentId' | 'notes'> & {
  n: number
  phase: number
  kind: ChangeKind | 'problem'
  memberId: number | null
  departmentId: number | null
  notes: string[]
  state: RowState
  result: string | null
  at: Date | null
}

const rowColumns = sql`n, phase, kind, line, key, user_id as "userId", member_id as "memberId",
  department_id as "departmentId", name, fields, notes, state, result, at`

export async function insertRun(
  tx: Db,
  {
    corpId,
    ...run
  }: Pick<Run, 'corpId' | 'sourceId' | 'kind' | 'version' | 'counts' | 'undoOf' | 'madeAt' | 'madeBy'>,
): Promise<number> {
  const { id } = await tx
    .insertInto('people_source_run')
    .values({
      corp_id: corpId,
      source_id: run.sourceId,
      kind: run.kind,
      state: 'preview',
      version: run.version,
      counts: JSON.stringify(run.counts),
      undo_of: run.undoOf,
      made_at: run.madeAt,
      made_by: run.madeBy,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function insertRows(
  tx: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  rows: readonly Omit<RunRow, 'at'>[],
): Promise<void> {
  await sql`
    insert into people_source_row (corp_id, run_id, n, phase, kind, line, key, user_id, member_id, department_id, name,
      fields, notes, state, result)
    select ${corpId}, ${id}, n, phase, kind, line, key, "userId", "memberId", "departmentId", name, fields,
      array(select jsonb_array_elements_text(notes)), state, result
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(n int, phase smallint, kind text, line int, key text,
      "userId" text, "memberId" bigint, "departmentId" bigint, name text, fields jsonb, notes jsonb, state text,
      result text)`.execute(tx)
}

export async function findRun(db: Db, corpId: string, id: number): Promise<Run | undefined> {
  const row = await db
    .selectFrom('people_source_run')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row as Run | undefined
}

export async function lockRun(tx: Db, corpId: string, id: number): Promise<Run | undefined> {
  const row = await tx
    .selectFrom('people_source_run')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row as Run | undefined
}

/** The latest first. */
export async function runsOf(
  db: Db,
  corpId: string,
  sourceId: number,
  { offset = 0, limit }: { offset?: number; limit: number },
): Promise<Run[]> {
  const rows = await db
    .selectFrom('people_source_run')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .orderBy('id', 'desc')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows as Run[]
}

export async function countRuns(db: Db, corpId: string, sourceId: number): Promise<number> {
  const { n } = await db
    .selectFrom('people_source_run')
    .select(select => select.fn.countAll<number>().as('n'))
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** The run of the corp that is being written; the oldest of several. */
export async function runToWrite(db: Db, corpId: string): Promise<Run | undefined> {
  const row = await db
    .selectFrom('people_source_run')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('state', '=', 'writing')
    .orderBy('id')
    .executeTakeFirst()
  return row as Run | undefined
}

/** Whether a run of the corp has ended since then. */
export async function hasEndedSince(db: Db, corpId: string, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('people_source_run')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('ended_at', '>=', since)
    .where('state', '<>', 'preview')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether a run of the source is being written. */
export async function isWritten(db: Db, corpId: string, sourceId: number): Promise<boolean> {
  const row = await db
    .selectFrom('people_source_run')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('source_id', '=', sourceId)
    .where('state', '=', 'writing')
    .executeTakeFirst()
  return row !== undefined
}

/** Ids of leavers whom the source had again when it was last read, and who have not been let in yet. */
export async function membersToReturn(db: Db, corpId: string, sourceId: number): Promise<Set<number>> {
  const { rows } = await sql<{ memberId: number }>`
    select member_id as "memberId" from people_source_row
    where corp_id = ${corpId} and kind = 'return' and state <> 'done' and run_id = (select max(id)
      from people_source_run where corp_id = ${corpId} and source_id = ${sourceId} and kind = 'write')`.execute(
    db,
  )
  return new Set(rows.map(one => one.memberId))
}

/** Ends previews of a source that nobody approved. */
export async function refusePreviews(
  tx: Db,
  run: Pick<Run, 'corpId' | 'sourceId'>,
  why: string,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('people_source_run')
    .set({ state: 'refused', failure: why, ended_at: at })
    .where('corp_id', '=', run.corpId)
    .where('source_id', '=', run.sourceId)
    .where('state', '=', 'preview')
    .execute()
}

export async function setRun(
  tx: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  change: {
    state?: RunState
    approvedAt?: Date
    approvedBy?: string
    endedAt?: Date
    progress?: Progress
    failingSince?: Date | null
    failure?: string | null
  },
): Promise<void> {
  await tx
    .updateTable('people_source_run')
    .set({
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.approvedAt === undefined ? {} : { approved_at: change.approvedAt }),
      ...(change.approvedBy === undefined ? {} : { approved_by: change.approvedBy }),
      ...(change.endedAt === undefined ? {} : { ended_at: change.endedAt }),
      ...(change.progress === undefined ? {} : { progress: JSON.stringify(change.progress) }),
      ...(change.failingSince === undefined ? {} : { failing_since: change.failingSince }),
      ...(change.failure === undefined ? {} : { failure: change.failure }),
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Writing has stopped for now, since the first time that it did. */
export async function noteStopped(
  tx: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  why: string,
  at: Date,
): Promise<void> {
  await sql`
    update people_source_run set failing_since = coalesce(failing_since, ${at}), failure = ${why}
    where corp_id = ${corpId} and id = ${id} and state = 'writing'`.execute(tx)
}

/** The next rows to write, all of one phase. */
export async function nextRows(
  db: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  limit: number,
): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select ${rowColumns} from people_source_row
    where corp_id = ${corpId} and run_id = ${id} and state in ('waits', 'sending')
      and phase = (select min(phase) from people_source_row
        where corp_id = ${corpId} and run_id = ${id} and state in ('waits', 'sending'))
    order by n limit ${limit}`.execute(db)
  return rows
}

/** Rows that would be written, in pages, by number. */
export async function openRows(
  db: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  after: number,
  limit: number,
): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select ${rowColumns} from people_source_row
    where corp_id = ${corpId} and run_id = ${id} and state = 'waits' and n > ${after} order by n limit ${limit}`.execute(
    db,
  )
  return rows
}

export async function markSending(
  tx: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  ns: readonly number[],
): Promise<void> {
  await sql`
    update people_source_row set state = 'sending'
    where corp_id = ${corpId} and run_id = ${id} and n = any(${[...ns]}::int[])`.execute(tx)
}

export type RowResult = { n: number; state: RowState; result: string | null }

export async function putResults(
  tx: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  results: readonly RowResult[],
  at: Date,
): Promise<void> {
  await sql`
    update people_source_row r set state = row.state, result = row.result, at = ${at}
    from jsonb_to_recordset(${JSON.stringify(results)}::jsonb) as row(n int, state text, result text)
    where r.corp_id = ${corpId} and r.run_id = ${id} and r.n = row.n`.execute(tx)
}

/** Names of the departments that this run was to make and could not, by id. */
export async function departmentsNotMade(
  db: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; name: string }>`
    select department_id as id, name from people_source_row
    where corp_id = ${corpId} and run_id = ${id} and kind = 'department-add' and state in ('failed', 'overtaken')`.execute(
    db,
  )
  return new Map(rows.map(one => [one.id, one.name]))
}

export type RowFilter = {
  kinds?: readonly string[] | undefined
  states?: readonly string[] | undefined
  text?: string | undefined
}

const filtered = ({ kinds, states, text }: RowFilter) => sql`
  ${kinds ? sql`and kind = any(${[...kinds]}::text[])` : sql``}
  ${states ? sql`and state = any(${[...states]}::text[])` : sql``}
  ${text ? sql`and (strpos(lower(user_id), lower(${text})) > 0 or strpos(name, ${text}) > 0 or key = ${text})` : sql``}`

export async function rowsOfRun(
  db: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  filter: RowFilter,
  { offset = 0, limit }: { offset?: number; limit: number },
): Promise<{ list: RunRow[]; total: number }> {
  const which = sql`corp_id = ${corpId} and run_id = ${id} ${filtered(filter)}`
  const { rows } = await sql<RunRow>`
    select ${rowColumns} from people_source_row where ${which} order by n offset ${offset} limit ${limit}`.execute(
    db,
  )
  const { rows: counted } = await sql<{ n: number }>`
    select count(*)::int as n from people_source_row where ${which}`.execute(db)
  return { list: rows, total: counted[0]?.n ?? 0 }
}

/** How many rows are in which state, without those that are only shown. */
export async function progressOf(db: Db, { corpId, id }: Pick<Run, 'corpId' | 'id'>): Promise<Progress> {
  const { rows } = await sql<{ state: keyof Progress; n: number }>`
    select state, count(*)::int as n from people_source_row
    where corp_id = ${corpId} and run_id = ${id} and state <> 'shown' group by 1`.execute(db)
  return {
    waits: 0,
    sending: 0,
    done: 0,
    failed: 0,
    overtaken: 0,
    ...Object.fromEntries(rows.map(one => [one.state, one.n])),
  }
}

/** Runs that have stopped, in all corps, and previews that wait; `asks`: nobody made it who would look at it. */
export async function runsToTell(db: Db): Promise<(Run & { name: string; asks: boolean })[]> {
  const { rows } = await sql<Run & { name: string; asks: boolean }>`
    select r.corp_id as "corpId", r.id, r.source_id as "sourceId", r.kind, r.state, r.counts, r.made_at as "madeAt",
      r.failing_since as "failingSince", r.failure, s.name, r.made_by = 'wisp' as asks
    from people_source_run r join people_source s on s.corp_id = r.corp_id and s.id = r.source_id
    where r.state = 'writing' and r.failing_since is not null or r.state = 'preview'`.execute(db)
  return rows
}

/** Rows go with their runs. */
export async function pruneRuns(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'people_source_run', sql`ended_at < ${before}`, atMost)
}

/** Ends previews that are too old, in all corps. */
export async function expirePreviews(db: Db, before: Date, why: string, at: Date): Promise<void> {
  await db
    .updateTable('people_source_run')
    .set({ state: 'refused', failure: why, ended_at: at })
    .where('state', '=', 'preview')
    .where('made_at', '<', before)
    .execute()
}

/** Rows that were written, the last first, in pages: what an undo goes back over. */
export async function doneRows(
  db: Db,
  { corpId, id }: Pick<Run, 'corpId' | 'id'>,
  before: number,
  limit: number,
): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select ${rowColumns} from people_source_row
    where corp_id = ${corpId} and run_id = ${id} and state = 'done' and n < ${before} order by n desc limit ${limit}`.execute(
    db,
  )
  return rows
}
