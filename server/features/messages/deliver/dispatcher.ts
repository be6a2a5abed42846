import { setTimeout as delay } from 'node:timers/promises'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { behindOthers } from '../../../platform/operation/background.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { hasDue, holdLease } from '../../../platform/queue/queue-store.ts'
import type { Channel, SendNeeds } from '../../channels/channel.ts'
import { channelList, channelOf } from '../../channels/channels.ts'
import type { MessagePart, MessageRow } from '../../channels/part.ts'
import type { CommonReason, WaitingReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'
import { tellResults } from '../fate/results-store.ts'
import { enqueueParts, leaseMs } from '../parts/parts.ts'
import { addParts, findMessages } from '../parts/store.ts'
import { lookNow, type WayEnd } from '../plans/fallback-store.ts'
import type { PartOutcome } from './attempt.ts'
import { type Calls, createCalls } from './calls.ts'
import { expandNext } from './expand.ts'
import {
  type ClaimedPart,
  claimParts,
  endParts,
  freeHeldByBudget,
  holdParts,
  nextPartAt,
  type PartEnd,
  receiversAtOnce,
  setGoing,
  setPaid,
} from './part-store.ts'
import { type PaymentNeeds, payClaimed } from './payments.ts'
import { waysOf } from './ways.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    messages: true
    /** A budget has changed, or something was given back: what waits for it is looked at. */
    'sms-budgets': true
  }
}

type Needs = SendNeeds & PaymentNeeds & { mirrors: Mirrors }
type DispatcherNeeds = Needs & { queue: Queue }

/** Sends parts: at once those that this node accepted, and later all that are due. */
export type Dispatcher = {
  /** How many more calls this node may begin by a channel. */
  room(channel: string): number
  /** Makes one attempt; resolves when its outcome is recorded. */
  attempt(message: MessageRow, part: MessagePart, isWaitedFor?: () => boolean): Promise<PartOutcome>
  start(): void
  /** Resolves when nothing is due, on any node, or being sent on this one. */
  drain(): Promise<void>
  stop(): Promise<void>
}

const claimAtMost = 64
/** Number of corps and channels served at once; most of them only wait until another call may begin. */
const tasksAtOnce = 32
const roomAgainMs = 1000

export function createDispatcher(ctx: DispatcherNeeds): Dispatcher {
  const calls = createCalls(ctx)
  ctx.queue.handle({
    name: 'messages',
    atOnce: tasksAtOnce,
    work: held => sendDue(ctx, calls, held),
  })
  ctx.queue.handle({ name: 'sms-budgets', atOnce: tasksAtOnce, work: held => freeHeld(ctx, held) })
  return {
    room: calls.room,
    attempt: calls.attempt,
    start: calls.start,
    async drain() {
      const isBusy = async () =>
        calls.ids().length > 0 ||
        (await hasDue(ctx.db, 'messages', new Date(ctx.now()))) ||
        calls.ids().length > 0
      while (await isBusy()) {
        ctx.queue.kick()
        await new Promise(resolve => setTimeout(resolve, 10))
      }
    },
    stop: calls.stop,
  }
}

/**
 * Begins as many calls as are allowed for what is due in a corp's channel; the last ones may still run when it
 * returns.
 */
async function sendDue(ctx: DispatcherNeeds, calls: Calls, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: channel, signal } = held
  const leave = calls.enter(channel, held.ring)
  let expanded: string | undefined = ''
  try {
    while (!signal.aborted) {
      held.reset()
      const limit = Math.min(claimAtMost, calls.roomForBacklog(channel))
      if (limit <= 0) {
        await held.wait(roomAgainMs)
        continue
      }
      const startedAt = performance.now()
      const { parts, isMore, isWide } = await claim(ctx, corpId, channel, limit, calls.ids())
      for (const { message, part } of parts) {
        behindOthers(() => calls.attempt(message, part)).catch(error => {
          ctx.log.error({ messageId: message.id, ...describeError(error) }, 'attempt not written down')
        })
      }
      expanded = await expandNext(ctx, corpId, channel, expanded ?? '')
      if (expanded === undefined && !isMore) return await nextPartAt(ctx.db, corpId, channel)
      // A message to thousands rests as long as it worked, so that it leaves half of the time to what others send.
      if (expanded !== undefined || isWide)
        await delay(performance.now() - startedAt, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    leave()
  }
  return undefined
}

const paidChannels = channelList.flatMap(([name, { isPaid }]) => (isPaid ? [name as string] : []))

async function freeHeld(ctx: DispatcherNeeds, held: ActiveTask): Promise<undefined> {
  const { corpId } = held
  await ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    // Before the tasks of the parts: what gives back locks both in this order.
    await holdLease(tx, held.lease)
    if (await freeHeldByBudget(tx, corpId, paidChannels, at))
      await enqueueParts(
        tx,
        paidChannels.map(channel => ({ corpId, channel, at })),
      )
  })
  ctx.queue.kick(corpId)
}

