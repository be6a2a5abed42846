import type { Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import type { Way } from './part-store.ts'

/** The ways of a channel in their order, with the accounts that they lead to as this node knows them. */
export function waysOf(
  { messageSettings }: { messageSettings: Setups },
  corpId: string,
  name: string,
): readonly Way[] {
  const { ways, accountOf } = channelOf(name)
  if (!ways) return []
  const setup = messageSettings.setupOf(corpId, name)
  return ways(setup).map(way => ({ name: way, account: accountOf?.(setup, way) }))
}
