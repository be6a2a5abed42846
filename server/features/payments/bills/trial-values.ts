import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { reachOf } from './creator.ts'
import { latestBillOf } from './store.ts'

/** A bill that the developer made, to try calls with. */
export async function billValues(
  ctx: Core & { mirrors: Mirrors },
  developer: Caller,
): Promise<Record<string, string>> {
  if (!developer.scopes.has('pay:read')) return {}
  const { corpId, devId } = developer
  const billNo = await latestBillOf(ctx.db, corpId, devId, reachOf(viewOf(ctx, developer)))
  return billNo ? { billNo } : {}
}
