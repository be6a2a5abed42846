import { boolean, ControlError, onlyKeys, optional, string } from '../../http/control-input.ts'
import type { Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import { closeSession, openSession } from '../push/kf-session.ts'
import { kfAccountsOf, kfSessionsOf } from '../state/kf.ts'
import { accountOf } from './console.ts'

/**
 * What a worker does in WeChat's own customer service: accepts or refuses the invitation, goes online, takes
 * over a follower, answers, and ends the session.
 */
export function doKf(platform: OfficialPlatform, input: Input): object {
  onlyKeys(input, 'originalId', 'appId', 'kfAccount', 'accept', 'online', 'take', 'say', 'close')
  const account = accountOf(platform, input)
  const accounts = kfAccountsOf(account)
  const name = string(input['kfAccount'], 'kfAccount')
  const known = accounts.get(name)
  if (!known) throw new ControlError(`there is no customer-service account ${name}`)
  const accept = optional(input, 'accept', boolean)
  if (accept !== undefined) {
    const { invite_wx, invite_status: _, invite_expire_time: __, ...others } = known
    if (invite_wx === undefined) throw new ControlError('nobody is invited')
    accounts.set(
      name,
      accept ? { ...others, kf_wx: invite_wx } : { ...known, invite_status: 'rejected' as const },
    )
  }
  const online = optional(input, 'online', boolean)
  if (online !== undefined) accounts.set(name, { ...accounts.get(name)!, online })
  const take = optional(input, 'take', string)
  if (take !== undefined) openSession(platform, account, take, name)
  const say = input['say'] as { openid?: string; content?: string } | undefined
  if (say !== undefined) {
    const openid = string(say.openid, 'say.openid')
    const content = { content: string(say.content, 'say.content'), worker: name }
    account.log.add({ openid, from: 'account', how: 'kf', type: 'text', content })
  }
  const close = optional(input, 'close', string)
  if (close !== undefined) closeSession(platform, account, close)
  return { ...accounts.get(name), sessions: kfSessionsOf(account).values() }
}
