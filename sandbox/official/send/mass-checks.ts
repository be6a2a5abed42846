import { createHash } from 'node:crypto'
import type { CallRequest } from '../call.ts'
import { OfficialError } from '../error.ts'
import { text } from '../input.ts'
import { dayInChina, monthInChina } from '../rules/days.ts'
import type { Account } from '../state/account.ts'
import type { Follower } from '../state/followers.ts'
import { inAudience } from '../state/log.ts'
import { type Mass, massOf } from '../state/mass.ts'

/** When mass messages were asked for within the last minute. */
const asked = new WeakMap<Account, number[]>()

/**
 * The clientmsgid of the call, or one from its content. Throws 45011 beyond 60 calls a minute, and 45065 or
 * 45066 with the first one's ids when the same was sent before.
 */
export function cleared({ platform, account, input }: CallRequest): string | undefined {
  const { rules } = platform
  const now = platform.now()
  const times = (asked.get(account) ?? []).filter(at => at > now - 60_000)
  if (times.length >= rules.massPerMinute) throw new OfficialError(45011)
  asked.set(account, [...times, now])
  const given = text(input, 'clientmsgid')
  if (given !== undefined && Buffer.byteLength(given) > rules.massClientIdBytes)
    throw new OfficialError(45067)
  const made = rules.massClientIdFromContent ? hashOf(input) : undefined
  const id = given || made
  const known = massOf(account)
    .values()
    .findLast(mass => mass.clientMsgId === id && now - mass.at < rules.massClientIdSeconds * 1000)
  if (id === undefined || !known) return id
  if (now - known.at < rules.massRetrySeconds * 1000) throw new OfficialError(45066)
  throw new OfficialError(45065, '', { msg_id: known.msgId, msg_data_id: known.msgDataId })
}

const hashOf = ({ clientmsgid: _, ...content }: CallRequest['input']): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex')

/** Throws 45028 when the account may send no such message today, or this month. */
export function checkQuota({ platform, account }: CallRequest, toAll: boolean): void {
  const { rules } = platform
  const sent = counted(account)
  const today = sent.filter(mass => dayInChina(mass.at) === dayInChina(platform.now()))
  const all = sent.filter(mass => mass.toAll)
  const refused =
    account.profile.kind === 'subscription'
      ? today.length >= rules.massPerDay
      : toAll && all.filter(mass => inMonth(mass, platform.now())).length >= rules.massPerMonth
  if (refused || (toAll && today.filter(mass => mass.toAll).length >= rules.massToAllPerDay))
    throw new OfficialError(45028)
}

/** Those who can still get a message: not blocked, and of a 服务号 fewer than four this month. */
export function reachable({ platform, account }: CallRequest, followers: readonly Follower[]): Follower[] {
  const open = followers.filter(follower => follower.subscribed && !follower.blocked)
  if (account.profile.kind === 'subscription') return open
  const sent = counted(account)
    .filter(mass => inMonth(mass, platform.now()))
    .map(mass => Buffer.from(mass.audience, 'base64'))
  const most = platform.rules.massPerMonth
  return open.filter(({ index }) => sent.filter(bits => inAudience(bits, index)).length < most)
}

const counted = (account: Account): Mass[] =>
  massOf(account)
    .values()
    .filter(mass => mass.status !== 'SEND_FAIL')

const inMonth = (mass: Mass, now: number): boolean => monthInChina(mass.at) === monthInChina(now)
