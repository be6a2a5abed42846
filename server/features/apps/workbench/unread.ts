import type { Core } from '../../../platform/core.ts'
import { type Awaited, createAwaited } from '../../../platform/http/waiting/awaited.ts'
import { followArrivals } from '../../messages/accept/arrivals.ts'

/** How many messages of each person are unread. Keys are a corp and a person in it, `corpId owner`. */
export type Unread = Awaited

export async function createUnread(ctx: Core): Promise<Unread> {
  const unread = createAwaited(ctx)
  await followArrivals(
    ctx.bus,
    (corpId, memberIds) => {
      if (memberIds) for (const id of memberIds) unread.changed(`${corpId} ${id}`)
      else unread.changedBelow(`${corpId} `)
    },
    unread.changedForAll,
  )
  return unread
}
