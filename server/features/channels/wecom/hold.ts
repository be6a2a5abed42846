import { hash } from 'node:crypto'
import { directorySize } from '../../../organisation/corps/size-store.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { nextDayAt } from '../../../platform/operation/day.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Setups } from '../channel.ts'
import { holdPart, type MessageRow, type NewPart } from '../part.ts'
import {
  type Check,
  giveBackPace,
  paceLimits,
  type Reservation,
  reserveChecks,
  reserveDay,
  reservePace,
} from './pace-store.ts'
import type { WecomReason } from './reasons.ts'

type Needs = Core & { messageSettings: Setups; mirrors: Mirrors }

type Send = { part: NewPart; agentId: number }

const atPace: WecomReason = { code: 'wecomPace' }
const atDay: WecomReason = { code: 'wecomDay' }

/**
 * Must run in the transaction before parts leave: counts them against WeCom's limits and decides which of them use
 * its duplicate check. Every attempt counts, because WeCom counts what arrives whenever it arrives. Receivers over
 * their limit are taken out of their part; returns new parts for them, to be sent later. A part that cannot be
 * divided waits as a whole.
 */
export async function prepare(
  ctx: Needs,
  tx: Db,
  parts: NewPart[],
  messages: ReadonlyMap<string, MessageRow>,
): Promise<NewPart[]> {
  const sends = parts.flatMap(part => {
    const agentId = messages.get(part.messageId)?.agentId
    return typeof agentId === 'number' && part.state === 'sending' ? [{ part, agentId }] : []
  })
  if (sends.length === 0) return []
  const later = await holdAtPace(tx, sends, ctx.now())
  await guard(ctx, tx, sends)
  // This comes last because all sends of an agent share one row, which stays locked until the commit.
  await holdAtDay(ctx, tx, sends)
  return later
}

async function holdAtPace(tx: Db, sends: Send[], now: number): Promise<NewPart[]> {
  const reservations = sends.map(({ part, agentId }) =>
    part.userIds.map((userId): Reservation => ({ corpId: part.corpId, agentId, userKey: userKey(userId) })),
  )
  const times = await reservePace(tx, reservations.flat(), now)
  const later: NewPart[] = []
  const unused: Reservation[] = []
  let at = 0
  sends.forEach(({ part }, index) => {
    const own = times.slice(at, at + part.userIds.length)
    at += part.userIds.length
    const held = own.filter(time => time !== undefined)
    if (held.length === 0) return
    if (held.length < own.length && isDivisible(part)) later.push(divide(part, own, now))
    else {
      unused.push(...(reservations[index]?.filter((_, n) => own[n] === undefined) ?? []))
      holdPart(part, { untilMs: Math.max(...held), now, reason: atPace })
    }
  })
  await giveBackPace(tx, unused)
  return later
}

/**
 * A part that may have arrived must be repeated with the same bytes, and a numbered text must reach each receiver in
 * order.
 */
function isDivisible(part: NewPart): boolean {
  return !part.unsureSince && !part.isFollowed && part.chunk === 0
}

/** Removes the receivers who must wait from a part and returns a new part for them. */
function divide(part: NewPart, times: (number | undefined)[], now: number): NewPart {
  const pick = (isHeld: boolean) => ({
    userIds: part.userIds.filter((_, index) => (times[index] !== undefined) === isHeld),
    memberIds: part.memberIds.filter((_, index) => (times[index] !== undefined) === isHeld),
  })
  const held = { ...part, ...pick(true), isChecked: false, unsureSince: null, afterN: null }
  holdPart(held, {
    untilMs: Math.max(...times.filter(time => time !== undefined)),
    now,
    reason: atPace,
  })
  held.attempts = 0
  Object.assign(part, pick(false))
  return held
}

/** The daily quota counts a part once, at its first attempt. */
async function holdAtDay(ctx: Needs, tx: Db, sends: Send[]): Promise<void> {
  const first = sends.filter(({ part }) => part.state === 'sending' && part.attempts === 1)
  const ofAgents = Map.groupBy(first, ({ part, agentId }) => `${part.corpId} ${agentId}`)
  const now = ctx.now()
  for (const key of [...ofAgents.keys()].sort()) {
    const own = ofAgents.get(key) ?? []
    const [one] = own
    if (!one) continue
    const { corpId } = one.part
    const { listed: members } = await directorySize(tx, corpId)
    const cap = dayCap(ctx, corpId, members)
    const reserve = (persons: number) => reserveDay(tx, corpId, one.agentId, persons, cap, now)
    const persons = own.map(({ part }) => personsOf(part, members))
    const isTooMuch = own.length === 1 || !(await reserve(persons.reduce((sum, count) => sum + count, 0)))
    if (!isTooMuch) continue
    for (const [index, { part }] of own.entries()) {
      if (!(await reserve(persons[index] ?? 0)))
        holdPart(part, { untilMs: nextDayAt(now), now, reason: atDay })
    }
  }
}

function personsOf(part: Pick<NewPart, 'userIds'>, members: number): number {
  return part.userIds[0] === '@all' ? members : part.userIds.length
}

/**
 * The duplicate check is decided when the bytes leave, for exactly the receivers they go to. A part that may have
 * arrived keeps its earlier decision. Such parts come last, because among equal requests in one batch the last one
 * gets the check.
 */
async function guard(ctx: Core, tx: Db, sends: Send[]): Promise<void> {
  const going = sends
    .map(({ part }) => part)
    .filter(part => part.state === 'sending' && part.payloadHash && (part.isChecked || !part.unsureSince))
    .sort((a, b) => Number(!!a.unsureSince) - Number(!!b.unsureSince))
  const checks = going.map(checkOf)
  const owners = await reserveChecks(tx, checks, ctx.now())
  for (const part of going) if (!part.unsureSince) part.isChecked = owners.has(ownerOf(part))
}

const ownerOf = (part: NewPart) => `${part.messageId}.${part.n}`

function checkOf(part: NewPart): Check {
  const { corpId, payloadHash, userIds } = part
  return {
    corpId,
    hash: hash('sha256', `${payloadHash} ${userIds.join('|')}`, 'base64'),
    owner: ownerOf(part),
  }
}

/**
 * WeCom's limit is 200 times the corp's account limit, which no call tells. Its members, without those who quit, are never more
 * than that, so that what follows from them is safe (docs/upstream/wecom-messages.md#frequency).
 */
export function usualDayCap(members: number): number {
  return members * paceLimits.personTimesPerAccount
}

/** How many person-times each agent of the corp may send a day. `members` are those of the corp without those who quit. */
export function dayCap(ctx: { messageSettings: Setups }, corpId: string, members: number): number {
  const { settings } = ctx.messageSettings.setupOf<{ dailyCap?: number }>(corpId, 'wecom')
  return settings?.dailyCap ?? usualDayCap(members)
}
