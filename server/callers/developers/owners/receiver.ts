import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { namedMembers, viewOf } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ownersOf } from './owner-store.ts'

/** The first owner who is in the developer's sight: messages and bills that it tries go to nobody else. */
export async function receiverValues(
  ctx: Core & { mirrors: Mirrors },
  developer: Caller,
): Promise<Record<string, string>> {
  const owners = await ownersOf(ctx.db, developer.corpId, developer.devId)
  const userIds = owners.filter(one => one.mayAct).map(one => one.userId)
  if (userIds.length === 0) return {}
  const seen = await namedMembers(ctx, viewOf(ctx, developer), userIds)
  const receiver = userIds.find(userId => seen.has(userId))
  return receiver === undefined ? {} : { receiver }
}
