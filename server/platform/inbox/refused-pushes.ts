import type { Core } from '../core.ts'
import { refusalsOfAccount, refusalsTold } from '../http/upstream-push.ts'
import { countsOf } from '../security/counters.ts'
import type { InboxStream } from './event-store.ts'
import { lastPushesOf } from './push-store.ts'

const withinMs = 86_400_000

/** Those of these to which so many pushes were refused within a day that people are told, and none was right since. */
export async function refusedPushes<S extends { corpId: string; account: string }>(
  ctx: Core,
  stream: InboxStream,
  all: readonly S[],
): Promise<(S & { count: number })[]> {
  const subjects = all.map(one => ({ ...one, of: one.account }))
  const counts = await countsOf(ctx, refusalsOfAccount, subjects, new Date(ctx.now() - withinMs))
  const many = counts.filter(one => one.count >= refusalsTold)
  const taken = await lastPushesOf(ctx.db, stream, many)
  const lastOf = new Map(taken.map(({ corpId, account, at }) => [`${corpId} ${account}`, at]))
  return many.filter(({ corpId, account, beganAt }) => {
    const last = lastOf.get(`${corpId} ${account}`)
    return last === undefined || last <= beganAt
  })
}
