import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { dayOf, nextDayAt } from '../../../platform/operation/day.ts'

/** Scope: the last day on which it may be used, as `2026-12-31` in Beijing. Scopes that are not named have no end. */
export type ScopeDays = Record<string, string>

/**
 * When the last day ends, in ISO 8601. Throws 1000 for what is no day, and for one that is over already.
 */
export function readEnd(day: string, now: number): string {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00+08:00`) : Number.NaN
  if (Number.isNaN(start) || dayOf(start) !== day)
    throw new ApiError('badParameter', {
      zh: told`到期日 ${day} 应为 2026-12-31 这样的日期`,
      en: told`the end date ${day} should be a date like 2026-12-31`,
    })
  const end = nextDayAt(start)
  if (end <= now)
    throw new ApiError('badParameter', {
      zh: told`到期日 ${day} 已经过去`,
      en: told`the end date ${day} is over`,
    })
  return new Date(end).toISOString()
}

/** The last day of a scope that ends at this moment. */
export function lastDayOf(end: string | Date): string {
  return dayOf(new Date(end).getTime() - 1)
}

export function daysOf(ends: Readonly<Record<string, string>>): ScopeDays {
  return Object.fromEntries(Object.entries(ends).map(([scope, end]) => [scope, lastDayOf(end)]))
}

/**
 * The ends of a developer's scopes after a change of them, or of their ends. A day that was set before may stay even when it is
 * over. Throws 1000 for an end of a scope that the developer does not have.
 */
export function endsAfter(
  stored: { scopes: readonly string[]; scopeEnds: Readonly<Record<string, string>> },
  change: { scopes?: readonly string[] | undefined; days?: ScopeDays | undefined },
  now: number,
): Record<string, string> {
  const has = new Set(change.scopes ?? stored.scopes)
  if (!change.days)
    return Object.fromEntries(Object.entries(stored.scopeEnds).filter(([scope]) => has.has(scope)))
  const before = daysOf(stored.scopeEnds)
  return Object.fromEntries(
    Object.entries(change.days).map(([scope, day]) => {
      if (!has.has(scope))
        throw new ApiError('badParameter', {
          zh: told`有到期日的 ${own(scope)} 不在权限之中`,
          en: told`${own(scope)} has an end date, but is not among the scopes`,
        })
      return [scope, before[scope] === day ? stored.scopeEnds[scope]! : readEnd(day, now)]
    }),
  )
}
