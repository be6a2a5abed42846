import type { Core } from '../../../platform/core.ts'
import { formatMoney } from '../../../platform/format.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import { dueAtMost, type WaitingRow } from '../../../platform/manifest/waiting.ts'
import type { Apps } from '../../apps/catalog.ts'
import { countOpenOf, dueBillsOf } from '../bills/store.ts'
import { paymentAppOf } from '../merchants/payment-app.ts'

/** The bills that a member has to pay, in 统一支付, and those that are due first. */
export async function billsWaiting(
  ctx: Core & { apps: Apps },
  corpId: string,
  { member }: Person,
): Promise<WaitingRow[]> {
  const app = paymentAppOf(ctx, corpId)
  if (!app || !member) return []
  const [count, due] = await Promise.all([
    countOpenOf(ctx.db, corpId, member.id),
    dueBillsOf(ctx.db, corpId, member.id, dueAtMost),
  ])
  if (count === 0) return []
  const title = { zh: '缴费', en: 'Bills to pay' }
  const link = { to: 'app', appId: app.id } as const
  const items = due.map(({ amount, ...bill }) => ({ ...bill, note: formatMoney(amount), link }))
  return [{ icon: 'bill', title, count, link, due: items }]
}
