import { boolean, ControlError, onlyKeys, optional, string, whole } from '../../http/control-input.ts'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import type { Account } from '../state/account.ts'
import { accountOf } from './console.ts'

/** Every account with its sizes and settings; of one account, all that WeChat keeps of it. */
export function describe(platform: OfficialPlatform, input: Input): object {
  onlyKeys(input, 'originalId')
  if (input['originalId'] === undefined)
    return { rules: platform.rules, accounts: platform.accounts.map(summary) }
  const account = accountOf(platform, input)
  return { ...summary(account), ...Object.fromEntries(account.dump()) }
}

const summary = (account: Account): object => ({
  ...account.profile,
  followers: account.followers.list().length,
  subscribed: account.followers.subscribed().length,
  messages: account.log.size,
  pending: account.pushes.size,
  settings: account.settings,
})

/** Followers by nickname, remark or openid, for the telephone page and for scripts. */
export function findFollowers(platform: OfficialPlatform, input: Input): object {
  onlyKeys(input, 'originalId', 'search', 'limit', 'offset')
  const account = accountOf(platform, input)
  const search = optional(input, 'search', string) ?? ''
  const limit = optional(input, 'limit', whole(1, 10_000)) ?? 60
  const offset = optional(input, 'offset', whole(0, 10_000_000)) ?? 0
  const found = account.followers
    .list()
    .filter(one => [one.nickname, one.remark, one.openid].some(text => text.includes(search)))
  return { total: found.length, followers: found.slice(offset, offset + limit) }
}

/** What belongs to the person: the name, the telephone's system, and whether template messages are refused. */
export function setFollower(platform: OfficialPlatform, input: Input): object {
  onlyKeys(input, 'originalId', 'appId', 'openid', 'nickname', 'platform', 'refusesTemplates')
  const { followers } = accountOf(platform, input)
  const follower = followers.get(string(input['openid'], 'openid'))
  if (!follower) throw new ControlError(`there is no follower ${input['openid']}`)
  const nickname = optional(input, 'nickname', string)
  const system = optional(input, 'platform', whole(1, 3)) as 1 | 2 | 3 | undefined
  const refusesTemplates = optional(input, 'refusesTemplates', boolean)
  Object.assign(
    follower,
    nickname !== undefined && { nickname },
    system !== undefined && { platform: system },
    refusesTemplates !== undefined && { refusesTemplates },
  )
  followers.save(follower)
  return follower
}
