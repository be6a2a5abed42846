import type { ChannelName } from '../../channels/channels.ts'
import type { DecisionReason } from '../../channels/reason.ts'
import type { QuietHours } from '../../quiet-hours/quiet-hours.ts'
import type { Digest, Frequency } from '../plan.ts'

export type { QuietHours }

/** What a person chose for one type, with what they chose for all. */
export type Choice = {
  /** They want nothing of this type; a message that must arrive arrives all the same. */
  isOff: boolean
  /** They want nothing that can be switched off; false too where they switched this type on in spite of it. */
  isAllOff: boolean
  /** Their order of ways; undefined: the type's. */
  channels: readonly ChannelName[] | undefined
  /** Ways that they do not want for this type, such as mail after its link was followed. */
  without: readonly ChannelName[]
  /** Theirs in the place of the type's; `off`: each message by itself; undefined: the type's. */
  digest: Digest | 'off' | undefined
  quietHours: QuietHours | undefined
}

/** What is known of a person and a type at the moment of a decision. */
export type History = {
  /** When messages of this type left for this person, within the type's frequency; the latest first. */
  leftAt: readonly number[]
  /** When the digest that collects now closes. */
  collectingUntil: number | undefined
  /** When something of the type last left for this person, a digest or a row that did not wait for one: for a digest whose first goes at once. */
  lastDigestAt: number | undefined
}

/** What a decision rests on. Times are milliseconds. */
export type DecisionBasis = {
  level: 'normal' | 'must' | 'urgent'
  channels: readonly ChannelName[]
  digest: Digest | undefined
  frequency: Frequency | undefined
  choice: Choice | undefined
  corpQuietHours: QuietHours | undefined
  /** The corp's zone, for a digest at a time of day. */
  timeZone: string
  /** When it was accepted, and until when it may leave. */
  acceptedAt: number
  expiresAt: number | undefined
  /** It has waited for the end of quiet hours or of a digest: these are not asked again. Choices, expiry and a limit that drops are. */
  hasWaited: boolean
  /** The type is on trial, and the person none of its test people. */
  isOutOfTrial?: boolean
  history: History
  now: number
}

/**
 * `send`: now, by the first of `channels` that reaches the person. `wait`, `collect`: it is looked at again then. `drop`: never; the person is
 * counted as cancelled. Each has its cause, except to send what was never held up.
 */
export type Decision =
  | { do: 'send'; channels: readonly ChannelName[]; cause?: DecisionReason }
  | { do: 'wait' | 'collect'; until: number; cause: DecisionReason }
  | { do: 'drop'; cause: DecisionReason }
