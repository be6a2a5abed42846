import { zoneOf } from '../../../organisation/corps/corps.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { addressesIn, byAddress, type MessageRow, type NewPart, only } from '../../channels/part.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { openContent } from '../../channels/sealed.ts'
import { keptReason } from '../../channels/telling.ts'
import type { MessageTypes } from '../../message-types/catalog.ts'
import type { Level } from '../../message-types/definition.ts'
import { definitionOf } from '../../message-types/types-store.ts'
import { nextMonthAt } from '../../send-approval/budget/months.ts'
import {
  type Bill,
  budgetOf,
  type Payment,
  type PayNeeds,
  pay,
  type Refund,
} from '../../send-approval/budget/pay.ts'
import { smsPriceOf } from '../../send-approval/budget/price.ts'
import type { AttemptRecord } from './attempt.ts'
import type { ClaimedPart, PartEnd } from './part-store.ts'

export type PaymentNeeds = PayNeeds & { messageSettings: Setups; messageTypes: MessageTypes }

/** How many SMS a content is for one person; 0 for a channel that costs nothing. */
export function segmentsIn(
  { messageSettings }: { messageSettings: Setups },
  corpId: string,
  name: string,
  content: object,
): number {
  return channelOf(name).segments?.(content, messageSettings.setupOf(corpId, name)) ?? 0
}

/** What a content costs for one person by a channel's way, in fen. */
export function fenFor(
  ctx: Pick<PaymentNeeds, 'messageSettings' | 'sendApproval'>,
  corpId: string,
  { channel, content, way }: { channel: string; content: object; way?: string | undefined },
): number {
  return Math.ceil(smsPriceOf(ctx, corpId, way) * segmentsIn(ctx, corpId, channel, content))
}

/** The parts that have to be paid for: none where no budget is set. */
function paidOf<P extends NewPart>(
  ctx: PaymentNeeds,
  parts: readonly P[],
  messages: ReadonlyMap<string, MessageRow>,
): { part: P; message: MessageRow }[] {
  return parts.flatMap(part => {
    const message = messages.get(part.messageId)
    if (!message || !channelOf(part.channel).isPaid || part.state !== 'sending') return []
    return budgetOf(ctx, message.corpId, message.devId) ? [{ part, message }] : []
  })
}

/**
 * Pays for what this node sends at once, in the transaction that accepts it. What no budget suffices for as a whole is left to the
 * dispatchers, which decide what becomes of it.
 */
export async function payAtOnce(
  ctx: PaymentNeeds,
  tx: Db,
  parts: readonly NewPart[],
  messages: ReadonlyMap<string, MessageRow>,
): Promise<void> {
  const paid = paidOf(ctx, parts, messages)
  if (paid.length === 0) return
  const payments = await pay(ctx, tx, await billsOf(ctx, tx, paid), { isWhole: true })
  for (const [at, { part }] of paid.entries()) {
    const payment = payments[at]
    if (!payment || payment.persons === addressesIn(part)) notePaid(ctx, part, payment, paid[at]!.message)
    else {
      part.state = 'waiting'
      part.attempts = 0
      part.nextAttemptAt = new Date(ctx.now())
    }
  }
}

/** `ends`: what does not leave, with why; `rest`: those for whom a part has no budget, as a part of their own. */
export type ClaimedPayments = { paid: ClaimedPart[]; held: ClaimedPart[]; ends: PartEnd[]; rest: NewPart[] }

/**
 * Pays for claimed parts. Where a budget is used up, what must arrive waits for the next month, or until there is budget, and all else ends.
 * Changes the parts; the caller stores them.
 */
export async function payClaimed(
  ctx: PaymentNeeds,
  tx: Db,
  parts: readonly ClaimedPart[],
  messages: ReadonlyMap<string, MessageRow>,
): Promise<ClaimedPayments> {
  const done: ClaimedPayments = { paid: [], held: [], ends: [], rest: [] }
  const asked = paidOf(ctx, parts, messages)
  if (asked.length === 0) return done
  const levels = await levelsOf(ctx, tx, asked)
  const payments = await pay(ctx, tx, await billsOf(ctx, tx, asked), { isWhole: false })
  for (const [at, { part, message }] of asked.entries()) {
    const payment = payments[at]
    if (!payment) continue
    const { persons, usedUp } = payment
    if (usedUp && persons === 0) {
      const reason: WaitingReason = { code: 'budgetUsedUp', of: usedUp }
      if (levels.get(message.id) === 'must') {
        wait(ctx, part, message, reason)
        done.held.push(part)
      } else done.ends.push({ id: part.id, state: 'cancelled', reason: keptReason(reason) })
      continue
    }
    if (persons < addressesIn(part)) done.rest.push(divide(ctx, part, persons))
    notePaid(ctx, part, payment, message)
    done.paid.push(part)
  }
  return done
}

function notePaid(ctx: PaymentNeeds, part: NewPart, payment: Payment | undefined, message: MessageRow): void {
  if (!payment) return
  part.cost = fenOf(ctx, message, part) * addressesIn(part)
  part.paidFrom = payment.paidFrom
}

async function billsOf(
  ctx: PaymentNeeds,
  tx: Db,
  paid: readonly { part: NewPart; message: MessageRow }[],
): Promise<Bill[]> {
  const levels = await levelsOf(ctx, tx, paid)
  const fens = new Map<string, number>()
  return paid.map(({ part, message }) => ({
    corpId: message.corpId,
    devId: message.devId,
    // What tells administrators of an alert does not wait either.
    isUrgent: levels.get(message.id) === 'urgent' || message.aboutAlert,
    fen: fens.getOrInsertComputed(`${message.id} ${wayOf(part)}`, () => fenOf(ctx, message, part)),
    persons: addressesIn(part),
  }))
}

