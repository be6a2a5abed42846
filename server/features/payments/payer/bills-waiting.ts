import type { Core } from '../../../platform/core.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import type { WaitingRow } from '../../../platform/manifest/waiting.ts'
import type { Apps } from '../../apps/catalog.ts'
import { countOpenOf } from '../bills/store.ts'
import { paymentAppOf } from '../merchants/payment-app.ts'

/** The bills that a member has to pay, in 统一支付. */
export async function billsWaiting(
  ctx: Core & { apps: Apps },
  corpId: string,
  { member }: Person,
): Promise<WaitingRow[]> {
  const app = paymentAppOf(ctx, corpId)
  if (!app || !member) return []
  const count = await countOpenOf(ctx.db, corpId, member.id)
  if (count === 0) return []
  const title = { zh: '待付款的账单', en: 'Bills to pay' }
  return [{ icon: 'bill', title, count, link: { to: 'app', appId: app.id } }]
}
