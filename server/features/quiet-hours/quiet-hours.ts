import { ApiError } from '../../platform/http/errors.ts'
import { checkTimeZone } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'

/** When nobody wants to be disturbed: minutes of the day in a named zone; `days` are those on which it begins, 1 is Monday. */
export type QuietHours = { days: readonly number[]; from: number; to: number; timeZone: string }

export const allDays: readonly number[] = [1, 2, 3, 4, 5, 6, 7]

const dayMinutes = 24 * 60

/** Reads `22:00`, up to `24:00`. Throws 1000. */
export function readMinute(given: string, name: string): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(given) ?? []
  const read = Number(hours) * 60 + Number(minutes)
  if (hours === undefined || Number(minutes) > 59 || read > dayMinutes)
    throw new ApiError('badParameter', {
      zh: told`${name} 应为时刻，例如 22:00，收到 ${given}`,
      en: told`${name} should be a time of day such as 22:00, got ${given}`,
    })
  return read % dayMinutes
}

export function minuteWords(minute: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** Throws 1000. */
export function checkQuietHours({ days, from, to, timeZone }: QuietHours): void {
  if (from === to)
    throw new ApiError('badParameter', {
      zh: 'quietHours 的开始和结束不能相同',
      en: 'quietHours should not begin and end at the same time',
    })
  const wrong = days.find((day, at) => !allDays.includes(day) || days.indexOf(day) !== at)
  if (wrong !== undefined || days.length === 0)
    throw new ApiError('badParameter', {
      zh: told`quietHours.days 应为 1（周一）到 7（周日），至少一天且不重复，收到 ${own(days.join(',') || '空')}`,
      en: told`quietHours.days should be days from 1 (Monday) to 7 (Sunday), at least one and none twice, got ${own(days.join(',') || 'none')}`,
    })
  checkTimeZone(timeZone, 'timeZone')
}