type Claim = { message: MessageRow; part: ClaimedPart }

/** Claims due parts, counts them against the limits, and returns those that may go now. */
async function claim(
  ctx: Needs,
  corpId: string,
  channel: string,
  limit: number,
  running: number[],
): Promise<{ parts: Claim[]; isMore: boolean; isWide: boolean }> {
  return ctx.db.transaction().execute(async tx => {
    const now = new Date(ctx.now())
    const leaseUntil = new Date(ctx.now() + leaseMs)
    const ways = waysOf(ctx, corpId, channel)
    const due = await claimParts(tx, corpId, channel, { now, leaseUntil, ways }, limit, running)
    if (due.length === 0) return { parts: [], isMore: false, isWide: false }
    const receivers = due.reduce((sum, part) => sum + part.userIds.length, 0)
    const isWide = receivers >= receiversAtOnce
    const isMore = due.length === limit || isWide
    const messages = await findMessages(tx, corpId, [...new Set(due.map(part => part.messageId))])
    const claimed = due.flatMap(part => {
      const message = messages.get(part.messageId)
      return message ? [{ message, part }] : []
    })
    const ends = claimed.flatMap(one => endOf(one, now) ?? [])
    await endParts(tx, corpId, ends, now)
    const ended = new Set(ends.map(one => one.id))
    const going = claimed.filter(({ part }) => !ended.has(part.id))
    const fresh = going.map(one => one.part).filter(part => part.was === 'waiting')
    const payments = await payClaimed(ctx, tx, fresh, messages)
    await endParts(tx, corpId, payments.ends, now)
    for (const { id } of payments.ends) ended.add(id)
    await holdParts(tx, corpId, payments.held)
    await setPaid(tx, corpId, payments.paid)
    await addParts(tx, payments.rest)
    const { prepare } = channelOf(channel)
    const paid = fresh.filter(part => part.state === 'sending' && !ended.has(part.id))
    if (prepare) await prepareClaimed(ctx, tx, corpId, prepare, paid, messages)
    if (ended.size > 0 && ctx.developers.listen(corpId)) {
      const told = claimed.filter(({ part }) => ended.has(part.id)).map(({ message }) => message)
      await tellResults(tx, told, now)
    }
    await lookNow(tx, waysEnded(claimed, new Set(payments.ends.map(one => one.id))), now)
    const parts = going.filter(({ part }) => part.state === 'sending' && !ended.has(part.id))
    return { parts, isMore: isMore || payments.rest.length > 0, isWide }
  })
}

/** Persons of a call whose way ended before it began: they go on to their next step. */
function waysEnded(claimed: readonly Claim[], ended: ReadonlySet<number>): WayEnd[] {
  return claimed.flatMap(({ message: { corpId, id, parentId, typeKey }, part }) =>
    ended.has(part.id) && parentId !== null && typeKey !== null
      ? part.memberIds.map(memberId => ({ corpId, messageId: id, memberId }))
      : [],
  )
}

const behindFailed: CommonReason = { code: 'behindFailed' }
const recalled: CommonReason = { code: 'recalled' }
const expired: WaitingReason = { code: 'expired' }

/** How a part ends without another attempt: it was recalled, it expired, or an earlier piece of its text failed. */
function endOf({ message, part }: Claim, now: Date): PartEnd | undefined {
  if (part.was !== 'waiting') return undefined
  const state = part.unsureSince ? 'unknown' : 'cancelled'
  if (message.recalledAt) return { id: part.id, state, reason: keptReason(recalled) }
  // The pieces of a text that has begun go on.
  if (message.expiresAt && message.expiresAt <= now && part.chunk === 0)
    return { id: part.id, state, reason: keptReason(expired) }
  if (part.afterState === 'failed' || part.afterState === 'cancelled')
    return { id: part.id, state: part.afterState, reason: keptReason(behindFailed) }
  return undefined
}

async function prepareClaimed(
  ctx: Needs,
  tx: Core['db'],
  corpId: string,
  prepare: NonNullable<Channel['prepare']>,
  parts: ClaimedPart[],
  messages: Map<string, MessageRow>,
): Promise<void> {
  const before = new Map(parts.map(part => [part.id, { ...part }]))
  const later = await prepare(ctx, tx, parts, messages)
  await holdParts(
    tx,
    corpId,
    parts.filter(part => part.state === 'waiting'),
  )
  const isChanged = (part: ClaimedPart) => {
    const old = before.get(part.id)
    return old?.isChecked !== part.isChecked || old.userIds.length !== part.userIds.length
  }
  await setGoing(
    tx,
    corpId,
    parts.filter(part => part.state === 'sending' && isChanged(part)),
  )
  await addParts(tx, later)
}
