import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'
import { createUsualMonths, dropMonths } from '../storage/months/months.ts'
import type { Retention, RetentionOfFeatures } from '../storage/retention.ts'

type PruneNeeds = Pick<Core, 'db' | 'direct' | 'log' | 'now' | 'stopping'>

const dayMs = 86_400_000
const rowsAtOnce = 5000

/**
 * Creates the months that come, and deletes what is older than its table keeps it, table by table. A failing table is logged and does
 * not stop the others from being pruned; at the end this throws, so that the job counts as failed.
 */
export async function pruneAll(
  ctx: PruneNeeds,
  features: RetentionOfFeatures,
  atMost = rowsAtOnce,
): Promise<void> {
  await ctx.direct.transaction().execute(tx => createUsualMonths(tx, new Date(ctx.now())))
  const failed: string[] = []
  for (const [owner, declarations] of Object.entries(features)) {
    for (const one of declarations) {
      if (!('prune' in one) || ctx.stopping.aborted) continue
      try {
        const rows = await pruneTable(ctx, one, atMost)
        if (rows > 0) ctx.log.info({ owner, table: one.table, rows }, 'old rows deleted')
      } catch (error) {
        failed.push(one.table)
        ctx.log.error({ owner, table: one.table, ...describeError(error) }, 'old rows not deleted')
      }
    }
  }
  if (failed.length > 0) throw new Error(`old rows not deleted from ${failed.join(', ')}`)
}

async function pruneTable(
  ctx: PruneNeeds,
  { table, keptDays, isByMonth, prune }: Extract<Retention, { keptDays: number }>,
  atMost: number,
): Promise<number> {
  const now = new Date(ctx.now())
  const order = { now, before: new Date(now.getTime() - keptDays * dayMs), atMost }
  let rows = 0
  try {
    const months = isByMonth ? await dropMonths(ctx, table, order.before) : []
    if (months.length > 0) ctx.log.info({ table, months }, 'old months dropped')
  } finally {
    // A month stays while something reads the table, such as a backup each night. What is old in the others goes all the same.
    while (!ctx.stopping.aborted) {
      const gone = await prune(ctx.db, order)
      rows += gone
      if (gone < atMost) break
    }
  }
  return rows
}
