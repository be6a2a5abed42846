import { holdLease } from '../../../platform/queue/queue-store.ts'
import type { Words } from '../../../platform/words.ts'
import type { Operation } from '../../directory/write/plan.ts'
import { driftOf } from './drift.ts'
import * as runs from './run-store.ts'
import { driftAtMost, mirrorOf, RunStopped, type Sweep } from './sweep.ts'

const shareAllowed = 0.2
const alwaysAllowed = 20

/**
 * Stops a run that would delete a lot. The deletions are stored as its drift, for the administrator who approves it.
 * @throws RunStopped
 */
export async function checkDeletions(
  sweep: Sweep,
  what: Words,
  drops: readonly Operation[],
  all: number,
): Promise<void> {
  if (!needsApproval(sweep, drops.length, all)) return
  const { ctx, run, lease } = sweep
  const drift = (await driftOf(ctx.db, mirrorOf(sweep), drops)).slice(0, driftAtMost)
  await ctx.db.transaction().execute(async tx => {
    await runs.addDrift(tx, run.id, sweep.driftKept, drift)
    await runs.updateOpenRun(tx, run.id, { problems: [...sweep.problems] }, new Date(ctx.now()))
    await holdLease(tx, lease)
  })
  const why = {
    zh: `将删除 ${all} 个${what.zh}中的 ${drops.length} 个，超过 20%，请核实后批准`,
    en: `would delete ${drops.length} of ${all} ${what.en}, more than 20%: make sure that is right, then approve`,
  }
  throw new RunStopped(why, true)
}

/** Whether so many deletions need somebody's approval. */
function needsApproval({ run }: Sweep, drops: number, all: number): boolean {
  if (run.kind === 'dry-run' || run.approved) return false
  return drops > alwaysAllowed && drops > all * shareAllowed
}
