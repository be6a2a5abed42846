import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { reachOf } from '../bills/creator.ts'
import { latestBillOf } from '../bills/store.ts'
import { latestRequestOf } from '../refunds/refund-store.ts'

/** Bills that the developer made, and a refund that it asked for, to try calls with. */
export async function billValues(
  ctx: Core & { mirrors: Mirrors },
  developer: Caller,
): Promise<Record<string, string>> {
  if (!developer.scopes.has('pay:read')) return {}
  const { corpId, devId } = developer
  const reach = reachOf(viewOf(ctx, developer))
  const billNo = await latestBillOf(ctx.db, corpId, devId, reach)
  if (!developer.scopes.has('pay:refund')) return billNo ? { billNo } : {}
  const paidBillNo = await latestBillOf(ctx.db, corpId, devId, reach, 'refundable')
  const refundRequestId = await latestRequestOf(ctx.db, corpId, devId)
  return {
    ...(billNo ? { billNo } : {}),
    ...(paidBillNo ? { paidBillNo } : {}),
    ...(refundRequestId ? { refundRequestId } : {}),
  }
}
