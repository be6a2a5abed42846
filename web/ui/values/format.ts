import { currentLanguage } from '../language.ts'

const locale = () => (currentLanguage() === 'en' ? 'en-GB' : 'zh-CN')

/** Returns for example 12,345. */
export function formatNumber(value: number): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: 2 })
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

/** Local date. The year is left out when it is the current one. */
export function formatDay(at: string | number | Date): string {
  const date = new Date(at)
  const isThisYear = date.getFullYear() === new Date().getFullYear()
  return date.toLocaleDateString(locale(), {
    ...(isThisYear ? {} : { year: 'numeric' }),
    month: 'long',
    day: 'numeric',
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

/** The two largest units of a duration, for example 2 小时 5 分钟. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return unitText(Math.round(ms), 'millisecond')
  const parts: string[] = []
  let left = ms
  for (const [unit, size] of steps) {
    const count = unit === 'second' && parts.length === 0 ? left / size : Math.floor(left / size)
    if (count < 1 && parts.length === 0) continue
    if (count >= 1) parts.push(unitText(count < 10 && unit === 'second' ? count : Math.floor(count), unit))
    left -= Math.floor(count) * size
    if (parts.length === 2) break
  }
  return parts.join(' ')
}

function unitText(value: number, unit: string): string {
  return value.toLocaleString(locale(), {
    style: 'unit',
    unit,
    unitDisplay: currentLanguage() === 'en' ? 'short' : 'long',
    maximumFractionDigits: 1,
  })
}
