/** A message as it is stored, and its parts, each of which is a call to upstream. */

import type { CodedReason } from './reason.ts'

export type PartState =
  | 'waiting'
  | 'sending'
  | 'asking'
  | 'sent'
  | 'failed'
  | 'unknown'
  | 'cancelled'
  | 'replaced'

export type MessageRow = {
  id: string
  corpId: string
  devId: string
  channel: string
  agentId: number | null
  agentName: string
  templateId: string | null
  /** JSON, sealed. */
  content: string
  truncated: string[]
  expandedTo: number | null
  receivers: number
  requestId: string | null
  requestHash: string | null
  answer: unknown
  createdAt: Date
  recalledAt: Date | null
  /** It tells administrators of an alert, which is what needs them when it fails: it counts as no failure of its own. */
  aboutAlert: boolean
  /** The message type by which it is sent, and its version; null for what says itself what it is. */
  typeKey: string | null
  typeVersion: number | null
  /** The message of whose call it is one text. It is not listed itself. */
  parentId: string | null
  /** The messages that carry its texts; it has no parts of its own then. */
  children: string[] | null
  /** Its developer's own number of the matter. */
  about: string | null
  /** When its developer wants it sent; null for at once. */
  dueAt: Date | null
  /** When what has not left is not sent any more. */
  expiresAt: Date | null
}

/** `children` where what became of them counts for the message. */
export type MessageKey = Pick<MessageRow, 'corpId' | 'id'> & { children?: MessageRow['children'] }

/** The messages that have the parts of this one: itself, or those that carry its texts. */
export function bearersOf({ id, children }: MessageKey): readonly string[] {
  return children ?? [id]
}

/** The last time that a limit held a part back. Times are ISO 8601; `reason` is as `keptReason` gives it. */
export type Hold = { since: string; until: string; reason: string }

export type NewPart = {
  messageId: string
  corpId: string
  channel: string
  n: number
  chunk: number
  afterN: number | null
  /** Whether another part waits for this one. Derived from the other parts; not a column. */
  isFollowed: boolean
  userIds: string[]
  memberIds: number[]
  state: 'waiting' | 'sending' | 'unknown'
  attempts: number
  nextAttemptAt: Date
  isChecked: boolean
  payloadHash: string | null
  /** Until when a limit holds it back; null when none does. */
  heldUntil: Date | null
  /** Kept when it is over, for the timeline. */
  hold: Hold | null
  /** Fen that were reserved for it, and from which budget; absent, or null from the database, without one. */
  cost?: number | null
  paidFrom?: string | null
  /** Since when it may have arrived. On a claimed part this refers to earlier attempts only. */
  unsureSince: Date | null
  /** The ways of its channel that were tried, and last the one that it goes by; null before the first, or where there is one way. */
  ways: readonly string[] | null
  /** Those of `userIds` who have the address of the one before them; null from the database, or absent, for nobody. */
  shared?: readonly string[] | null
  /** The account behind that way when it left, as `Channel.accountOf` tells accounts apart; null from the database, or absent, where none does. */
  account?: string | null
  /** Only for a part that is made at its end. */
  reason?: string
  finishedAt?: Date
}

type Receivers = Pick<NewPart, 'userIds' | 'shared'>

/** The receivers of a part by address: those who share one get one message. Each address is paid for once, and never stands in two parts. */
export function byAddress({ userIds, shared }: Receivers): string[][] {
  const others = new Set(shared)
  const groups: string[][] = []
  for (const userId of userIds) {
    if (others.has(userId) && groups.length > 0) groups.at(-1)!.push(userId)
    else groups.push([userId])
  }
  return groups
}

/** A part limited to some of its receivers: those of them who share an address still do. */
export function only(
  part: Receivers & Pick<NewPart, 'memberIds'>,
  isIn: (userId: string) => boolean,
): { userIds: string[]; memberIds: number[]; shared: string[] | null } {
  const groups = byAddress(part).map(own => own.filter(isIn))
  const shared = groups.flatMap(([, ...others]) => others)
  return {
    userIds: part.userIds.filter(isIn),
    // `@all` names nobody.
    memberIds: part.memberIds.filter((_, n) => isIn(part.userIds[n] ?? '')),
    shared: shared.length > 0 ? shared : null,
  }
}

export const addressesIn = (part: Receivers): number =>
  part.shared ? byAddress(part).length : part.userIds.length

export type MessagePart = NewPart & {
  id: number
  /** The state before the claim. */
  was: PartState
  /** Since when the record of an upstream that did not answer has nothing of it. */
  lackedAt: Date | null
}

/**
 * Lets a part wait because of a limit. One that is held back again and again, as in a long queue, was held back since the first time.
 */
export function holdPart(
  part: NewPart,
  { untilMs, now, reason }: { untilMs: number; now: number; reason: CodedReason },
): void {
  const until = new Date(untilMs)
  part.state = 'waiting'
  part.attempts -= 1
  part.nextAttemptAt = until
  part.heldUntil = until
  const since = part.hold?.since ?? new Date(now).toISOString()
  part.hold = { since, until: until.toISOString(), reason: JSON.stringify(reason) }
}

/** What a message's content says besides its words, whatever its channel. It is stored with them, so that a later version of the type changes nothing. */
export type ContentFlags = {
  /** Its receivers are asked to acknowledge it (回执). */
  receipt?: true
  /** Administrators, the help desk and exports do not see its words. */
  private?: true
}

export function withFlags<C extends object>(content: C, { receipt, private: isPrivate }: FlagSource): C {
  return { ...content, ...(receipt ? { receipt: true } : {}), ...(isPrivate ? { private: true } : {}) }
}
type FlagSource = { receipt?: boolean | undefined; private?: boolean | undefined }

export const asksReceipt = (content: object): boolean => (content as ContentFlags).receipt === true

/** Whether anybody but its sender and its receivers may see what a message says: the one rule for lists, details, exports, search and the help desk. */
export const isBodyShown = (content: object): boolean => (content as ContentFlags).private !== true
