import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { describeError } from '../../operation/log.ts'
import { createOutbox, leaseMs, type Outbox, type Recorded } from '../accept/outbox.ts'
import type { MessageSettingsOfCorps } from '../settings/settings.ts'
import type { ChannelName, MessageRow, Part } from '../store.ts'
import { renewLeases } from '../store.ts'
import { attemptPart, type Delivered } from './attempt.ts'

/**
 * Limits on concurrent calls. A crash leaves that many in doubt, so they are low where upstream is slow and nothing
 * proves what became of a call.
 */
export const atMost: Record<ChannelName, number> = { wecom: 256, sms: 16, email: 8 }
const recordAgainMs = 1000
const recordTries = 600

/** The calls to upstream that this node is making. */
export type Calls = {
  outbox: Outbox
  /** How many more calls one of the users of the channel may begin. */
  room(channel: ChannelName): number
  /**
   * Joins those who share the channel's calls; `onRoom` runs whenever a call ends. Returns a function that leaves.
   */
  enter(channel: ChannelName, onRoom: () => void): () => void
  ids(): number[]
  attempt(message: MessageRow, part: Part, isWaitedFor?: () => boolean): Promise<Delivered>
  start(): void
  /** Begins no more calls; resolves when the outcome of all is recorded. */
  stop(): Promise<void>
}

export function createCalls(
  ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps; mirrors: Mirrors },
): Calls {
  const running = new Set<number>()
  let onLastEnded = () => {}
  const counts: Record<ChannelName, number> = { wecom: 0, sms: 0, email: 0 }
  let isStopped = false
  let renewing: NodeJS.Timeout | undefined
  const sharers: Record<ChannelName, Set<() => void>> = { wecom: new Set(), sms: new Set(), email: new Set() }
  /** Each user gets its share, so that a corp with a long queue leaves room for the others. */
  const room = (channel: ChannelName) => {
    const free = isStopped ? 0 : atMost[channel] - counts[channel]
    return free <= 0 ? 0 : Math.ceil(free / Math.max(sharers[channel].size, 1))
  }
  const outbox = createOutbox(ctx, room)

  /** Retries, because a known outcome must not be lost when the database is away for a while. */
  async function record(recorded: Recorded): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await outbox.record(recorded)
      } catch (error) {
        if (isStopped || tries >= recordTries) throw error
        ctx.log.error({ partId: recorded.change.id, ...describeError(error) }, 'attempt not written down yet')
        await new Promise(resolve => setTimeout(resolve, recordAgainMs))
      }
    }
  }

  async function renew() {
    if (running.size === 0) return
    await renewLeases(ctx.db, [...running], new Date(ctx.now() + leaseMs)).catch(error => {
      ctx.log.warn(describeError(error), 'leases not renewed')
    })
  }

  return {
    outbox,
    room,
    ids: () => [...running],
    enter(channel, onRoom) {
      sharers[channel].add(onRoom)
      return () => void sharers[channel].delete(onRoom)
    },
    async attempt(message, part, isWaitedFor = () => false) {
      const { channel } = part
      counts[channel]++
      running.add(part.id)
      try {
        const { recorded, delivered } = await attemptPart(ctx, message, part, isWaitedFor)
        await record(recorded)
        return delivered
      } finally {
        counts[channel]--
        running.delete(part.id)
        for (const onRoom of sharers[channel]) onRoom()
        if (running.size === 0) onLastEnded()
      }
    },
    start() {
      renewing = setInterval(renew, leaseMs / 4)
    },
    async stop() {
      isStopped = true
      if (running.size > 0) {
        await new Promise<void>(resolve => {
          onLastEnded = resolve
        })
      }
      clearInterval(renewing)
    },
  }
}
