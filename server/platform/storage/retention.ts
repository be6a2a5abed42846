import type { Db } from './db.ts'
import type { Tables } from './tables.ts'

type TableName = keyof Tables

/** The arguments of a prune. `before` is `keptDays` before `now`. */
export type PruneOrder = { now: Date; before: Date; atMost: number }

/**
 * How long a table's rows are kept. Each feature declares this for each of its tables in its manifest,
 * and a test fails for a table that nobody declared.
 */
export type Retention =
  | {
      table: TableName
      /** Counted from the time that the prune compares; 0 deletes a row in the night after that time. */
      keptDays: number
      /** It lies by month, and a month of which all rows are so old goes at once. */
      isByMonth?: true
      /** What that time is, as web/docs/content/en/run/retention.md tells operators. */
      countedFrom: string
      /** Deletes at most `atMost` rows and returns how many. It is called again until it returns fewer than that. */
      prune(db: Db, order: PruneOrder): Promise<number>
    }
  /** Rows are deleted together with their row of the other table, by a cascading reference. */
  | { table: TableName; goesWith: TableName }
  /** The table does not grow with time; `because` says what bounds it. */
  | { table: TableName; isBounded: true; because: string }

/** Keyed by the feature that owns the tables. */
export type RetentionOfFeatures = Readonly<Record<string, readonly Retention[]>>
