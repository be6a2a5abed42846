import type { CodedReason, DecisionReason } from '../../../channels/reason.ts'
import type { FallbackStep } from '../../../message-types/plan.ts'

/** What became of a message by one channel for one person. `at`: when the channel answered, in ms. */
export type Way = {
  channel: string
  state: 'open' | 'sent' | 'failed' | 'unknown' | 'cancelled'
  at: number
  /** Why it failed, or was cancelled. */
  reason: { zh: string; en: string; code?: CodedReason | undefined }
}

export type StepBasis = {
  step: FallbackStep
  /** In the order in which they left. */
  ways: readonly Way[]
  isRead: boolean
  isAcknowledged: boolean
  now: number
  /** When `minutes` have passed from then; quiet hours do not count. */
  passedAt(from: number, minutes: number): number
}

/** `end`: nothing more is tried. `wait`: it is looked at again then. `skip`: the step after it is due. `go`: this step is due. */
export type NextStep = { do: 'end' | 'skip' | 'go'; cause: CodedReason } | { do: 'wait'; until: number }

/** What becomes of the next step of a person, before quiet hours and what they chose are asked. */
export function nextStep({
  step: { after, unless, channel },
  ways,
  isRead,
  isAcknowledged,
  now,
  passedAt,
}: StepBasis): NextStep {
  const last = ways.at(-1)
  if (isAcknowledged) return end({ code: 'acknowledgedInTime' })
  if (isRead && unless !== 'acknowledged') return end({ code: 'readInTime' })
  const stopped = ways.find(one => one.state === 'cancelled')
  if (stopped) return end(stopped.reason.code ?? { code: 'cancelled' })
  if (unless === 'sent' && ways.some(one => one.state === 'sent')) return end({ code: 'sentInTime' })
  if (!last || last.state === 'open') return { do: 'wait', until: now + after * 60_000 }
  const until = last.state === 'failed' ? now : passedAt(last.at, after)
  if (now < until) return { do: 'wait', until }
  if (ways.some(one => one.channel === channel)) return { do: 'skip', cause: { code: 'wayUsed' } }
  return { do: 'go', cause: whyNow(last, unless, after) }
}

const end = (cause: CodedReason): NextStep => ({ do: 'end', cause })

function whyNow({ state, reason }: Way, unless: FallbackStep['unless'], minutes: number): DecisionReason {
  if (state === 'failed') return { code: 'wayFailed', zh: reason.zh, en: reason.en }
  if (state === 'unknown') return { code: 'unclearFor', minutes }
  return unless === 'acknowledged' ? { code: 'notAcknowledgedIn', minutes } : { code: 'notReadIn', minutes }
}
