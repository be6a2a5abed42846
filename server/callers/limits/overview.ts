import { type CallLimit, limitOf } from '../../organisation/corps/call-limits.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { type CallGroup, callGroups } from '../../platform/http/gate.ts'
import { dayOf } from '../../platform/operation/day.ts'
import type { Developer } from '../developers/developers.ts'
import type { Limits } from './limits.ts'
import { usedOfCorps, usesOf } from './store.ts'

/** The limits of a group of calls and what was used of them today. */
export type GroupUse = {
  group: CallGroup
  limit: CallLimit
  /** What was set for this developer; null: inherited. */
  own: { perMinute: number | null; perDay: number | null }
  inherited: CallLimit
  usedToday: number
  refusedToday: number
}

export type LimitsOfDeveloper = {
  groups: GroupUse[]
  /** Days on which something was called, the earliest first. */
  days: { day: string; group: CallGroup; used: number; refused: number }[]
}

const dayMs = 86_400_000

/** What a developer may call and did, for the last `days` days. */
export async function limitsOf(
  ctx: Core & { corps: Corps; limits: Limits },
  { corpId, devId, limits }: Developer,
  days: number,
): Promise<LimitsOfDeveloper> {
  await ctx.limits.share()
  const today = dayOf(ctx.now())
  const sinceDay = dayOf(ctx.now() - (days - 1) * dayMs)
  const uses = await usesOf(ctx.db, { corpId, devId, sinceDay })
  const { callLimits } = ctx.corps.get(corpId)
  const groups = callGroups.map(group => {
    const use = uses.find(one => one.group === group && one.day === today)
    return {
      group,
      limit: limitOf(group, limits, callLimits),
      own: { perMinute: limits[group]?.perMinute ?? null, perDay: limits[group]?.perDay ?? null },
      inherited: limitOf(group, {}, callLimits),
      usedToday: use?.used ?? 0,
      refusedToday: use?.refused ?? 0,
    }
  })
  return { groups, days: uses }
}

/** What counts against the quotas of calls of these corps today. */
export async function callsUsed(
  ctx: Core & { limits: Limits },
  corpIds: readonly string[],
): Promise<Map<string, number>> {
  await ctx.limits.share()
  return usedOfCorps(ctx.db, corpIds, dayOf(ctx.now()))
}
