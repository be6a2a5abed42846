import { dayIn, knownZone, momentOn, weekdayOf } from '../../platform/time-zone.ts'
import type { QuietHours } from './quiet-hours.ts'

/** From the first to before the second, in ms. */
type Period = { from: number; to: number }

const hour = 3_600_000
const day = 24 * hour
const endlessAfter = 7 * day
const leftToMust = 4 * hour

/** The end in ms, and the hours that end then. */
export type QuietEnd = { until: number; quiet: QuietHours }

/**
 * When the quiet hours that `at` is in end, with those that follow without a gap; undefined outside of any. `all`: those of the corp before
 * those of a person. Where they leave no gap within a week, those of the person do not count.
 */
export function quietEnd(all: readonly QuietHours[], at: number, longest = Infinity): QuietEnd | undefined {
  let end: QuietEnd | undefined
  for (let next = endAt(all, at, longest); next; next = endAt(all, next.until, longest)) {
    end = next
    if (end.until - at > endlessAfter) return quietEnd(all.slice(0, 1), at, longest)
  }
  return end
}

/** The same for what must arrive: four hours of each day stay free, where a person's own hours leave less by not counting them. */
export function quietEndForMust(all: readonly QuietHours[], at: number): QuietEnd | undefined {
  const longest = day - leftToMust
  const isTooMuch = all.length > 1 && quietWithinDay(all, at, longest) > longest
  return quietEnd(isTooMuch ? all.slice(0, 1) : all, at, longest)
}

const lookedAhead = 30 * day

/**
 * When so many ms have passed from `from` that no quiet hours hold; after a month at the latest. `endOf` says which count, as `quietEnd` or
 * `quietEndForMust` does.
 */
export function awakeAfter(
  all: readonly QuietHours[],
  from: number,
  ms: number,
  endOf: (all: readonly QuietHours[], at: number) => QuietEnd | undefined = quietEnd,
): number {
  let at = from
  let left = ms
  while (at - from < lookedAhead) {
    at = endOf(all, at)?.until ?? at
    const next = nextBegin(all, at)
    if (at + left <= next) return at + left
    left -= next - at
    at = next
  }
  return at
}

/** When quiet hours begin next; they begin within a week, or never. */
function nextBegin(all: readonly QuietHours[], at: number): number {
  const begins = all.flatMap(quiet => periodsAround(quiet, at, 8, Infinity).map(one => one.from))
  return Math.min(...begins.filter(one => one > at))
}

/** The latest end of the hours in which `at` is. */
function endAt(all: readonly QuietHours[], at: number, longest: number): QuietEnd | undefined {
  let end: QuietEnd | undefined
  for (const quiet of all)
    for (const { from, to } of periodsAround(quiet, at, 0, longest))
      if (from <= at && to > at && to > (end?.until ?? 0)) end = { until: to, quiet }
  return end
}

/** How many ms of the 24 hours from `at` are quiet. */
function quietWithinDay(all: readonly QuietHours[], at: number, longest: number): number {
  const periods = all.flatMap(quiet => periodsAround(quiet, at, 1, longest)).sort((a, b) => a.from - b.from)
  let counted = at
  let sum = 0
  for (const { from, to } of periods) {
    const [begins, ends] = [Math.max(from, counted), Math.min(to, at + day)]
    if (ends <= begins) continue
    sum += ends - begins
    counted = ends
  }
  return sum
}

/** The hours that begin on the day before that of `at`, on it, and on `after` days after it; each is at most `longest` ms. */
function periodsAround(
  { days, from, to, timeZone }: QuietHours,
  at: number,
  after: number,
  longest: number,
): Period[] {
  const zone = knownZone(timeZone)
  const today = dayIn(zone, at)
  const periods: Period[] = []
  for (let day = today - 1; day <= today + after; day++) {
    if (!days.includes(weekdayOf(day))) continue
    const begins = momentOn(zone, day, from)
    const ends = momentOn(zone, to < from ? day + 1 : day, to)
    periods.push({ from: begins, to: Math.min(ends, begins + longest) })
  }
  return periods
}
