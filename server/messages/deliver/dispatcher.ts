import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Developers } from '../../developers/developers.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { describeError } from '../../operation/log.ts'
import { addParts } from '../accept/accept-store.ts'
import { expandNext } from '../accept/expand.ts'
import { leaseMs, type Outbox } from '../accept/outbox.ts'
import { keptReason, recalled } from '../fate/reason.ts'
import { agentsOf, heldReason, prepare } from '../limits/hold.ts'
import type { MessageSettingsOfCorps } from '../settings/settings.ts'
import type { ChannelName, ClaimedPart, MessageRow, Part, PartEnd } from '../store.ts'
import * as store from '../store.ts'
import type { Delivered } from './attempt.ts'
import { channelNames, createCalls } from './calls.ts'

type Needs = Core & { messageSettings: MessageSettingsOfCorps; mirrors: Mirrors }

/** Sends parts: those that this node accepted at once, and all that are due. */
export type Dispatcher = {
  outbox: Outbox
  /** One attempt; resolves when what became of it is written down. */
  attempt(message: MessageRow, part: Part, isWaitedFor?: () => boolean): Promise<Delivered>
  start(): void
  /** Looks for due parts now. */
  kick(): void
  /** Resolves when nothing is due or being sent on this node. */
  drain(): Promise<void>
  stop(): Promise<void>
}

const claimAtMost = 64
const lookEveryMs = 1000

export function createDispatcher(
  ctx: Core & {
    corps: Corps
    developers: Developers
    messageSettings: MessageSettingsOfCorps
    mirrors: Mirrors
  },
): Dispatcher {
  let isStopped = false
  let looking: Promise<void> = Promise.resolve()
  let isKicked = false
  let isIdle = true
  let looks = 0
  const nap = createNap()
  const kick = () => {
    isKicked = true
    nap.end()
  }
  const calls = createCalls(ctx, kick)

  async function look(): Promise<boolean> {
    let isMore = false
    for (const channel of channelNames) {
      const limit = Math.min(claimAtMost, calls.room(channel))
      if (limit <= 0) continue
      const { parts, claimed } = await claim(ctx, channel, limit, calls.ids())
      for (const { message, part } of parts) {
        calls.attempt(message, part).catch(error => {
          ctx.log.error({ messageId: message.id, ...describeError(error) }, 'attempt not written down')
        })
      }
      isMore ||= claimed === limit && calls.room(channel) > 0
    }
    return isMore
  }

  /** Until the next part is due, somebody kicks, or a second is over: other nodes accept too. */
  const rest = (due: Date | undefined) =>
    nap.take(Math.min(Math.max(due ? due.getTime() - ctx.now() : lookEveryMs, 20), lookEveryMs))

  async function loop() {
    while (!isStopped) {
      isKicked = false
      isIdle = false
      looks++
      let due: Date | undefined
      try {
        const isMore = await look()
        if ((await expandNext(ctx)) || isMore) continue
        due = await store.nextPartAt(ctx.db, channelNames)
      } catch (error) {
        if (!isStopped) ctx.log.error(describeError(error), 'messages not dispatched')
      }
      isIdle = true
      if (!isStopped && !isKicked) await rest(due)
    }
  }

  return {
    outbox: calls.outbox,
    attempt: calls.attempt,
    start() {
      looking = loop()
      calls.start()
    },
    kick,
    async drain() {
      const isQuiet = () => isIdle && calls.ids().length === 0
      for (;;) {
        // A part that is claimed or ends while the database is asked makes the answer old: nothing may have moved meanwhile.
        const before = looks
        const wasQuiet = isQuiet()
        const due = await store.nextPartAt(ctx.db, channelNames)
        const isDue = due !== undefined && due.getTime() <= ctx.now()
        if (!isDue && wasQuiet && isQuiet() && looks === before) return
        if (isDue) kick()
        await new Promise(resolve => setTimeout(resolve, 10))
      }
    },
    async stop() {
      isStopped = true
      nap.end()
      await looking
      await calls.stop()
    },
  }
}

/** A sleep that can be cut short. */
function createNap() {
  let end = () => {}
  return {
    end: () => end(),
    take: (ms: number) =>
      new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms)
        end = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}

type Claimed = { message: MessageRow; part: ClaimedPart }

/** Takes due parts, counts them against the limits, and answers those that may go now. */
async function claim(
  ctx: Needs,
  channel: ChannelName,
  limit: number,
  running: number[],
): Promise<{ parts: Claimed[]; claimed: number }> {
  return ctx.db.transaction().execute(async tx => {
    const now = new Date(ctx.now())
    const leaseUntil = new Date(ctx.now() + leaseMs)
    const parts = await store.claimParts(tx, channel, { now, leaseUntil }, limit, running)
    if (parts.length === 0) return { parts: [], claimed: 0 }
    const messages = await store.findMessages(tx, [...new Set(parts.map(part => part.messageId))])
    const claimed = parts.flatMap(part => {
      const message = messages.get(part.messageId)
      return message ? [{ message, part }] : []
    })
    const ends = claimed.flatMap(one => endOf(one) ?? [])
    await store.endParts(tx, ends, now)
    const ended = new Set(ends.map(one => one.id))
    const going = claimed.filter(({ part }) => !ended.has(part.id))
    const fresh = going.map(one => one.part).filter(part => part.was === 'waiting')
    if (channel === 'wecom') await prepareClaimed(ctx, tx, fresh, messages)
    return { parts: going.filter(({ part }) => part.state === 'sending'), claimed: parts.length }
  })
}

const behindFailed = { zh: '前一条未发出', en: 'the piece before it did not go out' }

/** What is over without another attempt: recalled, or behind a piece of its text that failed. */
function endOf({ message, part }: Claimed): PartEnd | undefined {
  if (part.was !== 'waiting') return undefined
  if (message.recalledAt)
    return { id: part.id, state: part.unsureSince ? 'unknown' : 'cancelled', reason: keptReason(recalled) }
  if (part.afterState === 'failed' || part.afterState === 'cancelled')
    return { id: part.id, state: part.afterState, reason: keptReason(behindFailed) }
  return undefined
}

async function prepareClaimed(
  ctx: Needs,
  tx: Core['db'],
  parts: ClaimedPart[],
  messages: Map<string, MessageRow>,
): Promise<void> {
  const before = new Map(parts.map(part => [part.id, { ...part }]))
  const later = await prepare(ctx, tx, parts, agentsOf(messages.values()))
  await store.holdParts(
    tx,
    parts.filter(part => part.state === 'waiting'),
    keptReason(heldReason),
  )
  const isChanged = (part: ClaimedPart) => {
    const old = before.get(part.id)
    return old?.isChecked !== part.isChecked || old.userIds.length !== part.userIds.length
  }
  await store.setGoing(
    tx,
    parts.filter(part => part.state === 'sending' && isChanged(part)),
  )
  await addParts(tx, later)
}
