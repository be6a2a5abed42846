import type { Setups } from '../channel.ts'
import { paceLimits } from './pace-store.ts'

/**
 * WeCom's limit is 200 times the corp's account limit, which no call tells. Its members, without those who quit, are never more
 * than that, so that what follows from them is safe (docs/upstream/wecom-messages.md#frequency).
 */
export function usualDayCap(members: number): number {
  return members * paceLimits.personTimesPerAccount
}

/** How many person-times each agent of the corp may send a day. `members` are those of the corp without those who quit. */
export function dayCap(ctx: { messageSettings: Setups }, corpId: string, members: number): number {
  const { settings } = ctx.messageSettings.setupOf<{ dailyCap?: number }>(corpId, 'wecom')
  return settings?.dailyCap ?? usualDayCap(members)
}
