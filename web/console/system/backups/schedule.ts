/** When backups are made, as people choose it. `days` are 1 (Monday) to 7; `day` is one of a month. */
export type Schedule = { every: 'day' | 'week' | 'month'; time: string; days: readonly number[]; day: number }

export const usualSchedule: Schedule = { every: 'day', time: '03:30', days: [1], day: 1 }

/** What a cron line says; undefined for one that says more than a time of every day, of some days of the week, or of one of the month. */
export function scheduleOf(cron: string): Schedule | undefined {
  const [minute, hour, day, month, weekday, ...rest] = cron.trim().split(/\s+/)
  const time = timeOf(hour, minute)
  if (!time || month !== '*' || rest.length > 0) return undefined
  if (weekday === '*') {
    if (day === '*') return { ...usualSchedule, time }
    const date = numberIn(day, 1, 31)
    return date === undefined ? undefined : { ...usualSchedule, every: 'month', time, day: date }
  }
  const days = day === '*' ? weekdaysOf(weekday ?? '') : undefined
  if (!days) return undefined
  return days.length === 7 ? { ...usualSchedule, time } : { ...usualSchedule, every: 'week', time, days }
}

export function cronOf({ every, time, days, day }: Schedule): string {
  const [hour, minute] = time.split(':').map(Number)
  const date = every === 'month' ? String(day) : '*'
  // Sunday is 0 for every reader of cron lines, and 7 for most.
  const weekdays = every === 'week' ? days.map(one => one % 7).join(',') : '*'
  return `${minute} ${hour} ${date} * ${weekdays}`
}

function timeOf(hour = '', minute = ''): string | undefined {
  const [h, m] = [numberIn(hour, 0, 23), numberIn(minute, 0, 59)]
  if (h === undefined || m === undefined) return undefined
  return `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`
}

function numberIn(text = '', from: number, to: number): number | undefined {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= from && value <= to ? value : undefined
}

/** `1,3`, `1-5` or `0`, in order. */
function weekdaysOf(text: string): number[] | undefined {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last = first, ...rest] = part.split('-')
    const [from, to] = [numberIn(first, 0, 7), numberIn(last, 0, 7)]
    if (from === undefined || to === undefined || from > to || rest.length > 0) return undefined
    for (let day = from; day <= to; day++) days.add(day === 0 ? 7 : day)
  }
  return [...days].sort((a, b) => a - b)
}
