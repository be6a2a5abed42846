import type { Failure, Outcome } from '../../channels/channel.ts'
import { addressesIn, type MessagePart, type MessageRow, type NewPart, only } from '../../channels/part.ts'
import type { CommonReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'

/** One attempt. `at` is when it began, which is also since when the part may have arrived. */
export type Attempt = { message: MessageRow; part: MessagePart; at: Date }

export const unclear: CommonReason = { code: 'unclear' }

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

/**
 * A vendor that refuses a call because of one number does not say which; sending pieces narrows it down. Each is smaller than the part,
 * whichever addresses its receivers had when it was written down.
 */
export function piecesOf(
  part: MessagePart,
  { size, addresses }: Extract<Outcome, { kind: 'divide' }>,
  at: Date,
): NewPart[] {
  const known = new Set(addresses.flat())
  // Those who have no address any more are refused by themselves.
  const all = [...addresses, ...part.userIds.filter(one => !known.has(one)).map(one => [one])]
  const many = size ?? Math.ceil(all.length / 2)
  const memberIds = new Map(part.userIds.map((userId, n) => [userId, part.memberIds[n]!]))
  return Array.from({ length: Math.ceil(all.length / many) }, (_, index) => {
    const own = all.slice(index * many, (index + 1) * many)
    const userIds = own.flat()
    return {
      ...part,
      ...unpaid,
      userIds,
      memberIds: userIds.map(userId => memberIds.get(userId)!),
      shared: own.flatMap(([, ...others]) => others),
      state: 'waiting',
      attempts: 0,
      nextAttemptAt: at,
      unsureSince: null,
      heldUntil: null,
    }
  })
}