const wayOf = ({ ways }: NewPart) => ways?.at(-1)

/** What a message costs for one person by the way that its part goes. */
function fenOf(ctx: PaymentNeeds, message: MessageRow, part: NewPart): number {
  const { corpId, channel } = message
  return fenFor(ctx, corpId, { channel, content: openContent(ctx, message), way: wayOf(part) })
}

/** Of the versions by which messages were accepted; what has no type must arrive. */
async function levelsOf(
  ctx: PaymentNeeds,
  tx: Db,
  paid: readonly { message: MessageRow }[],
): Promise<Map<string, Level>> {
  const levels = new Map<string, Level>()
  const ofVersions = new Map<string, Level>()
  for (const { message } of paid) {
    const { id, corpId, typeKey: key, typeVersion: version } = message
    if (levels.has(id)) continue
    if (key === null || version === null) {
      levels.set(id, 'must')
      continue
    }
    const name = `${corpId} ${key} ${version}`
    if (!ofVersions.has(name)) {
      const inForce = ctx.messageTypes.find(corpId, key)
      const definition =
        inForce?.version === version ? inForce.definition : await definitionOf(tx, { corpId, key, version })
      ofVersions.set(name, definition?.level ?? 'must')
    }
    levels.set(id, ofVersions.get(name)!)
  }
  return levels
}

/** Until the next month, or its expiry; it is looked at before when a budget changes. */
function wait(ctx: PaymentNeeds, part: NewPart, message: MessageRow, reason: WaitingReason): void {
  const now = ctx.now()
  const month = nextMonthAt(now, zoneOf(ctx, message.corpId))
  const until = new Date(Math.min(month, message.expiresAt?.getTime() ?? Infinity))
  part.state = 'waiting'
  part.attempts -= 1
  part.nextAttemptAt = until
  part.heldUntil = until
  const since = part.hold?.since ?? new Date(now).toISOString()
  part.hold = { since, until: until.toISOString(), reason: keptReason(reason) }
}

/** Leaves the part those of the first `addresses`; returns one for the others, which is looked at next. */
function divide(ctx: PaymentNeeds, part: ClaimedPart, addresses: number): NewPart {
  const persons = byAddress(part).slice(0, addresses).flat().length
  const { id: _id, was: _was, afterState: _after, cost: _cost, paidFrom: _from, ...same } = part
  const rest: NewPart = {
    ...same,
    userIds: part.userIds.slice(persons),
    memberIds: part.memberIds.slice(persons),
    state: 'waiting',
    attempts: 0,
    nextAttemptAt: new Date(ctx.now()),
    unsureSince: null,
  }
  part.userIds = part.userIds.slice(0, persons)
  part.memberIds = part.memberIds.slice(0, persons)
  return rest
}

/**
 * Notes what an SMS costs that no budget paid for, by the way that it went: for those whom the vendor took, or may have taken. It is written
 * with the attempt.
 */
export function costed(ctx: PaymentNeeds, message: MessageRow, recorded: AttemptRecord): AttemptRecord {
  const { part, change, results, parts } = recorded
  if (!channelOf(part.channel).isPaid || part.paidFrom || !isGone(change.state, parts)) return recorded
  if (smsPriceOf(ctx, message.corpId, wayOf(part)) === 0) return recorded
  const fen = fenOf(ctx, message, part)
  const left = new Set(change.userIds ?? part.userIds)
  const taken = byAddress(only(part, userId => left.has(userId)))
  const gone = taken.length - refusedAddresses(taken, results)
  return {
    ...recorded,
    change: mayHaveGone(change.state) ? { ...change, cost: fen * gone } : change,
    parts: parts.map(one => (mayHaveGone(one.state) ? { ...one, cost: fen * addressesIn(one) } : one)),
  }
}

const mayHaveGone = (state: string) => state === 'sent' || state === 'unknown' || state === 'asking'

const isGone = (state: string, parts: readonly NewPart[]) =>
  mayHaveGone(state) || parts.some(one => mayHaveGone(one.state))

function refusedAddresses(addresses: string[][], results: AttemptRecord['results']): number {
  const refused = new Set(results.map(one => one.userId))
  return addresses.filter(own => own.every(userId => refused.has(userId))).length
}

const notSent: readonly string[] = ['waiting', 'failed', 'replaced']

/** What an attempt gives back, because it did not leave: the whole, or for those whom the vendor refused. `left` is what stays paid. */
export function refundOf({
  part,
  change,
  results,
  parts,
  devId,
}: AttemptRecord): (Refund & { id: number; left: number }) | undefined {
  const { id, corpId, cost, paidFrom } = part
  if (!cost || !paidFrom) return undefined
  const addressesOf = (state: NewPart['state']) =>
    parts.filter(one => one.state === state).reduce((sum, one) => sum + addressesIn(one), 0)
  const all = addressesIn(part)
  const each = cost / all
  // Those of whom nobody knows whether they got it have a part of their own, which stays paid.
  const unknown = addressesOf('unknown')
  const back = notSent.includes(change.state)
    ? all - unknown
    : refusedAddresses(byAddress(part), results) + (mayHaveGone(change.state) ? addressesOf('waiting') : 0)
  const fen = each * back
  return fen > 0 || unknown > 0
    ? { id, corpId, devId, paidFrom, fen, left: cost - fen - each * unknown }
    : undefined
}
