import type { WaitingReason } from '../../channels/reason.ts'
import type { Digest } from '../plan.ts'
import type { Decision, DecisionBasis } from './decision.ts'

/** What becomes of a message for one person, now. */
export function decide(basis: DecisionBasis): Decision {
  const { level, choice, channels, history, now } = basis
  if (level === 'urgent') return { do: 'send', channels }
  if (level === 'normal' && choice?.isOff) return { do: 'drop', cause: { code: 'offByPerson' } }
  if (level === 'normal' && choice?.isAllOff) return { do: 'drop', cause: { code: 'allOffByPerson' } }
  const digest = choice?.digest ?? basis.digest
  if (basis.hasWaited) return { do: 'send', channels }
  const beyond = overLimit(basis)
  if (beyond && digest === undefined && level === 'normal') return { do: 'drop', cause: beyond }
  const rest = beyond && basis.frequency?.rest === 'drop' && level === 'normal'
  if (rest) return { do: 'drop', cause: beyond }
  if (digest === undefined) return { do: 'send', channels }
  const isFirst = digest.first && history.collectingUntil === undefined && !hasLeftWithin(basis, digest)
  if (isFirst && !beyond) return { do: 'send', channels }
  const until = history.collectingUntil ?? now + (digest.minutes ?? 24 * 60) * minuteMs
  const cause: WaitingReason = beyond ?? { code: 'digestEvery', minutes: digest.minutes ?? 24 * 60 }
  return { do: 'collect', until, cause }
}

const minuteMs = 60_000

function overLimit({ frequency, history, now }: DecisionBasis): WaitingReason | undefined {
  if (!frequency) return undefined
  const { atMost, minutes } = frequency
  const since = now - minutes * minuteMs
  return history.leftAt.filter(at => at > since).length >= atMost
    ? { code: 'limit', atMost, minutes }
    : undefined
}

function hasLeftWithin({ history, now }: DecisionBasis, digest: Digest): boolean {
  const since = now - (digest.minutes ?? 24 * 60) * minuteMs
  return [history.lastDigestAt, ...history.leftAt].some(at => at !== undefined && at > since)
}
