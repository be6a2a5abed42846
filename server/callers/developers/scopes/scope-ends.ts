import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { calendarDay, momentOfClock } from '../../../platform/moments.ts'

/** Scope: the last day on which it may be used, as `2026-12-31` on the corp's clocks. Scopes that are not named have no end. */
export type ScopeDays = Record<string, string>

const dayMs = 86_400_000

/**
 * When the last day ends, in ISO 8601. Throws 1000 for what is no day, and for one that is over already.
 */
export function readEnd(day: string, now: number, timeZone: string): string {
  const inUtc = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN
  if (Number.isNaN(inUtc) || calendarDay(inUtc, 'UTC') !== day)
    throw new ApiError('badParameter', {
      zh: told`到期日 ${day} 应为 2026-12-31 这样的日期`,
      en: told`the end date ${day} should be a date like 2026-12-31`,
    })
  const next = calendarDay(inUtc + dayMs, 'UTC')
  const end = momentOfClock(`${next}T00:00:00`, timeZone)
  if (end <= now)
    throw new ApiError('badParameter', {
      zh: told`到期日 ${day} 已经过去`,
      en: told`the end date ${day} is in the past`,
    })
  return new Date(end).toISOString()
}

/** The last day of a scope that ends at this moment. */
export function lastDayOf(end: string | Date, timeZone: string): string {
  return calendarDay(new Date(end).getTime() - 1, timeZone)
}

export function daysOf(ends: Readonly<Record<string, string>>, timeZone: string): ScopeDays {
  return Object.fromEntries(Object.entries(ends).map(([scope, end]) => [scope, lastDayOf(end, timeZone)]))
}

/**
 * The ends of a developer's scopes after a change of them, or of their ends. A day that was set before may stay even when it is
 * over. Throws 1000 for an end of a scope that the developer does not have.
 */
export function endsAfter(
  stored: { scopes: readonly string[]; scopeEnds: Readonly<Record<string, string>> },
  change: { scopes?: readonly string[] | undefined; days?: ScopeDays | undefined },
  { now, timeZone }: { now: number; timeZone: string },
): Record<string, string> {
  const has = new Set(change.scopes ?? stored.scopes)
  if (!change.days)
    return Object.fromEntries(Object.entries(stored.scopeEnds).filter(([scope]) => has.has(scope)))
  const before = daysOf(stored.scopeEnds, timeZone)
  return Object.fromEntries(
    Object.entries(change.days).map(([scope, day]) => {
      if (!has.has(scope))
        throw new ApiError('badParameter', {
          zh: told`有到期日的 ${own(scope)} 不在权限之中`,
          en: told`${own(scope)} has an end date, but is not among the scopes`,
        })
      return [scope, before[scope] === day ? stored.scopeEnds[scope]! : readEnd(day, now, timeZone)]
    }),
  )
}
