import type { Translator } from '../ui/text.ts'
import { formatDay } from '../ui/values/format.ts'
import type { Bill } from './data.ts'

const dayMs = 86_400_000

/** How many calendar days from today; negative when it is over. */
function daysUntil(at: string, now: Date): number {
  const due = new Date(at)
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return (midnight(due) - midnight(now)) / dayMs
}

/** When an open bill is due, in words; `isLate` when that is over. */
export function dueWords(
  t: Translator<'pay'>,
  dueAt: string | null,
  now = new Date(),
): { words: string; isLate: boolean } {
  if (dueAt === null) return { words: t('dueNever'), isLate: false }
  const isLate = new Date(dueAt) < now
  const days = daysUntil(dueAt, now)
  const day = formatDay(dueAt)
  if (isLate) return { words: days < 0 ? t('overdueDays', { n: -days, day }) : t('overdueToday'), isLate }
  if (days === 0) return { words: t('dueToday'), isLate }
  if (days === 1) return { words: t('dueTomorrow'), isLate }
  return { words: t('dueDays', { n: days, day }), isLate }
}

/** Where a bill stands: open, paid, given back in part or as a whole, or closed. */
export function standingOf(
  bill: Bill,
): 'stateOpen' | 'statePaid' | 'statePartly' | 'stateRefunded' | 'stateClosed' {
  if (bill.state === 'open') return 'stateOpen'
  if (bill.state === 'closed') return 'stateClosed'
  if (bill.refunded === 0) return 'statePaid'
  return bill.refunded >= bill.amount ? 'stateRefunded' : 'statePartly'
}
