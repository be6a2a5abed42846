/** The calls to upstream that this node makes, and what is recorded of each. */

import type { Developers } from '../../../callers/developers/developers.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { createBatcher } from '../../../platform/storage/batcher.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { SendNeeds } from '../../channels/channel.ts'
import { anyChannelList, channelOf } from '../../channels/channels.ts'
import type { MessagePart, MessageRow, PartState } from '../../channels/part.ts'
import { noteRefusals } from '../../channels/refusals.ts'
import { giveBack } from '../../send-approval/budget/pay.ts'
import { arrivalsOf, tellResults } from '../fate/results-store.ts'
import { type DueTask, enqueueParts, leaseMs } from '../parts/parts.ts'
import { addParts, putResults } from '../parts/store.ts'
import { lookNow, type WayEnd } from '../plans/fallback-store.ts'
import { type AttemptRecord, attemptPart, type PartOutcome } from './attempt.ts'
import { endAttempts, renewLeases, setCosts } from './part-store.ts'
import { costed, type PaymentNeeds, refundOf } from './payments.ts'

const recordAgainMs = 1000
const recordTries = 600
const recordedAtOnce = 200

/** The calls to upstream that this node is making. */
export type Calls = {
  /** How many more calls one of the users of the channel may begin. */
  room(channel: string): number
  /** The same for what waits: some calls are left to messages that are just being accepted, whatever waits before them. */
  roomForBacklog(channel: string): number
  /**
   * Joins those who share the channel's calls; `onRoom` runs whenever a call ends. Returns a function that leaves.
   */
  enter(channel: string, onRoom: () => void): () => void
  ids(): number[]
  attempt(message: MessageRow, part: MessagePart, isWaitedFor?: () => boolean): Promise<PartOutcome>
  start(): void
  /** Begins no more calls; resolves when the outcome of all is recorded. */
  stop(): Promise<void>
}

export function createCalls(ctx: SendNeeds & PaymentNeeds & { mirrors: Mirrors }): Calls {
  const running = new Map<number, { corpId: string; id: number }>()
  let onLastEnded = () => {}
  const shared = new Map(
    anyChannelList.map(([name]) => [name as string, { calls: 0, sharers: new Set<() => void>() }]),
  )
  const sharedOf = (channel: string) => shared.get(channel)!
  /** A process that does not start this, such as a command, accepts messages and leaves the calls to the nodes. */
  let isOpen = false
  let renewing: NodeJS.Timeout | undefined
  /** Each user gets its share, so that a corp with a long queue leaves room for the others. */
  const share = (channel: string, kept: number) => {
    const { calls, sharers } = sharedOf(channel)
    const free = !isOpen ? 0 : channelOf(channel).callsAtMost - kept - calls
    return free <= 0 ? 0 : Math.ceil(free / Math.max(sharers.size, 1))
  }
  const room = (channel: string) => share(channel, 0)
  const write = createRecorder(ctx)

  /** Retries, because a known outcome must not be lost when the database is away for a while. */
  async function record(recorded: AttemptRecord): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await write(recorded)
      } catch (error) {
        if (!isOpen || tries >= recordTries) throw error
        ctx.log.error({ partId: recorded.change.id, ...describeError(error) }, 'attempt not written down yet')
        await new Promise(resolve => setTimeout(resolve, recordAgainMs))
      }
    }
  }

  async function renew() {
    if (running.size === 0) return
    await renewLeases(ctx.db, [...running.values()], new Date(ctx.now() + leaseMs)).catch(error => {
      ctx.log.warn(describeError(error), 'leases not renewed')
    })
  }

  return {
    room,
    roomForBacklog: channel => share(channel, Math.floor(channelOf(channel).callsAtMost / 4)),
    ids: () => [...running.keys()],
    enter(channel, onRoom) {
      const { sharers } = sharedOf(channel)
      sharers.add(onRoom)
      return () => void sharers.delete(onRoom)
    },
    async attempt(message, part, isWaitedFor = () => false) {
      const own = sharedOf(part.channel)
      own.calls++
      running.set(part.id, { corpId: part.corpId, id: part.id })
      try {
        const { recorded, delivered } = await attemptPart(ctx, message, part, isWaitedFor)
        await record(costed(ctx, message, recorded))
        return delivered
      } finally {
        own.calls--
        running.delete(part.id)
        for (const onRoom of own.sharers) onRoom()
        if (running.size === 0) onLastEnded()
      }
    },
    start() {
      isOpen = true
      renewing = setInterval(renew, leaseMs / 4)
    },
    async stop() {
      isOpen = false
      if (running.size > 0) {
        await new Promise<void>(resolve => {
          onLastEnded = resolve
        })
      }
      clearInterval(renewing)
    },
  }
}

type RecordNeeds = Core & { developers: Developers }

