/**
 * SMS are paid for before they leave: their cost is taken from the month's budgets of the corp and of the developer, in the transaction that
 * lets them leave, so that two nodes never take the same fen. What did not leave gives back what it took. Without a budget nothing is read
 * or written.
 */

import type { Developers } from '../../../callers/developers/developers.ts'
import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Setups } from '../../channels/channel.ts'
import type { SendApproval } from '../catalog.ts'
import { lockSpent, putSpent, type SpentKey, type SpentRow, spentOf } from './budget-store.ts'
import { monthOf } from './months.ts'
import { smsPriceOf } from './price.ts'

export type PayNeeds = Core & {
  corps: Corps
  developers: Developers
  messageSettings: Setups
  sendApproval: SendApproval
}

/** One call to a vendor: `fen` for each of its `persons`, of whom those who share an address count as one. `devId` is '' where no developer sends. */
export type Bill = { corpId: string; devId: string; isUrgent: boolean; fen: number; persons: number }

/** Whose budget it was that did not suffice; `urgent`: the corp's part for urgent messages did not either. */
export type UsedUp = 'corp' | 'developer' | 'urgent'

/** For how many of a bill's persons it was paid, and from where; `usedUp` where for fewer than all. */
export type Payment = { persons: number; paidFrom: string; usedUp?: UsedUp }

/** What a corp and one of its developers may use in a month, in fen; undefined: as much as it costs. */
export type Budget = { corp: number | undefined; developer: number | undefined; urgent: number }

/** Undefined where neither has a budget, or nothing has a price. In memory. */
export function budgetOf(
  ctx: Pick<PayNeeds, 'developers' | 'messageSettings' | 'sendApproval'>,
  corpId: string,
  devId: string,
): Budget | undefined {
  const { smsBudget, smsUrgent } = ctx.sendApproval.of(corpId)
  const own = ctx.developers.get(devId)?.smsBudget ?? 0
  if (smsBudget + own === 0 || smsPriceOf(ctx, corpId) === 0) return undefined
  return {
    corp: smsBudget > 0 ? smsBudget - smsUrgent : undefined,
    developer: own > 0 ? own : undefined,
    urgent: smsBudget > 0 ? smsUrgent : 0,
  }
}

/**
 * Takes what these cost from their budgets, in their order; `undefined` for what has no budget. `isWhole`: each for all its persons or for
 * none, and nobody is told that a budget is used up. Call it before the transaction locks what others of the corp wait for.
 */
export async function pay(
  ctx: PayNeeds,
  tx: Db,
  bills: readonly Bill[],
  { isWhole }: { isWhole: boolean },
): Promise<(Payment | undefined)[]> {
  const budgets = bills.map(({ corpId, devId }) => budgetOf(ctx, corpId, devId))
  if (budgets.every(budget => budget === undefined)) return budgets as undefined[]
  const now = ctx.now()
  const keysOf = bills.map(({ corpId, devId }, at) =>
    budgets[at] ? keysFor(corpId, devId, monthOf(now, zoneOf(ctx, corpId))) : [],
  )
  const keys = new Map(keysOf.flat().map(key => [nameOf(key), key]))
  const rows = new Map((await lockSpent(tx, [...keys.values()])).map(row => [nameOf(row), row]))
  const before = new Map([...rows].map(([name, row]) => [name, { ...row }]))
  const paid = bills.map((bill, at) => {
    const budget = budgets[at]
    const [corp, developer] = (keysOf[at] ?? []).map(key => rows.get(nameOf(key)))
    return budget && corp && payOne(bill, budget, { corp, developer }, isWhole)
  })
  const changed = [...rows].flatMap(([name, row]) => (isChanged(before.get(name)!, row) ? [row] : []))
  await putSpent(tx, changed, new Date(now))
  const stopped = changed.filter(row => isNewlyStopped(before.get(nameOf(row))!, row))
  for (const corpId of new Set(stopped.map(row => row.corpId))) await checkAlerts(ctx, tx, corpId)
  return paid
}

/** The row of the corp comes first. */
function keysFor(corpId: string, devId: string, month: string): SpentKey[] {
  const corp = { corpId, month, devId: '' }
  return devId === '' ? [corp] : [corp, { corpId, month, devId }]
}

const nameOf = ({ corpId, month, devId }: SpentKey) => `${corpId} ${month} ${devId}`

const isChanged = (a: SpentRow, b: SpentRow) =>
  a.used !== b.used || a.urgent !== b.urgent || isNewlyStopped(a, b)
