import { ApiError } from '../../../platform/http/errors.ts'
import { checkTimeZone } from '../../../platform/http/rules.ts'
import { told } from '../../../platform/http/told.ts'
import { partsIn } from '../../../platform/time-zone.ts'
import type { QuietHours } from './settings-store.ts'

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
export function checkQuietHours({ from, to, timeZone }: QuietHours): void {
  if (from === to)
    throw new ApiError('badParameter', {
      zh: 'quietHours 的开始和结束不能相同',
      en: 'quietHours should not begin and end at the same time',
    })
  checkTimeZone(timeZone, 'timeZone')
}

/** When the quiet hours that `at` is in end; undefined outside of them. Where clocks change, to within that change. */
export function quietUntil(quiet: QuietHours | null, at: number): Date | undefined {
  if (!quiet) return undefined
  const { from, to, timeZone } = quiet
  const now = minuteOfDay(at, timeZone)
  const isQuiet = from < to ? now >= from && now < to : now >= from || now < to
  if (!isQuiet) return undefined
  const left = (to - now + dayMinutes) % dayMinutes
  const minute = Math.floor(at / 60_000) * 60_000
  return new Date(minute + left * 60_000)
}

function minuteOfDay(at: number, timeZone: string): number {
  const { hour, minute } = partsIn(new Date(at), timeZone)
  return Number(hour) * 60 + Number(minute)
}