/**
 * Records attempts, many in one commit, and resolves once they are written. A crash of PostgreSQL may lose only records that are
 * repeatable.
 */
export function createRecorder(ctx: RecordNeeds): (recorded: AttemptRecord) => Promise<void> {
  const recorder = (isFlushed: boolean) =>
    createBatcher(async (recorded: AttemptRecord[]) => {
      await recordAll(ctx, recorded, isFlushed)
      return recorded.map(() => undefined)
    }, recordedAtOnce)
  const durably = recorder(true)
  const soon = recorder(false)
  return one => (one.isRepeatable ? soon(one) : durably(one))
}

async function recordAll(ctx: RecordNeeds, recorded: AttemptRecord[], isFlushed: boolean): Promise<void> {
  const changes = recorded.map(({ part: { corpId }, change }) => ({ ...change, corpId }))
  const attempts = recorded.flatMap(({ part: { corpId }, attempt }) =>
    attempt ? { ...attempt, corpId } : [],
  )
  const arrivals = arrivalsOf(recorded.map(({ part, change }) => ({ ...part, state: change.state })))
  const following = recorded.filter(one => isFollowed(ctx, one))
  // Usually there is nothing else to write, and a single statement needs no transaction.
  if (following.length === 0) {
    await endAttempts(ctx.db, changes, attempts, arrivals, isFlushed)
    return
  }
  await ctx.db.transaction().execute(async tx => {
    const changed = await endAttempts(tx, changes, attempts, arrivals)
    await recordWhatFollows(
      ctx,
      tx,
      following.filter(one => changed.has(one.change.id)),
    )
  })
}

/** Whether more than the part itself is written down. */
function isFollowed(ctx: RecordNeeds, one: AttemptRecord): boolean {
  const { results, parts, refusal, responseCode, serials } = one
  return (
    results.length + parts.length > 0 ||
    responseCode !== undefined ||
    serials !== undefined ||
    refusal !== undefined ||
    refundOf(one) !== undefined ||
    dueAfter(one, ctx.now()).length > 0 ||
    isTold(ctx, one) ||
    failedFor(one).length > 0
  )
}

/**
 * Only for records that changed their part. One that is repeated, because its commit was not heard of, must not divide the part
 * or tell its developer a second time.
 */
async function recordWhatFollows(ctx: RecordNeeds, tx: Db, changed: readonly AttemptRecord[]): Promise<void> {
  const at = new Date(ctx.now())
  const refunds = changed.flatMap(one => refundOf(one) ?? [])
  await setCosts(tx, refunds)
  await giveBack(ctx, tx, refunds)
  await putResults(
    tx,
    changed.flatMap(({ part: { corpId }, results }) => results.map(one => ({ ...one, corpId }))),
    at,
  )
  await addParts(
    tx,
    changed.flatMap(one => one.parts),
  )
  for (const [name, own] of Map.groupBy(changed, one => one.part.channel))
    await channelOf(name).answered?.(tx, own, at)
  await noteRefusals(
    ctx,
    tx,
    changed.flatMap(one => one.refusal ?? []),
    at,
  )
  await enqueueParts(
    tx,
    changed.flatMap(one => dueAfter(one, ctx.now())),
  )
  await tellResults(
    tx,
    changed.flatMap(one => (isTold(ctx, one) ? { corpId: one.part.corpId, id: one.part.messageId } : [])),
    at,
  )
  // In this order, in which what waits is worked on, too: it tells before it gives its task back.
  await lookNow(tx, changed.flatMap(failedFor), at)
}

/** For whom a text of a call failed, so that they go on to their next step. */
function failedFor({ isOfCall, part, change, results }: AttemptRecord): WayEnd[] {
  if (!isOfCall) return []
  const refused = new Set(results.map(one => one.userId))
  const { corpId, messageId } = part
  return part.memberIds.flatMap((memberId, at) =>
    change.state === 'failed' || refused.has(part.userIds[at] ?? '') ? [{ corpId, messageId, memberId }] : [],
  )
}

/** Developers are told even when everybody has left the part, because the new parts may already have ended. */
function isTold({ developers }: RecordNeeds, { part, change, parts }: AttemptRecord): boolean {
  return (isEnd(change.state) || parts.some(one => isEnd(one.state))) && developers.listen(part.corpId)
}

function isEnd(state: PartState): boolean {
  return state === 'sent' || state === 'failed' || state === 'unknown'
}

/**
 * What becomes due once this attempt is recorded: another attempt, the parts that replace it, or the part that waited
 * for it.
 */
function dueAfter({ part, change, parts }: AttemptRecord, now: number): DueTask[] {
  const { corpId, channel, isFollowed } = part
  if (change.state === 'waiting' || change.state === 'asking')
    return [{ corpId, channel, at: change.nextAttemptAt }]
  return parts.length > 0 || isFollowed ? [{ corpId, channel, at: new Date(now) }] : []
}
