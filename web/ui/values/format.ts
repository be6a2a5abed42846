import {
  calendarDay,
  calendarDayIn,
  clockOf,
  type DueState,
  dueStateOf,
  momentIn,
} from '../../../server/platform/moments.ts'
import { currentLanguage, locale } from '../language.ts'
import { pageZone } from './zone.ts'

export { formatNumber } from '../language.ts'

/** Returns for example 1.5 MB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value.toLocaleString(locale(), { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[power]}`
}

/** Formats a share between 0 and 1 as for example 12.3%. */
export function formatShare(value: number): string {
  return value.toLocaleString(locale(), { style: 'percent', maximumFractionDigits: 1 })
}

/** A time within a text: `今天 18:00`, and in English `today 18:00`. */
export function formatTime(at: string | number | Date): string {
  return written(at, { isWithin: true })
}

/** The same to the second, for what happens in quick succession. */
export function formatExactTime(at: string | number | Date): string {
  return written(at, { isWithin: true, to: 'second' })
}

/** The whole date with its year, and the time to the second: for what is kept or printed, and where somebody asks for more. */
export function formatWhole(at: string | number | Date): string {
  return momentIn(currentLanguage(), new Date(at), { timeZone: pageZone(), to: 'second' })
}

/** A day within a text: `今天`, `12 月 1 日`, `2025 年 12 月 1 日`. */
export function formatDay(at: string | number | Date): string {
  return written(at, { isWithin: true, to: 'day' })
}

/** A day of the calendar such as `2026-12-31`, in the same words. */
export function formatCalendarDay(day: string): string {
  return calendarDayIn(currentLanguage(), day, { today: pageDay(), isWithin: true })
}

/** The same by itself, as in a list: `今天`, `Today`. */
export function formatListedDay(day: string): string {
  return calendarDayIn(currentLanguage(), day, { today: pageDay() })
}

/** The day that it is on the corp's clocks, such as `2026-12-31`. */
export const pageDay = (): string => calendarDay(Date.now(), pageZone())

/** The hour on them. */
export const pageHour = (): number => Number(clockOf(Date.now(), pageZone()).slice(11, 13))

/** Whether the time of an open thing is over, or today. */
export function dueState(dueAt: string | number | Date): DueState {
  return dueStateOf(new Date(dueAt), { timeZone: pageZone(), now: Date.now() })
}

/** As a cell or a line of its own begins. */
export function written(
  at: string | number | Date,
  form: { to?: 'day' | 'minute' | 'second' | undefined; isWithin?: boolean } = {},
): string {
  return momentIn(currentLanguage(), new Date(at), { ...form, timeZone: pageZone(), now: Date.now() })
}

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** Returns for example 3 分钟前. */
export function formatAgo(at: string | number | Date, now = Date.now()): string {
  const ms = new Date(at).getTime() - now
  const [unit, size] = steps.find(([, size]) => Math.abs(ms) >= size) ?? steps[3]
  const text = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.trunc(ms / size), unit)
  return text.replace('秒钟', '秒').replace(/^(\d+)(?=\p{sc=Han})/u, '$1 ')
}

/** The two largest units of a duration, for example 40 毫秒, 1.6 秒, 2 小时 5 分钟. Below 10 ms fractions tell something too. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return unitText(ms, 'millisecond', ms < 1 ? 2 : ms < 10 ? 1 : 0)
  const parts: string[] = []
  let left = ms
  for (const [unit, size] of steps) {
    const count = unit === 'second' && parts.length === 0 ? left / size : Math.floor(left / size)
    if (count < 1 && parts.length === 0) continue
    if (count >= 1) parts.push(unitText(count < 10 && unit === 'second' ? count : Math.floor(count), unit, 1))
    left -= Math.floor(count) * size
    if (parts.length === 2) break
  }
  return parts.join(' ')
}

const chineseUnits = { day: '天', hour: '小时', minute: '分钟', second: '秒', millisecond: '毫秒' } as const

function unitText(value: number, unit: keyof typeof chineseUnits, maximumFractionDigits: number): string {
  if (currentLanguage() === 'zh')
    return `${value.toLocaleString(locale(), { maximumFractionDigits })} ${chineseUnits[unit]}`
  return value.toLocaleString(locale(), { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits })
}

/** The day of a chart's axis, which begins at this moment in UTC. */
export function formatAxisDay(at: number): string {
  return momentIn(currentLanguage(), at, { timeZone: 'UTC', now: Date.now(), to: 'day', isKept: true })
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** `1.4 GB`; a dash for what has no size yet. */
export function formatSize(bytes: number | null): string {
  if (bytes === null) return '—'
  const power = bytes < 1000 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${sizeUnits[power]}`
}
