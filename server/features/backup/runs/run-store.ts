import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Words } from '../../../platform/words.ts'

export type PlaceKind = 'folder' | 's3'
export type RunState = 'waiting' | 'running' | 'good' | 'failed' | 'removed' | 'missing'

/** One backup: asked for, under way, or ended. */
export type Run = {
  id: number
  place: PlaceKind
  address: string
  name: string
  mark: string
  reason: 'plan' | 'asked'
  askedBy: string
  state: RunState
  attempt: number
  dueAt: Date
  startedAt: Date | null
  endedAt: Date | null
  node: string | null
  bytes: number | null
  rows: number | null
  /** Of the WISP_SECRET_KEY that it needs; '' for one of an earlier version. */
  keyFingerprint: string
  problem: Words | null
  rotationProblem: Words | null
}

const columns = [
  ...([
    'id',
    'place',
    'address',
    'name',
    'mark',
    'reason',
    'state',
    'attempt',
    'node',
    'bytes',
    'rows',
  ] as const),
  ...(['asked_by as askedBy', 'due_at as dueAt', 'started_at as startedAt', 'ended_at as endedAt'] as const),
  ...(['key_fingerprint as keyFingerprint', 'problem', 'rotation_problem as rotationProblem'] as const),
] as const

/** A node that has not renewed its lease for this long has died. */
export const leaseSeconds = 30

export type NewRun = Pick<Run, 'place' | 'reason' | 'askedBy' | 'attempt' | 'dueAt'>

