import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'

/** What the operator allows a corp; each is refused, or for members only told, by the room in which it grows. */
export const quotaNames = ['members', 'developers', 'callsPerDay', 'messagesPerDay'] as const
export type QuotaName = (typeof quotaNames)[number]

/** What is left out has no limit. */
export type Quotas = { readonly [Q in QuotaName]?: number }

/** A change; null takes a quota away, and what is left out stays. */
export type QuotaChange = { readonly [Q in QuotaName]?: number | null }

export const quotaWords: Readonly<Record<QuotaName, Words>> = {
  members: { zh: '成员', en: 'members' },
  developers: { zh: '开发者', en: 'developers' },
  callsPerDay: { zh: '每天接口调用', en: 'calls a day' },
  messagesPerDay: { zh: '每天消息', en: 'messages a day' },
}

export const quotaAtMost = 1_000_000_000
/** From this part of a quota on, somebody should look at it. */
const nearFrom = 0.8

export type QuotaState = 'ok' | 'near' | 'full' | 'exceeded'

/** `full`: the next one is refused. More than a quota there is when it was set below the use, and where wisp does not refuse. */
export function quotaState(used: number, quota: number): QuotaState {
  if (used > quota) return 'exceeded'
  if (used === quota) return 'full'
  return used >= quota * nearFrom ? 'near' : 'ok'
}

/** In one order, whatever the database made of it. */
export function inOrder(quotas: Quotas): Quotas {
  return Object.fromEntries(
    quotaNames.flatMap(name => (quotas[name] === undefined ? [] : [[name, quotas[name]]])),
  )
}

/** Reads what somebody set. Throws 1000. */
export function readQuotas(given: object): QuotaChange {
  for (const [name, value] of Object.entries(given)) {
    if (!quotaNames.includes(name as QuotaName))
      throw new ApiError('badParameter', {
        zh: told`没有配额 ${name}；可用: ${own(quotaNames.join('、'))}`,
        en: told`there is no quota ${name}; there are: ${own(quotaNames.join(', '))}`,
      })
    const { zh, en } = quotaWords[name as QuotaName]
    if (value !== null && value !== undefined && !isQuota(value))
      throw new ApiError('badParameter', {
        zh: told`配额“${own(zh)}”应为 1 到 ${own(quotaAtMost)} 的整数，或留空表示不限`,
        en: told`the quota of ${own(en)} should be an integer from 1 to ${own(quotaAtMost)}, or empty for none`,
      })
  }
  return given
}

function isQuota(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= quotaAtMost
}

/** Returns the refusal of what would exceed a quota: a quota of a day holds until the day ends, others until there is room. */
export function overQuota(name: QuotaName, quota: number, retryAfterSeconds?: number): ApiError {
  const { zh, en } = quotaWords[name]
  if (retryAfterSeconds === undefined)
    return new ApiError('badParameter', {
      zh: told`企业配额“${own(zh)}”最多 ${own(quota)}，已用完；请平台管理员调整`,
      en: told`the corp's quota of ${own(quota)} ${own(en)} is used up: ask the operator for more`,
    })
  const words = {
    zh: told`企业配额“${own(zh)}”${own(quota)} 今天已用完，北京时间 0 点恢复；或请平台管理员调整`,
    en: told`the corp's quota of ${own(quota)} ${own(en)} is used up for today and resets at 00:00 Beijing time; or ask the operator for more`,
  }
  return new ApiError('tooManyRequests', words, { retryAfterSeconds })
}
