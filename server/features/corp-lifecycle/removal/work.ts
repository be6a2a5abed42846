import type { Corps } from '../../../organisation/corps/corps.ts'
import { readSuspension } from '../../../organisation/corps/suspension/store.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { holdLease } from '../../../platform/queue/queue-store.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { type CorpTable, corpTables } from '../corp-tables-store.ts'
import { sumOf } from '../state.ts'
import * as rows from './delete-rows-store.ts'
import { countDeleted, endRemoval } from './removal-store.ts'

type Needs = Core & { corps: Corps; queue: Queue }

export const rowsAtOnce = 1000

/** The task itself stays until the corp's row goes, which both go with. */
const goWithTheCorp: readonly string[] = ['corp', 'queue']

/** Deletes corps, one at a time on a node: nobody waits for it, and others do for the disk. */
export function handleRemovals(ctx: Needs): void {
  ctx.queue.handle({
    name: 'corp-removal',
    atOnce: 1,
    goesOn: ['removing'],
    work: held => deleteCorp(ctx, held),
  })
}

/**
 * Deletes the rows of a corp in batches, children before their parents, so that no row is ever without what it refers to. Each batch is
 * a transaction with its count and its lease, so that after a crash at any line another node goes on, and nothing is counted twice.
 */
export async function deleteCorp(ctx: Needs, held: ActiveTask, atOnce = rowsAtOnce): Promise<undefined> {
  const { corpId, signal: stop } = held
  if (!(await readSuspension(ctx.db, corpId))?.removingAt) return undefined
  const tables = (await corpTables(ctx.db, corpId))
    .filter(table => !goWithTheCorp.includes(table.name))
    .toReversed()
  for (const table of tables) while (!stop.aborted && (await deleteBatch(ctx, held, table, atOnce)));
  if (!stop.aborted) await deleteTheRest(ctx, held, tables, atOnce)
  return undefined
}

/** False when the table has no more rows of the corp. */
function deleteBatch(ctx: Core, held: ActiveTask, table: CorpTable, atOnce: number): Promise<boolean> {
  return ctx.db.transaction().execute(async tx => {
    const deleted = await rows.deleteSomeOf(tx, table, atOnce)
    if (Object.keys(deleted).length === 0) return false
    await countDeleted(tx, held.corpId, deleted)
    await holdLease(tx, held.lease)
    return true
  })
}

/**
 * The corp's row, with the few rows that were written since by those who had not heard yet: a last line of a log, a count. With the row
 * locked nobody adds any.
 */
async function deleteTheRest(
  ctx: Core & { corps: Corps },
  { corpId, lease }: ActiveTask,
  tables: readonly CorpTable[],
  atOnce: number,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await holdLease(tx, lease)
    if (!(await rows.lockForRemoval(tx, corpId))) return
    for (const table of tables)
      for (;;) {
        const deleted = await rows.deleteSomeOf(tx, table, atOnce)
        if (Object.keys(deleted).length === 0) break
        await countDeleted(tx, corpId, deleted)
      }
    await countDeleted(tx, corpId, { corp: 1 })
    const ended = await endRemoval(tx, corpId, new Date(ctx.now()))
    if (ended) {
      const { begunBy: actor, name: targetName, rows: deleted } = ended
      const detail = { rows: sumOf(deleted), sha256: ended.exportSha256 }
      await record(tx, ctx, { corpId: null, actor, act: 'corp.removed', target: corpId, targetName, detail })
    }
    await rows.deleteCorpRow(tx, corpId)
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}
