import { dayIn, knownZone, momentOn } from '../../../platform/time-zone.ts'
import type { DecisionReason } from '../../channels/reason.ts'
import { quietEnd, quietEndForMust } from '../../quiet-hours/quiet-end.ts'
import { minuteWords, readMinute } from '../../quiet-hours/quiet-hours.ts'
import type { Digest } from '../plan.ts'
import type { Decision, DecisionBasis } from './decision.ts'

const minute = 60_000

/**
 * What becomes of a message for one person now. What decides, in this order: the level, the person's choice for the type, what they
 * chose for all, the type, the corp.
 */
export function decide(basis: DecisionBasis): Decision {
  const { level, hasWaited, isOutOfTrial } = basis
  if (isOutOfTrial) return { do: 'drop', cause: { code: 'trial' } }
  const channels = waysOf(basis)
  const unwanted = level === 'normal' ? whyUnwanted(basis, channels) : undefined
  if (unwanted) return { do: 'drop', cause: unwanted }
  if (level !== 'must' && isExpired(basis)) return { do: 'drop', cause: { code: 'expired' } }
  const held = level === 'urgent' || hasWaited ? undefined : hold(basis)
  if (held) return held
  const limit = level === 'normal' && basis.frequency?.rest === 'drop' ? limitOf(basis) : undefined
  if (limit) return { do: 'drop', cause: limit.cause }
  const cause = whySentSo(basis, channels)
  return { do: 'send', channels, ...(cause ? { cause } : {}) }
}

/** The person's order, then the type's. What they do not want is kept as the last resort of what they cannot switch off. */
function waysOf({ level, channels, choice }: DecisionBasis): DecisionBasis['channels'] {
  if (!choice) return channels
  const wanted = (choice.channels ?? []).filter(one => channels.includes(one))
  const ordered = [...new Set([...wanted, ...channels])]
  const kept = ordered.filter(one => !choice.without.includes(one))
  if (level === 'normal') return kept
  return [...kept, ...ordered.filter(one => choice.without.includes(one))]
}

function whyUnwanted(
  { choice }: DecisionBasis,
  channels: DecisionBasis['channels'],
): DecisionReason | undefined {
  if (choice?.isOff) return { code: 'offByPerson' }
  if (choice?.isAllOff) return { code: 'allOffByPerson' }
  return channels.length === 0 ? { code: 'noWayWanted' } : undefined
}

const isExpired = ({ expiresAt, now }: DecisionBasis) => expiresAt !== undefined && expiresAt <= now

/**
 * Until when it is held, by a digest, a limit that collects, or quiet hours. A digest that would close in quiet hours closes after them, so
 * that what comes in a night is one message. What would expire before is looked at when it does.
 */
function hold(basis: DecisionBasis): Decision | undefined {
  const { level, now, expiresAt = Infinity } = basis
  const collecting = collect(basis)
  const { corpQuietHours: corp, choice } = basis
  const all = [corp, choice?.quietHours].filter(one => one !== undefined)
  const close = collecting?.until ?? now
  const quiet = (level === 'must' ? quietEndForMust : quietEnd)(all, close)
  if (quiet) {
    const code = quiet.quiet === corp ? 'quietOfCorp' : 'quietOfPerson'
    const { from, to } = quiet.quiet
    const cause = { code, from: minuteWords(from), to: minuteWords(to) } as const
    if (collecting) return { do: 'collect', until: quiet.until, cause }
    const until = level === 'must' ? quiet.until : Math.min(quiet.until, expiresAt)
    return { do: 'wait', until, cause }
  }
  return collecting?.cause && { do: 'collect', until: close, cause: collecting.cause }
}

/** A digest that collects, and until when; without a cause the row goes at once, as the first of its window. */
function collect(basis: DecisionBasis): { until: number; cause?: DecisionReason } | undefined {
  const { now, frequency, choice, history } = basis
  const digest = choice?.digest === 'off' ? undefined : (choice?.digest ?? basis.digest)
  const limit = frequency?.rest === 'digest' ? limitOf(basis) : undefined
  if (!digest) return limit
  const { collectingUntil = 0 } = history
  if (!limit && collectingUntil <= now && isFirst(digest, basis)) return { until: now }
  const window = collectingUntil > now ? collectingUntil : closeOf(digest, basis)
  if (limit && limit.until > window) return limit
  return { until: window, cause: causeOf(digest) }
}

/** Whether it may go at once: nothing of the type has left within the window that would collect it. */
function isFirst(digest: Digest, { now, history: { lastDigestAt }, timeZone }: DecisionBasis): boolean {
  if (!digest.first) return false
  if (lastDigestAt === undefined) return true
  if (digest.at === undefined) return now - lastDigestAt >= (digest.minutes ?? 0) * minute
  return lastDigestAt < timesAround(digest.at, timeZone, now).last
}

function closeOf(digest: Digest, { now, timeZone }: DecisionBasis): number {
  if (digest.at === undefined) return now + (digest.minutes ?? 0) * minute
  return timesAround(digest.at, timeZone, now).next
}

function causeOf({ at, minutes = 0 }: Digest): DecisionReason {
  return at === undefined ? { code: 'digestEvery', minutes } : { code: 'digestAt', at }
}

/** When it was that time of day last, up to now, and when it will be next. */
function timesAround(at: string, timeZone: string, now: number): { last: number; next: number } {
  const zone = knownZone(timeZone)
  const today = dayIn(zone, now)
  const times = [-1, 0, 1].map(days => momentOn(zone, today + days, readMinute(at, 'at')))
  return { last: times.findLast(time => time <= now)!, next: times.find(time => time > now)! }
}

/** Until when nothing more of the type may go to this person; undefined: it may. */
function limitOf({
  frequency,
  history,
  now,
}: DecisionBasis): { until: number; cause: DecisionReason } | undefined {
  if (!frequency) return undefined
  const { atMost, minutes } = frequency
  const counted = history.leftAt[atMost - 1]
  const until = (counted ?? -Infinity) + minutes * minute
  return until > now ? { until, cause: { code: 'limit', atMost, minutes } } : undefined
}

function whySentSo(basis: DecisionBasis, channels: DecisionBasis['channels']): DecisionReason | undefined {
  const { choice, hasWaited } = basis
  if (choice?.isOff || choice?.isAllOff) return { code: 'mustArrive' }
  if (hasWaited) return { code: 'waited' }
  const isReordered = channels.some((one, at) => one !== basis.channels[at])
  return isReordered ? { code: 'orderOfPerson' } : undefined
}
