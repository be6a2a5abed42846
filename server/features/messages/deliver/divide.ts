import type { Failure } from '../../channels/channel.ts'
import {
  addressesIn,
  byAddress,
  type MessagePart,
  type MessageRow,
  type NewPart,
} from '../../channels/part.ts'
import type { CommonReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'

/** One attempt. `at` is when it began, which is also since when the part may have arrived. */
export type Attempt = { message: MessageRow; part: MessagePart; at: Date }

export const unclear: CommonReason = { code: 'unclear' }

/** The receivers of a part whom this is true of. */
export function only({ userIds, memberIds }: MessagePart, isIn: (userId: string) => boolean) {
  const at = userIds.flatMap((userId, index) => (isIn(userId) ? index : []))
  return { userIds: at.map(index => userIds[index]!), memberIds: at.map(index => memberIds[index]!) }
}

/** What goes again is paid for again; `refundOf` gives back what did not leave. */
const unpaid = { cost: null, paidFrom: null } as const

/** The parts of those who leave theirs: they go by the next way, or nobody knows whether they got it. */
export function partsOfLeaving(
  { part, at }: Attempt,
  leaving: readonly Failure[],
  next: string | undefined,
  now: Date,
): NewPart[] {
  const tried = part.ways ?? []
  return [...Map.groupBy(leaving, one => one.fate)].map(([fate, own]) => {
    const users = new Set(own.map(one => one.userId))
    const of = { ...part, ...only(part, userId => users.has(userId)) }
    const fresh = { ...of, heldUntil: null, nextAttemptAt: now }
    return fate === 'next' && next !== undefined
      ? { ...fresh, ...unpaid, state: 'waiting', attempts: 0, unsureSince: null, ways: [...tried, next] }
      : {
          ...fresh,
          // What may have arrived stays paid.
          cost: part.cost == null ? null : (part.cost / addressesIn(part)) * addressesIn(of),
          state: 'unknown',
          unsureSince: at,
          reason: keptReason(own[0]?.reason ?? unclear),
          finishedAt: now,
        }
  })
}

/** A vendor that refuses a call because of one number does not say which; sending pieces narrows it down. */
export function piecesOf(part: MessagePart, size: number | undefined, at: Date): NewPart[] {
  const addresses = byAddress(part)
  const many = size ?? Math.ceil(addresses.length / 2)
  return Array.from({ length: Math.ceil(addresses.length / many) }, (_, index) => {
    const own = new Set(addresses.slice(index * many, (index + 1) * many).flat())
    return {
      ...part,
      ...unpaid,
      ...only(part, userId => own.has(userId)),
      state: 'waiting',
      attempts: 0,
      nextAttemptAt: at,
      unsureSince: null,
      heldUntil: null,
    }
  })
}
