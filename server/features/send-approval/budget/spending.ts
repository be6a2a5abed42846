import { Type } from 'typebox'
import { zoneOf } from '../../../organisation/corps/corps.ts'
import { spentOf } from './budget-store.ts'
import { monthOf } from './months.ts'
import { budgetOf, type PayNeeds } from './pay.ts'

export type SpendingNeeds = PayNeeds

/** This month's budget in fen, and what is used of it; null where none is set. `urgent`: what only urgent messages may use, beside it. */
export const spendingSchema = Type.Union([
  Type.Object({
    month: Type.String(),
    budget: Type.Number(),
    used: Type.Number(),
    urgent: Type.Number(),
    urgentUsed: Type.Number(),
  }),
  Type.Null(),
])
export type SpendingView = { month: string; budget: number; used: number; urgent: number; urgentUsed: number }

/** Returns the spending of a corp (devId ''), or of a developer's own budget. */
export async function spendingOf(
  ctx: SpendingNeeds,
  corpId: string,
  devId: string,
): Promise<SpendingView | null> {
  const budget = budgetOf(ctx, corpId, devId)
  const limit = devId === '' ? budget?.corp : budget?.developer
  if (!budget || limit === undefined) return null
  const month = monthOf(ctx.now(), zoneOf(ctx, corpId))
  const { used, urgent: urgentUsed } = await spentOf(ctx.db, { corpId, month, devId })
  const urgent = devId === '' ? budget.urgent : 0
  return { month, budget: limit, used, urgent, urgentUsed: devId === '' ? urgentUsed : 0 }
}

/** What a developer's messages may cost this month still, in fen; undefined without a budget. */
export async function leftOf(ctx: SpendingNeeds, corpId: string, devId: string): Promise<number | undefined> {
  const spendings = [await spendingOf(ctx, corpId, ''), await spendingOf(ctx, corpId, devId)]
  const left = spendings.flatMap(one => (one ? [one.budget - one.used] : []))
  return left.length > 0 ? Math.min(...left) : undefined
}
