import { currentLanguage, locale } from '../language.ts'

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

/** Local date and time to the second. The year is left out when it is the current one. */
export function formatTime(at: string | number | Date): string {
  const date = new Date(at)
  const isThisYear = date.getFullYear() === new Date().getFullYear()
  return date.toLocaleString(locale(), {
    ...(isThisYear ? {} : { year: 'numeric' }),
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
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

/** A local date such as 2026年12月1日. */
export function formatDay(at: string | number | Date): string {
  return new Date(at).toLocaleDateString(locale(), { year: 'numeric', month: 'long', day: 'numeric' })
}

/** The day of a chart's axis, such as 11/28. */
export function formatAxisDay(at: number): string {
  return new Date(at).toLocaleDateString(locale(), { month: 'numeric', day: 'numeric' })
}

/** A local time to the minute, with its year. */
export function formatMoment(at: string | number | Date): string {
  return new Date(at).toLocaleString(locale(), {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** `1.4 GB`; a dash for what has no size yet. */
export function formatSize(bytes: number | null): string {
  if (bytes === null) return '—'
  const power = bytes < 1000 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${sizeUnits[power]}`
}
