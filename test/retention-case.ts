import type { RawBuilder } from 'kysely'

/**
 * How to test a table that is pruned: `put` inserts a row of the given age in days and tags it with a mark, which is in the
 * column `marked`. `kept` is the greatest age in days that a row may reach.
 */
export type RetentionCase = {
  kept: number
  put: (days: number, mark: string) => Promise<unknown>
  marked: string
  /** How many old rows stay beside the tagged ones. */
  stay?: number
}

/** Where rows are put: by a statement, of this corp and of one of its developers. */
export type RetentionWorld = {
  put: (statement: RawBuilder<unknown>) => Promise<unknown>
  /** Creates the month of rows of this age, in a table that lies by month. */
  putMonth: (table: string, days: number) => Promise<unknown>
  corpId: () => string
  devId: () => string
}

/** The cases of a room's tables, by the tables' names: `retentionCases` of the `retention.fixture.ts` beside its `retention.ts`. */
export type RetentionCases = (world: RetentionWorld) => Record<string, RetentionCase>

export const ago = (days: number) => new Date(Date.now() - days * 86_400_000)
