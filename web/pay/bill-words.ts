import { calendarDay, type DueState, dueStateOf } from '../../server/platform/moments.ts'
import type { Translator } from '../ui/text.ts'
import { formatDay } from '../ui/values/format.ts'
import { pageZone } from '../ui/values/zone.ts'
import type { Bill } from './data.ts'

const dayMs = 86_400_000

/** How many calendar days from today on the corp's clocks; negative when it is over. */
function daysUntil(at: string, now: Date): number {
  const midnight = (moment: Date) => Date.parse(calendarDay(moment, pageZone()))
  return (midnight(new Date(at)) - midnight(now)) / dayMs
}

/** When an open bill is due, in words. */
export function dueWords(
  t: Translator<'pay'>,
  dueAt: string | null,
  now = new Date(),
): { words: string; state: DueState } {
  if (dueAt === null) return { words: t('dueNever'), state: 'later' }
  const state = dueStateOf(new Date(dueAt), { timeZone: pageZone(), now: now.getTime() })
  const days = daysUntil(dueAt, now)
  const day = formatDay(dueAt)
  if (state === 'late')
    return { words: days < 0 ? t('overdueDays', { n: -days, day }) : t('overdueToday'), state }
  if (state === 'today') return { words: t('dueToday'), state }
  return { words: days === 1 ? t('dueTomorrow') : t('dueDays', { n: days, day }), state }
}

/** Due today is told from late, and both from what has time. */
export const dueClass: Record<DueState, string> = {
  late: 'pay-late',
  today: 'pay-due-today',
  later: 'wb-quiet',
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
