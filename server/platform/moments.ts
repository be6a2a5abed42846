import { partsIn } from './time-zone.ts'
import type { Language } from './words.ts'

/** How a moment is written. */
export type MomentForm = {
  /** Whose clocks: the corp's, a name of the IANA database. */
  timeZone: string
  /** In ms since the epoch. It decides what is today, and which year needs no telling; without it the whole date is written. */
  now?: number | undefined
  /** To the minute where it is left out. */
  to?: 'day' | 'minute' | 'second' | undefined
  /** For what is read on other days too, such as a mail: the date, and never 今天. */
  isKept?: boolean | undefined
  /** Within an English sentence: `today 18:00`. */
  isWithin?: boolean | undefined
}

const dayMs = 86_400_000
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const near = new Map([
  [-1, { zh: '昨天', en: 'Yesterday' }],
  [0, { zh: '今天', en: 'Today' }],
  [1, { zh: '明天', en: 'Tomorrow' }],
])

/**
 * A moment in people's words, for pages and for what the server writes: `今天 18:00`, `昨天 08:43`, `12 月 1 日 18:00`, and of another year
 * `2025 年 12 月 1 日 18:00`; in English `Today 18:00`, `Dec 1 18:00`, `Dec 1, 2025 18:00`. It depends on no zone of the process or the browser.
 */
export function momentIn(language: Language, at: number | Date, form: MomentForm): string {
  const { timeZone, now, to = 'minute', isKept = false, isWithin = false } = form
  const part = partsIn(new Date(at), timeZone)
  const clock = {
    day: '',
    minute: ` ${part.hour}:${part.minute}`,
    second: ` ${part.hour}:${part.minute}:${part.second}`,
  }[to]
  const today = now === undefined ? undefined : partsIn(new Date(now), timeZone)
  const word = today && !isKept ? near.get((midnightOf(part) - midnightOf(today)) / dayMs) : undefined
  if (word) return (language === 'en' && isWithin ? word.en.toLowerCase() : word[language]) + clock
  const [month, day] = [Number(part.month), Number(part.day)]
  const isThisYear = part.year === today?.year
  const date =
    language === 'zh'
      ? `${isThisYear ? '' : `${Number(part.year)} 年 `}${month} 月 ${day} 日`
      : `${months[month - 1]} ${day}${isThisYear ? '' : `, ${Number(part.year)}`}`
  return date + clock
}

/** A day of the calendar such as `2026-12-08`, which has no zone, in the same words. `today`: another one, which decides what is today. */
export function calendarDayIn(
  language: Language,
  day: string,
  form: Pick<MomentForm, 'isKept' | 'isWithin'> & { today?: string } = {},
): string {
  const { today, ...rest } = form
  const now = today === undefined ? undefined : Date.parse(today)
  return momentIn(language, Date.parse(day), { ...rest, timeZone: 'UTC', now, to: 'day' })
}

/** The day of the calendar there, such as `2026-12-08`. */
export function calendarDay(at: number | Date, timeZone: string): string {
  const { year, month, day } = partsIn(new Date(at), timeZone)
  return `${year}-${month}-${day}`
}

/** What clocks there show, such as `2026-12-08T18:00:00`. */
export function clockOf(at: number | Date, timeZone: string): string {
  const { hour, minute, second } = partsIn(new Date(at), timeZone)
  return `${calendarDay(at, timeZone)}T${hour}:${minute}:${second}`
}

/**
 * When clocks there show this, such as `2026-12-08T18:00:00`; in ms since the epoch. What they show twice is one of both moments, and
 * what they leave out is moved by what they leave out.
 */
export function momentOfClock(clock: string, timeZone: string): number {
  const shown = Date.parse(`${clock}Z`)
  const offset = (at: number) => Date.parse(`${clockOf(at, timeZone)}Z`) - at
  const guess = shown - offset(shown)
  return shown - offset(guess)
}

/** Returns whether the due time of an open thing is over, or on this day, which pages colour. */
export function dueStateOf(
  dueAt: number | Date,
  { timeZone, now }: { timeZone: string; now: number },
): DueState {
  if (Number(dueAt) < now) return 'late'
  return calendarDay(dueAt, timeZone) === calendarDay(now, timeZone) ? 'today' : 'later'
}

export type DueState = 'late' | 'today' | 'later'

function midnightOf({ year, month, day }: Record<'year' | 'month' | 'day', string>): number {
  return Date.UTC(Number(year), Number(month) - 1, Number(day))
}