/** Returns the id; that of the one that waits already, where there is one. */
export async function addRun(db: Db, run: NewRun): Promise<number> {
  const waiting = await db
    .selectFrom('backup_run')
    .select('id')
    .where('place', '=', run.place)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  if (waiting) {
    await db.updateTable('backup_run').set({ due_at: run.dueAt }).where('id', '=', waiting.id).execute()
    return waiting.id
  }
  const { place, reason, attempt } = run
  const { id } = await db
    .insertInto('backup_run')
    .values({
      place,
      address: '',
      reason,
      attempt,
      state: 'waiting',
      asked_by: run.askedBy,
      due_at: run.dueAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Takes a run that is due for this node, while no other of the place is under way. */
export async function claimRun(db: Db, place: PlaceKind, node: string, now: Date): Promise<Run | undefined> {
  return db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(hashtext(${`backup ${place}`}))`.execute(tx)
    const running = await tx
      .selectFrom('backup_run')
      .select('id')
      .where('place', '=', place)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (running) return undefined
    const due = await tx
      .selectFrom('backup_run')
      .select('id')
      .where('place', '=', place)
      .where('state', '=', 'waiting')
      .where('due_at', '<=', now)
      .orderBy('id')
      .executeTakeFirst()
    if (!due) return undefined
    return tx
      .updateTable('backup_run')
      .set({ state: 'running', node, started_at: now, lease_until: leaseEnd })
      .where('id', '=', due.id)
      .returning(columns)
      .executeTakeFirst()
  })
}

const leaseEnd = sql<Date>`now() + make_interval(secs => ${leaseSeconds})`

/** Says what the file is called before anything is written, so that what is left of it can be found. */
export async function nameRun(
  db: Db,
  id: number,
  node: string,
  { keyFingerprint, ...named }: Pick<Run, 'address' | 'name' | 'mark' | 'keyFingerprint'>,
): Promise<boolean> {
  const set = { ...named, key_fingerprint: keyFingerprint }
  return touched(mine(db, id, node).set(set).executeTakeFirst())
}

/** Extends the lease; false when the run is this node's no more. */
export async function renewRun(db: Db, id: number, node: string): Promise<boolean> {
  return touched(mine(db, id, node).set({ lease_until: leaseEnd }).executeTakeFirst())
}

function mine(db: Db, id: number, node: string) {
  return db
    .updateTable('backup_run')
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('node', '=', node)
}

async function touched(result: Promise<{ numUpdatedRows: bigint }>): Promise<boolean> {
  return (await result).numUpdatedRows > 0n
}

export type RunEnd =
  | { state: 'good'; bytes: number; rows: number; sha256: string }
  | { state: 'failed'; problem: Words }

/** False when the run is this node's no more. */
export async function endRun(db: Db, id: number, node: string, end: RunEnd, at: Date): Promise<boolean> {
  const problem = end.state === 'failed' ? JSON.stringify(end.problem) : null
  const set = { ...end, problem: problem as never, ended_at: at, lease_until: null }
  return touched(mine(db, id, node).set(set).executeTakeFirst())
}

/** Ends the runs of nodes that have died, and returns them. */
export async function buryRuns(db: Db, place: PlaceKind, problem: Words, at: Date): Promise<Run[]> {
  return db
    .updateTable('backup_run')
    .set({ state: 'failed', ended_at: at, lease_until: null, problem: JSON.stringify(problem) as never })
    .where('place', '=', place)
    .where('state', '=', 'running')
    .where('lease_until', '<', sql<Date>`now()`)
    .returning(columns)
    .execute()
}

export async function readRun(db: Db, id: number): Promise<Run | undefined> {
  return db.selectFrom('backup_run').select(columns).where('id', '=', id).executeTakeFirst()
}

/** The latest first. */
export async function latestRuns(db: Db, atMost: number): Promise<Run[]> {
  return db.selectFrom('backup_run').select(columns).orderBy('id', 'desc').limit(atMost).execute()
}

export async function pageRuns(
  db: Db,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: Run[]; total: number }> {
  const list = await db
    .selectFrom('backup_run')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  const { n } = await db
    .selectFrom('backup_run')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return { list, total: Number(n) }
}

/** Returns the runs whose file exists, as far as this database has it. */
export async function goodRuns(db: Db, address?: string): Promise<Run[]> {
  return db
    .selectFrom('backup_run')
    .select(columns)
    .where('state', '=', 'good')
    .$if(address !== undefined, own => own.where('address', '=', address ?? ''))
    .orderBy('id', 'desc')
    .execute()
}

/** Returns the runs of which a file may be left, half-written or whole. */
export async function failedRuns(db: Db, address: string): Promise<Run[]> {
  return db
    .selectFrom('backup_run')
    .select(columns)
    .where('address', '=', address)
    .where('state', '=', 'failed')
    .where('name', '<>', '')
    .execute()
}

/** Nothing is left of it. */
export async function forgetName(db: Db, id: number): Promise<void> {
  await db.updateTable('backup_run').set({ name: '' }).where('id', '=', id).execute()
}

/** Whether there is anything to do in a place, for one question a minute. */
export async function hasWork(db: Db, place: PlaceKind, now: Date): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select 1 from backup_plan where enabled and place = ${place} and next_at <= ${now})
      or exists (select 1 from backup_run where place = ${place} and state in ('waiting', 'running'))
      or exists (select 1 from backup_trial where state in ('waiting', 'running')) as has`.execute(db)
  return rows[0]?.has ?? false
}

export async function markGone(db: Db, id: number, state: 'removed' | 'missing'): Promise<void> {
  await db.updateTable('backup_run').set({ state }).where('id', '=', id).execute()
}

export async function noteRotation(db: Db, id: number, problem: Words | null): Promise<void> {
  await db
    .updateTable('backup_run')
    .set({ rotation_problem: problem && (JSON.stringify(problem) as never) })
    .where('id', '=', id)
    .execute()
}

/** Of the restored database: what ran when the backup was written has no node any more, and its own file is known to nobody. */
export async function endRestored(tx: Db): Promise<void> {
  await tx.deleteFrom('backup_run').where('state', 'in', ['waiting', 'running']).execute()
  await tx.deleteFrom('backup_trial').where('state', 'in', ['waiting', 'running']).execute()
}

export async function pruneRuns(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(
    db,
    'backup_run',
    sql`ended_at < ${before} and state in ('failed', 'removed', 'missing')`,
    atMost,
  )
}
