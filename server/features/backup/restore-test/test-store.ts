import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Words } from '../../../platform/words.ts'
import { leaseSeconds, type PlaceKind } from '../runs/run-store.ts'

/** A backup that is, or was, restored for trial. */
export type Trial = {
  id: number
  runId: number | null
  place: PlaceKind | null
  file: string
  askedBy: string
  state: 'waiting' | 'running' | 'good' | 'failed'
  askedAt: Date
  startedAt: Date | null
  endedAt: Date | null
  node: string | null
  scratch: 'embedded' | 'server' | null
  tables: number | null
  rows: number | null
  secrets: number | null
  /** Whether only a wisp with this key can have written it; null for trials of earlier versions. */
  signed: boolean | null
  problem: Words | null
}

export type TrialResult = {
  scratch: 'embedded' | 'server'
  tables: number
  rows: number
  secrets: number
  signed: boolean
}

const columns = [
  ...(['id', 'run_id as runId', 'place', 'file', 'asked_by as askedBy', 'state', 'node', 'scratch'] as const),
  ...(['asked_at as askedAt', 'started_at as startedAt', 'ended_at as endedAt'] as const),
  ...(['tables', 'rows', 'secrets', 'signed', 'problem'] as const),
] as const

const leaseEnd = sql<Date>`now() + make_interval(secs => ${leaseSeconds})`

export type NewTrial = Pick<Trial, 'runId' | 'place' | 'file' | 'askedBy' | 'askedAt'>

/** Returns the id; that of the one of the same backup that waits or runs already, where there is one. */
export async function addTrial(db: Db, { runId, place, file, askedBy, askedAt }: NewTrial): Promise<number> {
  const open = await db
    .selectFrom('backup_trial')
    .select('id')
    .where('run_id', '=', runId)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
  if (open) return open.id
  const { id } = await db
    .insertInto('backup_trial')
    .values({ run_id: runId, place, file, asked_by: askedBy, asked_at: askedAt, state: 'waiting' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** One of a place at a time, on one node. */
export async function claimTrial(
  db: Db,
  place: PlaceKind,
  node: string,
  now: Date,
): Promise<Trial | undefined> {
  return db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(hashtext(${`backup trial ${place}`}))`.execute(tx)
    const open = await tx
      .selectFrom('backup_trial')
      .select(['id', 'state'])
      .where('place', '=', place)
      .where('state', 'in', ['waiting', 'running'])
      .orderBy('id')
      .execute()
    const [first] = open
    if (!first || open.some(one => one.state === 'running')) return undefined
    return tx
      .updateTable('backup_trial')
      .set({ state: 'running', node, started_at: now, lease_until: leaseEnd })
      .where('id', '=', first.id)
      .returning(columns)
      .executeTakeFirst()
  })
}

/** A trial that begins at once, where it was asked for. */
export async function beginTrial(db: Db, trial: NewTrial, node: string): Promise<number> {
  const { runId, place, file, askedBy, askedAt } = trial
  const { id } = await db
    .insertInto('backup_trial')
    .values({
      run_id: runId,
      place,
      file,
      asked_by: askedBy,
      asked_at: askedAt,
      state: 'running',
      node,
      started_at: askedAt,
      lease_until: leaseEnd,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

function mine(db: Db, id: number, node: string) {
  return db
    .updateTable('backup_trial')
    .where('id', '=', id)
    .where('state', '=', 'running')
    .where('node', '=', node)
}

export async function renewTrial(db: Db, id: number, node: string): Promise<boolean> {
  const { numUpdatedRows } = await mine(db, id, node).set({ lease_until: leaseEnd }).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function endTrial(
  db: Db,
  id: number,
  node: string,
  end: ({ state: 'good' } & TrialResult) | { state: 'failed'; problem: Words },
  at: Date,
): Promise<boolean> {
  const problem = end.state === 'failed' ? JSON.stringify(end.problem) : null
  const { numUpdatedRows } = await mine(db, id, node)
    .set({ ...end, problem: problem as never, ended_at: at, lease_until: null })
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Of nodes and commands that have died. They are not repeated, because they may be why it died. */
export async function buryTrials(db: Db, problem: Words, at: Date): Promise<void> {
  await db
    .updateTable('backup_trial')
    .set({ state: 'failed', lease_until: null, ended_at: at, problem: JSON.stringify(problem) as never })
    .where('state', '=', 'running')
    .where('lease_until', '<', sql<Date>`now()`)
    .execute()
}

/** For another node, because this one stops. */
export async function giveBackTrial(db: Db, id: number, node: string): Promise<void> {
  await mine(db, id, node).set({ state: 'waiting', node: null, lease_until: null }).execute()
}

export async function readTrial(db: Db, id: number): Promise<Trial | undefined> {
  return db.selectFrom('backup_trial').select(columns).where('id', '=', id).executeTakeFirst()
}

export async function latestTrials(db: Db, atMost: number): Promise<Trial[]> {
  return db.selectFrom('backup_trial').select(columns).orderBy('id', 'desc').limit(atMost).execute()
}

/** The last that ended, well or not. */
export async function lastTrial(db: Db, state?: 'good'): Promise<Trial | undefined> {
  return db
    .selectFrom('backup_trial')
    .select(columns)
    .where('ended_at', 'is not', null)
    .where('state', 'in', state ? [state] : ['good', 'failed'])
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The last trial of each of these runs. */
export async function trialsOf(db: Db, runIds: readonly number[]): Promise<Map<number, Trial>> {
  if (runIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('backup_trial')
    .select(columns)
    .distinctOn('run_id')
    .where('run_id', 'in', runIds)
    .orderBy('run_id')
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map(one => [one.runId ?? 0, one]))
}

export async function pruneTrials(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'backup_trial', sql`ended_at < ${before}`, atMost)
}
