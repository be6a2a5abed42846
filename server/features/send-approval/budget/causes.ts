import { zoneOf } from '../../../organisation/corps/corps.ts'
import { formatMoney } from '../../../platform/format.ts'
import type { Cause } from '../../../platform/manifest/cause.ts'
import { type SpentRow, stoppedSince } from './budget-store.ts'
import { monthOf } from './months.ts'
import { type Budget, budgetOf, type PayNeeds } from './pay.ts'
import { smsPriceOf } from './price.ts'

type Detail = { devId: string; developer: string; budget: number; isUrgent: boolean }

const dayMs = 86_400_000

/** A budget of this month is used up, and SMS waited or did not leave because of it. */
export const smsBudgetUsedUp: Cause<PayNeeds, Detail> = {
  async find(ctx) {
    // A zone may be a day behind UTC.
    const rows = await stoppedSince(ctx.db, monthOf(ctx.now() - dayMs, 'UTC'))
    return {
      found: rows.flatMap(row => {
        const { corpId, month, devId } = row
        const budget = budgetOf(ctx, corpId, devId)
        if (!budget || month !== monthOf(ctx.now(), zoneOf(ctx, corpId))) return []
        const smsPrice = smsPriceOf(ctx, corpId)
        const limit = usedUpIn(row, budget, smsPrice)
        if (limit === undefined) return []
        const developer = devId === '' ? '' : (ctx.developers.get(devId)?.name ?? devId)
        const isUrgent = devId === '' && row.isUrgentStopped && budget.urgent - row.urgent < smsPrice
        return [{ corpId, subject: devId, detail: { devId, developer, budget: limit, isUrgent } }]
      }),
    }
  },
  severityOf: ({ isUrgent }) => (isUrgent ? 'bad' : 'warn'),
  tell: ({ devId, developer, budget, isUrgent }) => ({
    title: developer
      ? {
          zh: `「${developer}」本月的短信预算已用完`,
          en: `The SMS budget of ${developer} is used up for this month`,
        }
      : { zh: '企业本月的短信预算已用完', en: 'The SMS budget of the corp is used up for this month' },
    what: {
      zh: `预算 ${formatMoney(budget)}。普通消息的短信不再发出，必达的等待预算${isUrgent ? '；紧急消息的部分也已用完，紧急短信不再发出' : ''}。`,
      en: `The budget is ${formatMoney(budget)}. SMS of normal messages do not leave any more, and those that must arrive wait for budget${isUrgent ? '; the part for urgent messages is used up too, and urgent SMS do not leave' : ''}.`,
    },
    fix: {
      zh: '请提高预算，等待的短信随即发出；或等到下月。',
      en: 'Raise the budget, and what waits leaves at once; or wait for the next month.',
    },
    path: devId ? `/console/apps/developers/${devId}` : '/console/messages/settings',
  }),
}

/** The limit that is used up. */
function usedUpIn(
  { devId, used, urgent, ...row }: SpentRow,
  budget: Budget,
  fen: number,
): number | undefined {
  const limit = devId === '' ? budget.corp : budget.developer
  if (limit === undefined || limit - used >= fen) return undefined
  if (row.isStopped) return devId === '' ? limit + budget.urgent : limit
  return row.isUrgentStopped && budget.urgent - urgent < fen ? limit + budget.urgent : undefined
}
