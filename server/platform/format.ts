import { calendarDay, clockOf, momentIn } from './moments.ts'
import type { Words } from './words.ts'

/** A number of things, such as `7,868`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en', { maximumFractionDigits: 2 })
}

/** An amount in fen, such as `¥1,128.50`. */
export function formatMoney(fen: number): string {
  const yuan = (Math.abs(fen) / 100).toLocaleString('en', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
  return `${fen < 0 ? '-' : ''}¥${yuan}`
}

/** `40 毫秒`, `1.6 秒`, `90 秒`, `12 分钟`, `3 天`. */
export function formatDuration(ms: number): Words {
  const length = Math.abs(ms)
  if (length < 1000) return { zh: `${Math.round(length)} 毫秒`, en: `${Math.round(length)} ms` }
  const tenths = Math.round(length / 100) / 10
  const seconds = tenths < 10 ? tenths : Math.round(length / 1000)
  if (seconds < 120) return { zh: `${seconds} 秒`, en: counted(seconds, 'second') }
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return { zh: `${minutes} 分钟`, en: counted(minutes, 'minute') }
  const hours = Math.round(minutes / 60)
  if (hours < 48) return { zh: `${hours} 小时`, en: counted(hours, 'hour') }
  return { zh: `${Math.floor(hours / 24)} 天`, en: counted(Math.floor(hours / 24), 'day') }
}

/** `1 member`, `2,000 members`. */
export function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`
}

/** For a terminal: a time on the clocks of `timeZone`, a name of the IANA database, such as `2026-11-28 09:05:00`. */
export function formatTime(at: Date, timeZone: string): string {
  return clockOf(at, timeZone).replace('T', ' ')
}

/** The day there, such as `2026-11-28`. */
export const formatDay = calendarDay

/** For people, in what they may read on another day too: `12 月 1 日 18:00`, and the year of another one. */
export function formatMoment(at: Date, timeZone: string, now = Date.now()): Words {
  const form = { timeZone, now, isKept: true }
  return { zh: momentIn('zh', at, form), en: momentIn('en', at, form) }
}

/** The same without the time. */
export function formatDate(at: Date, timeZone: string, now = Date.now()): Words {
  const form = { timeZone, now, isKept: true, to: 'day' } as const
  return { zh: momentIn('zh', at, form), en: momentIn('en', at, form) }
}

/** `1.4 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}
