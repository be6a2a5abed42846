import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import type { Tables } from '../storage/tables.ts'
import { describeError } from './log.ts'

type TableName = keyof Tables

/** The arguments of a prune. `before` is `keptDays` before `now`. */
export type PruneOrder = { now: Date; before: Date; atMost: number }

/**
 * How long a table's rows are kept. Each feature declares this for each of its tables, registry/retention.ts lists them
 * all, and a test fails for a table that nobody declared.
 */
export type Retention =
  | {
      table: TableName
      /** Counted from the time that the prune compares; 0 deletes a row in the night after that time. */
      keptDays: number
      /** Deletes at most `atMost` rows and returns how many. It is called again until it returns fewer than that. */
      prune(db: Db, order: PruneOrder): Promise<number>
    }
  /** Rows are deleted together with their row of the other table, by a cascading reference. */
  | { table: TableName; goesWith: TableName }
  /** The table does not grow with time; `because` says what bounds it. */
  | { table: TableName; isBounded: true; because: string }

/** Keyed by the feature that owns the tables. */
export type RetentionOfFeatures = Readonly<Record<string, readonly Retention[]>>

const dayMs = 86_400_000
const rowsAtOnce = 5000

/**
 * Deletes what is older than its table keeps it, table by table. A failing table is logged and does not stop the others
 * from being pruned; at the end this throws, so that the job counts as failed.
 */
export async function pruneAll(
  ctx: Pick<Core, 'db' | 'log' | 'now' | 'stopping'>,
  features: RetentionOfFeatures,
  atMost = rowsAtOnce,
): Promise<void> {
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
  ctx: Pick<Core, 'db' | 'now' | 'stopping'>,
  { keptDays, prune }: Extract<Retention, { keptDays: number }>,
  atMost: number,
): Promise<number> {
  const now = new Date(ctx.now())
  const order = { now, before: new Date(now.getTime() - keptDays * dayMs), atMost }
  let rows = 0
  while (!ctx.stopping.aborted) {
    const gone = await prune(ctx.db, order)
    rows += gone
    if (gone < atMost) break
  }
  return rows
}
