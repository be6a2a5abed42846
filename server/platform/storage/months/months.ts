/**
 * `call_log` and `event` lie by month and are dropped by month (docs/decisions/history-by-month.md). They refer to no table,
 * and no table refers to them. A row whose month is missing has it created. A ctid is unique within its month only.
 */

import type { Kysely } from 'kysely'
import type { Db } from '../db.ts'
import type { Tables } from '../tables.ts'
import {
  createMonth,
  detachMonth,
  dropLeft,
  type Month,
  monthlyTables,
  monthOf,
  monthsOf,
} from './month-store.ts'

/**
 * The present one and those that come, so that no row waits for its month when one begins. The one before is there as long as its rows
 * are kept, and would be created again each night when it is not.
 */
const usualMonths = [0, 1, 2]

/** Creates the months in which rows are written, of all tables that lie by month. */
export async function createUsualMonths(tx: Db, now: Date): Promise<void> {
  for (const table of await monthlyTables(tx))
    for (const later of usualMonths) await createMonth(tx, table, monthOf(now, later))
}

/** Creates the months of these times. */
export async function createMonthsOf(tx: Db, table: string, times: readonly Date[]): Promise<void> {
  const months = new Set(times.map(at => monthOf(at).getTime()))
  for (const month of [...months].sort()) await createMonth(tx, table, new Date(month))
}

/**
 * Writes, and once more where a month was missing in which `times` are: a clock that jumped, or no night for months. `write` must have
 * written nothing when it fails.
 */
export async function withMonths<T>(
  ctx: { direct: Kysely<Tables> },
  table: keyof Tables,
  times: () => readonly Date[] | Promise<readonly Date[]>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isMonthMissing(error, table)) throw error
    const at = await times()
    await ctx.direct.transaction().execute(tx => createMonthsOf(tx, table, at))
    return write()
  }
}

const checkViolation = '23514'

function isMonthMissing(error: unknown, table: string): boolean {
  const { code, table: named, constraint } = error as { code?: string; table?: string; constraint?: string }
  return code === checkViolation && named === table && constraint === undefined
}

/**
 * Drops the months of which every row is older than `before`, and ends what a crash left of an earlier time. Returns their names. Two
 * nodes that do it at once drop each month once.
 */
export async function dropMonths(
  { direct }: { direct: Kysely<Tables> },
  table: keyof Tables,
  before: Date,
): Promise<string[]> {
  const old = (await monthsOf(direct, table)).filter(month => month.to <= before)
  // Only one month of a table can be on its way out, so the one that a crash left there goes first.
  old.sort((a, b) => Number(b.state === 'leaving') - Number(a.state === 'leaving'))
  for (const month of old) {
    if (month.state !== 'left') await detach(direct, table, month)
    await direct.transaction().execute(tx => dropLeft(tx, table, month))
  }
  return old.map(month => month.name).sort()
}

async function detach(direct: Kysely<Tables>, table: keyof Tables, month: Month): Promise<void> {
  try {
    await direct.connection().execute(connection => detachMonth(connection, table, month))
  } catch (error) {
    const now = (await monthsOf(direct, table)).find(one => one.name === month.name)
    if (now === undefined || now.state === 'left') return
    // Another node began, and waits; whoever comes first ends it.
    if (now.state === 'leaving' && month.state === 'attached') return detach(direct, table, now)
    throw error
  }
}
