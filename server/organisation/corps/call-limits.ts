import { ApiError } from '../../platform/http/errors.ts'
import { type CallGroup, callGroups } from '../../platform/http/gate.ts'
import { own, told } from '../../platform/http/told.ts'

/** Calls a minute, of which all may come at once, and calls on a Beijing day. */
export type CallLimit = { perMinute: number; perDay: number }

/** Limits that were set; what is left out is inherited, by a developer from its corp, and by a corp from the standard. */
export type LimitSettings = { readonly [G in CallGroup]?: Readonly<Partial<CallLimit>> }

/** More than any honest program was seen to need; web/docs/content/en/build/limits.md gives the reasons. */
export const standardLimits: Readonly<Record<CallGroup, CallLimit>> = {
  read: { perMinute: 120_000, perDay: 20_000_000 },
  write: { perMinute: 12_000, perDay: 1_000_000 },
  message: { perMinute: 30_000, perDay: 2_000_000 },
  pay: { perMinute: 30_000, perDay: 2_000_000 },
  token: { perMinute: 60_000, perDay: 5_000_000 },
}

/** What applies to a developer. */
export function limitOf(group: CallGroup, own: LimitSettings, corp: LimitSettings): CallLimit {
  return { ...standardLimits[group], ...corp[group], ...own[group] }
}

export const limitAtMost = 1_000_000_000

/** Reads what somebody set. Throws 1000. */
export function readLimits(given: unknown): LimitSettings {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong('limits')
  const settings: Record<string, Partial<CallLimit>> = {}
  for (const [group, limit] of Object.entries(given)) {
    if (!callGroups.includes(group as CallGroup)) throw wrong(group)
    const read = readLimit(group, limit)
    if (Object.keys(read).length > 0) settings[group] = read
  }
  return settings
}

function readLimit(group: string, given: unknown): Partial<CallLimit> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong(group)
  const limit: Partial<CallLimit> = {}
  for (const [name, value] of Object.entries(given)) {
    if (name !== 'perMinute' && name !== 'perDay') throw wrong(`${group}.${name}`)
    if (value === null || value === undefined) continue
    if (!Number.isInteger(value) || value < 1 || value > limitAtMost) throw wrong(`${group}.${name}`)
    limit[name] = value
  }
  return limit
}

function wrong(what: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`调用限额 ${what}：应为 ${own(callGroups.join('、'))} 的 perMinute、perDay，1 到 ${own(limitAtMost)} 的整数`,
    en: told`call limit ${what}: it should be perMinute or perDay of ${own(callGroups.join(', '))}, an integer from 1 to ${own(limitAtMost)}`,
  })
}
