import { partsIn } from '../../../platform/time-zone.ts'
import type { QuietHours } from '../../quiet-hours/quiet-hours.ts'
import type { Decision, DecisionBasis } from './decision.ts'

// The same decision once more, written with clocks of Intl and lists of hours, for decide.test.ts.

type Verdict = { do: Decision['do']; until?: number; channels?: readonly string[]; code?: string }
type Hours = { from: number; to: number; by: 'quietOfCorp' | 'quietOfPerson' }

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** What clocks show, as if it were UTC. */
function clock(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsIn(new Date(at), zone)
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

const known = new Map<string, number>()

/** The first moment at which clocks show `shown`, or the first minute after the gap that has swallowed it. */
function moment(shown: number, zone: string): number {
  const key = `${zone} ${shown}`
  return known.get(key) ?? known.set(key, findMoment(shown, zone)).get(key)!
}

function findMoment(shown: number, zone: string): number {
  const offsets = [shown - day, shown + day].map(at => clock(at, zone) - at)
  const right = offsets.map(offset => shown - offset).filter(at => clock(at, zone) === shown)
  if (right.length > 0) return Math.min(...right)
  let at = shown - Math.max(...offsets)
  while (clock(at, zone) < shown) at += minute
  return at
}

function hoursOf(quiet: QuietHours | undefined, now: number, by: Hours['by']): Hours[] {
  if (!quiet) return []
  const { days, from, to, timeZone } = quiet
  const midnight = Math.floor(clock(now, timeZone) / day) * day
  const list: Hours[] = []
  for (let date = midnight - 2 * day; date <= midnight + 12 * day; date += day) {
    const weekday = new Date(date).getUTCDay() || 7
    if (!days.includes(weekday)) continue
    const last = to > from ? date : date + day
    list.push({ from: moment(date + from * minute, timeZone), to: moment(last + to * minute, timeZone), by })
  }
  return list
}

/** Follows hours that touch or overlap. */
function endOf(list: Hours[], at: number): Hours | undefined {
  let last: Hours | undefined
  let end = at
  for (;;) {
    const longer = list.filter(one => one.from <= end && one.to > end).sort((a, b) => b.to - a.to)[0]
    if (!longer) return last
    last = longer
    end = longer.to
  }
}

function quiet({ corpQuietHours, choice, level }: DecisionBasis, at: number): Hours | undefined {
  const cut = (list: Hours[]) =>
    level === 'must' ? list.map(one => ({ ...one, to: Math.min(one.to, one.from + 20 * hour) })) : list
  const corp = cut(hoursOf(corpQuietHours, at, 'quietOfCorp'))
  const person = cut(hoursOf(choice?.quietHours, at, 'quietOfPerson'))
  const both = [...corp, ...person]
  const onlyOne = corp.length > 0 ? corp : person
  if (level === 'must' && corpQuietHours && choice?.quietHours) {
    const edges = both.flatMap(one => [one.from, one.to]).filter(one => one > at && one < at + day)
    const cuts = [at, ...edges.sort((a, b) => a - b), at + day]
    let free = 0
    for (let n = 1; n < cuts.length; n++) {
      const [begin, end] = [cuts[n - 1]!, cuts[n]!]
      if (!both.some(one => one.from <= begin && one.to > begin)) free += end - begin
    }
    if (free < 4 * hour) return endOf(corpQuietHours ? corp : onlyOne, at)
  }
  const end = endOf(both, at)
  return end && end.to > at + 7 * day ? endOf(corpQuietHours ? corp : person, at) : end
}

export function decidePlainly(basis: DecisionBasis): Verdict {
  const { level, now, choice, history, frequency, expiresAt } = basis
  // The level comes first: what is normal may be switched off, limited and dropped.
  if (level === 'normal' && choice) {
    if (choice.isOff) return { do: 'drop', code: 'offByPerson' }
    if (choice.isAllOff) return { do: 'drop', code: 'allOffByPerson' }
    if (basis.channels.every(one => choice.without.includes(one))) return { do: 'drop', code: 'noWayWanted' }
  }
  if (level !== 'must' && expiresAt !== undefined && now >= expiresAt) return { do: 'drop', code: 'expired' }
  const within = frequency ? history.leftAt.filter(at => at > now - frequency.minutes * minute) : []
  const isLimited = frequency !== undefined && within.length >= frequency.atMost
  if (level !== 'urgent' && !basis.hasWaited) {
    const held = holdPlainly(basis, isLimited ? within : undefined)
    if (held) return held
  }
  if (level === 'normal' && isLimited && frequency.rest === 'drop') return { do: 'drop', code: 'limit' }
  return sendPlainly(basis)
}

function sendPlainly({ level, choice, channels, hasWaited }: DecisionBasis): Verdict {
  const own = choice?.channels ?? []
  const rank = (one: (typeof channels)[number]) => {
    const isUnwanted = choice?.without.includes(one) ? 1000 : 0
    return isUnwanted + (own.includes(one) ? own.indexOf(one) : 100 + channels.indexOf(one))
  }
  const ordered = [...channels].sort((a, b) => rank(a) - rank(b))
  const ways = level === 'normal' ? ordered.filter(one => rank(one) < 1000) : ordered
  const isMoved = JSON.stringify(ways) !== JSON.stringify(channels.slice(0, ways.length))
  const isOff = choice?.isOff || choice?.isAllOff
  const code = isOff ? 'mustArrive' : hasWaited ? 'waited' : isMoved ? 'orderOfPerson' : undefined
  return { do: 'send', channels: ways, ...(code ? { code } : {}) }
}

function holdPlainly(basis: DecisionBasis, limited: number[] | undefined): Verdict | undefined {
  const { level, now, choice, history, frequency, expiresAt, timeZone } = basis
  const own = choice?.digest
  const digest = own === undefined ? basis.digest : own === 'off' ? undefined : own
  const joins = frequency?.rest === 'digest' ? limited : undefined
  let close = now
  let code: string | undefined
  if (digest) {
    const clockNow = clock(now, timeZone)
    const at = digest.at ? Number(digest.at.slice(0, 2)) * 60 + Number(digest.at.slice(3)) : 0
    const midnight = Math.floor(clockNow / day) * day
    const daily = [-1, 0, 1].map(n => moment(midnight + n * day + at * minute, timeZone))
    const length = (digest.minutes ?? 0) * minute
    const isOpen = history.collectingUntil !== undefined && history.collectingUntil > now
    const began = digest.at ? Math.max(...daily.filter(one => one <= now)) : now - length
    const last = history.lastDigestAt ?? -Infinity
    const leftInWindow = digest.at ? last >= began : last > began
    if (isOpen || joins || !digest.first || leftInWindow) {
      const next = digest.at ? Math.min(...daily.filter(one => one > now)) : now + length
      close = isOpen ? history.collectingUntil! : next
      code = digest.at ? 'digestAt' : 'digestEvery'
    }
  }
  if (joins) {
    // As many as are too many have to be older than the time of the limit.
    const oldest = [...joins].sort((a, b) => b - a)[frequency!.atMost - 1]!
    const free = oldest + frequency!.minutes * minute
    if (free > close) {
      close = free
      code = 'limit'
    }
  }
  const held = quiet(basis, close)
  if (!held) return code ? { do: 'collect', until: close, code } : undefined
  if (digest || joins) return { do: 'collect', until: held.to, code: held.by }
  const ends = level === 'normal' && expiresAt !== undefined ? Math.min(held.to, expiresAt) : held.to
  return { do: 'wait', until: ends, code: held.by }
}
