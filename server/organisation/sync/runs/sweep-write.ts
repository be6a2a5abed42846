import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import { userKey } from '../../directory/mirror/members.ts'
import { differs } from '../../directory/write/difference.ts'
import type { Operation } from '../../directory/write/plan.ts'
import { writeDirectory } from '../../directory/write/writer.ts'
import { afterWrite } from '../events/after-write.ts'
import { driftOf } from './drift.ts'
import type { Counts } from './run-store.ts'
import * as runs from './run-store.ts'
import { addProblem, driftAtMost, mirrorOf, type Sweep } from './sweep.ts'

/** An operation with the mark (see Touched) taken before the read it comes from. */
export type Reading = { operation: Operation; mark: number }

export const writeAtMembers = 4000

export function since(mark: number, operation: Operation): Reading {
  return { operation, mark }
}

function entityOf(operation: Operation): string {
  if (operation.kind === 'department')
    return `party:${operation.op === 'put' ? operation.department.id : operation.id}`
  if (operation.kind === 'tag') return `tag:${operation.op === 'put' ? operation.tag.id : operation.id}`
  if (operation.op === 'put') return `user:${operation.key}`
  if (operation.op === 'supplement') return operation.op
  return `user:${userKey(operation.op === 'rename' ? operation.to : operation.userId)}`
}

/** Whether no event has read the entity since; if one has, its newer data stays. */
function isCurrent(sweep: Sweep, { operation, mark }: Reading): boolean {
  return sweep.touched.isQuietSince(mark) || !sweep.touched.readSince(entityOf(operation), mark)
}

export async function writeInParts(sweep: Sweep, phase: Words, readings: Reading[]): Promise<void> {
  for (let at = 0; at < readings.length; at += writeAtMembers) {
    await write(sweep, phase, readings.slice(at, at + writeAtMembers))
  }
}

/** Stores the drift, corrects it, and notes `pages` as done, all in one transaction. */
export async function write(
  sweep: Sweep,
  phase: Words,
  readings: Reading[],
  pages: runs.Page[] = [],
): Promise<void> {
  sweep.signal.throwIfAborted()
  try {
    await commit(sweep, phase, readings, pages)
  } catch (error) {
    if (!isUnstorable(error)) throw error
    // One entity that the database cannot store must not block the others: the batch is halved until it stands alone.
    const [only] = readings
    if (readings.length > 1) {
      const half = readings.length >> 1
      await write(sweep, phase, readings.slice(0, half))
      await write(sweep, phase, readings.slice(half), pages)
    } else if (only) {
      const entity = entityOf(only.operation)
      addProblem(sweep, {
        zh: `${entity} 的数据无法保存，保留原有资料`,
        en: `the data of ${entity} cannot be stored: what was there before is kept`,
      })
      await commit(sweep, phase, [], pages)
    } else throw error
  }
}

/** SQLSTATE class 22 is "data exception". */
function isUnstorable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^22\w{3}$/.test(String(error.code))
}

async function commit(sweep: Sweep, phase: Words, readings: Reading[], pages: runs.Page[]): Promise<void> {
  const { ctx, corp, run, lease } = sweep
  const changed = readings.filter(
    reading => isCurrent(sweep, reading) && differs(mirrorOf(sweep), reading.operation),
  )
  const operations = changed.map(reading => reading.operation)
  const drift = sweep.isFirst ? [] : await driftOf(ctx.db, mirrorOf(sweep), operations)
  const kept = drift.slice(0, Math.max(driftAtMost - sweep.driftKept, 0))
  // WeCom tells some fields at one time and not at another. Rows are then written although nothing differs.
  const counts = withChanges(sweep.counts, sweep.isFirst ? operations : drift)
  const progress = { ...sweep.progress, applied: sweep.progress.applied + operations.length }
  // A dry run stores no finished pages, because it always starts again.
  const done = run.kind === 'dry-run' ? [] : pages
  const note = async (tx: Db) => {
    if (kept.length > 0) await runs.addDrift(tx, run.id, sweep.driftKept, kept)
    const change = { phase, progress, counts, problems: [...sweep.problems] }
    await runs.noteProgress(tx, lease, run.id, change, done, new Date(ctx.now()))
  }
  if (run.kind === 'dry-run') await ctx.db.transaction().execute(note)
  else {
    const still = () => changed.filter(reading => isCurrent(sweep, reading)).map(one => one.operation)
    await writeDirectory(ctx, corp.corpId, still, async (tx, written) => {
      await afterWrite(ctx, tx, corp.corpId, written)
      await note(tx)
    })
  }
  sweep.driftKept += kept.length
  sweep.counts = counts
  sweep.progress.applied = progress.applied
}

function withChanges(counts: Counts, operations: readonly Pick<Operation, 'kind' | 'op'>[]): Counts {
  const next = structuredClone(counts)
  for (const { kind, op } of operations) if (op === 'put' || op === 'drop') next[kind][op]++
  return next
}
