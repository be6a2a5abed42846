import { type Static, Type } from 'typebox'
import { ApiError } from '../../platform/http/errors.ts'
import type { Words } from '../../platform/words.ts'

const time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

/**
 * When a rule holds, by the time in China, where the people are that write. Days are 1 (Monday) to 7. A time from 22:00 to 06:00 belongs to the day
 * on which it begins.
 */
export const hoursSchema = Type.Object({
  days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7 }),
  from: time,
  to: time,
})
export type Hours = Static<typeof hoursSchema>

/** Throws 1000. */
export function checkHours({ days, from, to }: Hours): void {
  if (days.length === 0 || new Set(days).size < days.length)
    throw new ApiError('badParameter', {
      zh: 'hours.days 应为 1 到 7 中互不相同的数字，至少一个',
      en: 'hours.days should be different numbers from 1 to 7, at least one',
    })
  if (from === to)
    throw new ApiError('badParameter', {
      zh: '有效时段的开始与结束相同',
      en: 'the hours begin and end at the same time',
    })
}

const chinaMs = 8 * 3_600_000

export function holdsAt(hours: Hours | null, at: Date): boolean {
  if (!hours) return true
  const there = new Date(at.getTime() + chinaMs)
  const today = there.getUTCDay() || 7
  const yesterday = today === 1 ? 7 : today - 1
  const now = there.toISOString().slice(11, 16)
  const { days, from, to } = hours
  if (from < to) return days.includes(today) && now >= from && now < to
  return (days.includes(today) && now >= from) || (days.includes(yesterday) && now < to)
}

const dayNames = {
  zh: ['一', '二', '三', '四', '五', '六', '日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
}

export function hoursInWords({ days, from, to }: Hours): Words {
  const sorted = [...days].sort()
  const zh = sorted.map(day => dayNames.zh[day - 1]).join('、')
  const en = sorted.map(day => dayNames.en[day - 1]).join(', ')
  return { zh: `周${zh} ${from}–${to}`, en: `${en} ${from}–${to}` }
}
