import type { Core } from '../../platform/core.ts'
import { dayOf } from '../../platform/operation/day.ts'
import type { Developers } from './developers.ts'
import * as store from './store.ts'
import { type CallSum, callSums } from './usage/call-day-store.ts'

const dayMs = 86_400_000

/** Of whom: all developers of a corp, or one. `days`: today in Beijing and the days before. */
export type CallsQuery = { corpId: string; devId?: string; days: number }

/**
 * The calls of developers and how many of them failed, added up by what `by` names. Every call that is known to be a
 * developer's counts once, also one for a token and one that was refused. Pages and commands that show the figure ask this and
 * nothing else (docs/figures-shown.md).
 */
export async function callsMade(
  ctx: Core & { developers: Developers },
  { corpId, devId, days }: CallsQuery,
  by: readonly store.CallsBy[],
): Promise<store.Calls[]> {
  await ctx.developers.flush()
  return store.callsOf(ctx.db, { corpId, devId, sinceDay: dayOf(ctx.now() - (days - 1) * dayMs) }, by)
}

/**
 * The same of all developers of each corp together, and of today alone; of all corps, or of these. From the sums that are written with
 * the counts: thousands of corps are read at once.
 */
export async function callsOfCorps(
  ctx: Core & { developers: Developers },
  days: number,
  corpIds?: readonly string[],
): Promise<Map<string, CallSum>> {
  await ctx.developers.flush()
  const now = ctx.now()
  return callSums(ctx.db, { sinceDay: dayOf(now - (days - 1) * dayMs), today: dayOf(now), corpIds })
}

/** When each developer of a corp called last (最近调用); those who never did are left out. */
export async function lastCalls(
  ctx: Core & { developers: Developers },
  corpId: string,
): Promise<Map<string, Date>> {
  await ctx.developers.flush()
  return store.lastCallsOf(ctx.db, corpId)
}
