import type { Code } from './code-store.ts'
import type { CardPart } from './receiver-store.ts'
import { personId, type Receiver } from './receivers.ts'

/** One call that changes cards: the code that it uses, and whose cards. Undefined `receivers`: those of everybody. */
export type PlannedCall = { code: Code; messageId: string; partId: number; receivers: Receiver[] | undefined }

export type UpdateObstacle = 'notSent' | 'noCode' | 'codeUsed' | 'codeExpired' | 'codeUnclear'

/** Somebody whose card cannot be changed. */
export type UnchangeableCard = { receiver: Receiver; why: UpdateObstacle }

/** A call that carried the card, with those of its receivers whose cards are to be changed. */
export type UpdateTarget = { part: CardPart; receivers: Receiver[]; isWhole: boolean }

/**
 * Which codes change these cards. The code of a call changes the cards of all its receivers at once and is gone then, so that for some of
 * them the codes of their presses are used first.
 */
export function planUpdate(
  wanted: readonly UpdateTarget[],
  codes: readonly Code[],
  now: number,
): { calls: PlannedCall[]; unchangeable: UnchangeableCard[] } {
  const calls: PlannedCall[] = []
  const unchangeable: UnchangeableCard[] = []
  const ofParts = new Map(codes.flatMap(one => (one.partId === null ? [] : [[one.partId, one] as const])))
  const ofPresses = Map.groupBy(
    codes.filter(one => one.person !== null),
    one => `${one.messageId} ${one.person}`,
  )
  for (const { part, receivers, isWhole } of wanted) {
    if (receivers.length === 0) continue
    const { id: partId, messageId } = part
    if (!part.isSent) {
      unchangeable.push(...receivers.map(receiver => ({ receiver, why: 'notSent' as const })))
      continue
    }
    const whole = ofParts.get(partId)
    const isFree = whole !== undefined && isUsable(whole, now)
    if (isWhole && isFree) {
      calls.push({ code: whole, messageId, partId, receivers: undefined })
      continue
    }
    const left: Receiver[] = []
    for (const receiver of receivers) {
      const own = [receiver.id, personId(null, receiver.userId)]
        .flatMap(id => ofPresses.get(`${messageId} ${id}`) ?? [])
        .find(one => isUsable(one, now))
      if (own) calls.push({ code: own, messageId, partId, receivers: [receiver] })
      else left.push(receiver)
    }
    if (left.length === 0) continue
    if (isFree) calls.push({ code: whole, messageId, partId, receivers: left })
    else {
      const why = whyNot(whole, now)
      unchangeable.push(...left.map(receiver => ({ receiver, why })))
    }
  }
  return { calls, unchangeable }
}

/** A code with which a call was begun and not ended is tried once more: WeCom knows whether it was used. */
export function isUsable({ state, claimedUntil, expiresAt }: Code, now: number): boolean {
  if (expiresAt.getTime() <= now) return false
  return state === 'free' || (state === 'claimed' && claimedUntil !== null && claimedUntil.getTime() <= now)
}

function whyNot(code: Code | undefined, now: number): UpdateObstacle {
  if (!code) return 'noCode'
  if (code.state === 'claimed') return 'codeUnclear'
  if (code.state === 'used') return 'codeUsed'
  return code.expiresAt.getTime() <= now || code.state === 'dead' ? 'codeExpired' : 'noCode'
}
