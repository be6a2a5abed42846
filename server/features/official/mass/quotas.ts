import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import { quotaOf } from '../../../upstream/official/calls/diagnosis.ts'
import { OfficialError, OfficialUnavailable } from '../../../upstream/official/errors.ts'
import type { Account } from '../accounts/accounts.ts'
import type { AudienceKind } from './audience.ts'
import * as parts from './part-store.ts'

/** A limit of WeChat's, with how much of it is used as far as is known here. */
export type Quota = { what: Words; used: number; most: number }

const chinaMs = 8 * 3_600_000
const dayMs = 86_400_000

/** When the day and the month began in China, by which WeChat counts. */
export function startsInChina(now: number): { day: Date; month: Date } {
  const there = new Date(now + chinaMs)
  const month = Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), 1)
  const day = Math.floor(there.getTime() / dayMs) * dayMs
  return { day: new Date(day - chinaMs), month: new Date(month - chinaMs) }
}

/** The quotas of this kind of account that a message to such an audience uses (docs/upstream/official-mass.md#quotas). */
export async function quotasOf(ctx: Core, account: Account, to: AudienceKind): Promise<Quota[]> {
  const { day, month } = startsInChina(ctx.now())
  const [today, thisMonth] = await Promise.all([
    parts.countSince(ctx.db, account, day),
    parts.countSince(ctx.db, account, month),
  ])
  const quotas: Quota[] = []
  if (account.kind === 'subscription')
    quotas.push({ what: { zh: '今天群发', en: 'mass messages today' }, used: today.all, most: 1 })
  if (account.kind === 'service' && to === 'all')
    quotas.push(
      { what: { zh: '今天发给全部粉丝', en: 'sent to everybody today' }, used: today.toAll, most: 1 },
      {
        what: { zh: '本月发给全部粉丝', en: 'sent to everybody this month' },
        used: thisMonth.toAll,
        most: 4,
      },
    )
  return quotas
}

/** How often WeChat lets the account make the call today; undefined when it does not say, which keeps nobody from sending. */
export async function quotaLeft(account: Account, to: AudienceKind): Promise<Quota | undefined> {
  const path = `/cgi-bin/message/mass/${to === 'all' || to === 'tag' ? 'sendall' : 'send'}`
  try {
    const { limit, remain } = await quotaOf(account.client, path)
    const what = { zh: '微信今天的群发接口调用', en: "WeChat's calls for mass messages today" }
    return { what, used: limit - remain, most: limit }
  } catch (error) {
    if (error instanceof OfficialError || error instanceof OfficialUnavailable) return undefined
    throw error
  }
}

/** What else has to be known before sending. */
export function notesOf(account: Account, to: AudienceKind, quotas: readonly Quota[]): Words[] {
  const notes: Words[] = []
  if (quotas.some(one => one.used >= one.most))
    notes.push({
      zh: '按这里的记录，群发次数已用完，微信多半会拒绝（45028）',
      en: 'as far as is known here the mass messages are used up: WeChat will probably refuse it (45028)',
    })
  if (account.kind === 'service')
    notes.push({
      zh: '每位粉丝每月最多收到 4 条群发，超出的由微信略过，并计入「被过滤」',
      en: 'each follower gets at most 4 mass messages a month: WeChat leaves out the others and counts them as filtered',
    })
  if (to === 'all')
    notes.push({
      zh: '若公众号开启了 API 群发保护，须管理员在微信里于 30 分钟内确认，否则不发送',
      en: 'with the API protection on, an administrator has to confirm it in WeChat within 30 minutes, or it is not sent',
    })
  return notes
}
