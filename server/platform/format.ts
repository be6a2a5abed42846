import type { Words } from './http/words.ts'

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

/** A local time such as `2026-11-28 09:05:00`. */
export function formatTime(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** `1.4 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}
