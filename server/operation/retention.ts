import type { Core } from '../core.ts'
import type { Db } from '../storage/db.ts'
import type { Tables } from '../storage/tables.ts'
import type { Jobs } from './jobs.ts'
import { describeError } from './log.ts'

type TableName = keyof Tables

/** What a prune is told. `before` is `keptDays` before `now`. */
export type PruneOrder = { now: Date; before: Date; atMost: number }

/**
 * What becomes of a table's rows in the long run. Each feature declares it for each of its tables; registry/retention.ts
 * lists them all, and a test fails for a table that nobody declared.
 */
export type Retention =
  | {
      table: TableName
      /** Counted from what the prune looks at; 0: gone in the night after its end. */
      keptDays: number
      /** Deletes at most `atMost` rows and answers how many; called again until it answers fewer. */
      prune(db: Db, order: PruneOrder): Promise<number>
    }
  /** Deleted with its row of the other table, by a reference that cascades. */
  | { table: TableName; goesWith: TableName }
  /** Does not grow with time; `because` says what bounds it. */
  | { table: TableName; isBounded: true; because: string }

/** By the feature that owns the tables. */
export type RetentionOfFeatures = Readonly<Record<string, readonly Retention[]>>

const dayMs = 86_400_000
const rowsAtOnce = 5000

/** After the nightly reconcile, and before people are at work. */
export async function scheduleRetention(
  ctx: Core & { jobs: Jobs },
  features: RetentionOfFeatures,
): Promise<void> {
  await ctx.jobs.schedule('retention', '15 3 * * *', () => pruneAll(ctx, features))
}

/**
 * Lets go of what is older than it is kept, table by table. A table that fails is logged and does not keep the others from
 * being pruned; in the end this throws, so that the job counts as failed.
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
