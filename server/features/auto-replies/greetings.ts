import { againByDefault, type RepeatRule } from './rule-kinds.ts'

const chinaMs = 8 * 3_600_000
const dayMs = 86_400_000

/** Whether somebody who was welcomed at `before` is welcomed again now. Days, weeks and months are those of the calendar in China. */
export function mayGreet(again: RepeatRule = againByDefault, before: Date | undefined, now: Date): boolean {
  if (before === undefined || again === 'always') return true
  return again !== 'once' && periodOf(again, before) < periodOf(again, now)
}

function periodOf(again: 'day' | 'week' | 'month', at: Date): number {
  const there = at.getTime() + chinaMs
  const day = Math.floor(there / dayMs)
  if (again === 'day') return day
  // The first of January 1970 was a Thursday; weeks begin on Mondays.
  if (again === 'week') return Math.floor((day + 3) / 7)
  const date = new Date(there)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