const isNewlyStopped = (a: SpentRow, b: SpentRow) =>
  a.isStopped !== b.isStopped || a.isUrgentStopped !== b.isUrgentStopped

type Purses = { corp: SpentRow; developer: SpentRow | undefined }

/** Takes what one bill costs from the rows. What is urgent goes from the common part first, and then from the part for it. */
export function payOne(
  { isUrgent, fen, persons }: Bill,
  budget: Budget,
  { corp, developer }: Purses,
  isWhole: boolean,
): Payment {
  const ofCorp = personsFor(budget.corp, corp.used, fen)
  const ofDeveloper = personsFor(budget.developer, developer?.used ?? 0, fen)
  const common = Math.min(persons, ofCorp, ofDeveloper)
  const { month } = corp
  if (common === persons || (common > 0 && !isWhole)) {
    corp.used += common * fen
    if (developer) developer.used += common * fen
    const usedUp = ofDeveloper < ofCorp ? 'developer' : 'corp'
    return { persons: common, paidFrom: month, ...(common < persons ? { usedUp } : {}) }
  }
  const urgent = isUrgent ? Math.min(persons, personsFor(budget.urgent, corp.urgent, fen)) : 0
  const isPaid = urgent === persons || (urgent > 0 && !isWhole)
  if (isPaid) corp.urgent += urgent * fen
  const usedUp = isUrgent ? 'urgent' : ofDeveloper < ofCorp ? 'developer' : 'corp'
  if (!isWhole) {
    const bound = ofDeveloper < ofCorp ? (developer ?? corp) : corp
    bound.isStopped = true
    if (isUrgent && urgent < persons) corp.isUrgentStopped = true
  }
  if (!isPaid) return { persons: 0, paidFrom: month, usedUp }
  return { persons: urgent, paidFrom: `${month} ${urgentPart}`, ...(urgent < persons ? { usedUp } : {}) }
}

const urgentPart = 'urgent'

function personsFor(limit: number | undefined, used: number, fen: number): number {
  if (limit === undefined || fen === 0) return Infinity
  return Math.max(0, Math.floor((limit - used) / fen))
}

/** What did not leave after all. `paidFrom` as its payment said. */
export type Refund = { corpId: string; devId: string; paidFrom: string; fen: number }

export async function giveBack(ctx: Core, tx: Db, refunds: readonly Refund[]): Promise<void> {
  if (refunds.length === 0) return
  const keysOf = refunds.map(({ corpId, devId, paidFrom }) =>
    keysFor(corpId, devId, paidFrom.split(' ', 1)[0]!),
  )
  const keys = new Map(keysOf.flat().map(key => [nameOf(key), key]))
  const rows = await lockSpent(tx, [...keys.values()])
  const byName = new Map(rows.map(row => [nameOf(row), row]))
  for (const [at, { paidFrom, fen }] of refunds.entries()) {
    const [corp, developer] = keysOf[at]!.map(key => byName.get(nameOf(key)))
    if (paidFrom.endsWith(` ${urgentPart}`)) corp!.urgent = Math.max(0, corp!.urgent - fen)
    else for (const row of [corp, developer]) if (row) row.used = Math.max(0, row.used - fen)
  }
  await putSpent(tx, rows, new Date(ctx.now()))
  const stopped = rows.filter(row => row.isStopped || row.isUrgentStopped).map(row => row.corpId)
  for (const corpId of [...new Set(stopped)].sort()) {
    await checkAlerts(ctx, tx, corpId)
    await enqueue(tx, [{ corpId, stream: 'sms-budgets' }], new Date(ctx.now() + lookAgainMs))
  }
}

/** What waits for budget is looked at after refunds of so long together. */
const lookAgainMs = 60_000

/** For how many persons at `fen` each there is budget now, for a choice between channels; nothing is taken. Infinity without a budget. */
export async function affordable(
  ctx: PayNeeds,
  { corpId, devId }: { corpId: string; devId: string },
  fen: number,
): Promise<number> {
  const budget = budgetOf(ctx, corpId, devId)
  if (!budget) return Infinity
  const month = monthOf(ctx.now(), zoneOf(ctx, corpId))
  const [corp, developer] = await Promise.all(keysFor(corpId, devId, month).map(key => spentOf(ctx.db, key)))
  return Math.min(
    personsFor(budget.corp, corp?.used ?? 0, fen),
    personsFor(budget.developer, developer?.used ?? 0, fen),
  )
}
