import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { SendNeeds, Setups } from '../../channels/channel.ts'
import { channelList, channelOf } from '../../channels/channels.ts'
import { createOutbox, leaseMs, type Outbox, type Recorded } from '../accept/outbox.ts'
import type { MessageRow, Part } from '../outbox/store.ts'
import { renewLeases } from '../outbox/store.ts'
import { attemptPart, type PartOutcome } from './attempt.ts'

const recordAgainMs = 1000
const recordTries = 600

/** The calls to upstream that this node is making. */
export type Calls = {
  outbox: Outbox
  /** How many more calls one of the users of the channel may begin. */
  room(channel: string): number
  /** The same for what waits: some calls are left to messages that are just being accepted, whatever waits before them. */
  roomForBacklog(channel: string): number
  /**
   * Joins those who share the channel's calls; `onRoom` runs whenever a call ends. Returns a function that leaves.
   */
  enter(channel: string, onRoom: () => void): () => void
  ids(): number[]
  attempt(message: MessageRow, part: Part, isWaitedFor?: () => boolean): Promise<PartOutcome>
  start(): void
  /** Begins no more calls; resolves when the outcome of all is recorded. */
  stop(): Promise<void>
}

export function createCalls(
  ctx: SendNeeds & { corps: Corps; developers: Developers; messageSettings: Setups; mirrors: Mirrors },
): Calls {
  const running = new Map<number, { corpId: string; id: number }>()
  let onLastEnded = () => {}
  const shared = new Map(
    channelList.map(([name]) => [name as string, { calls: 0, sharers: new Set<() => void>() }]),
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
  const outbox = createOutbox(ctx, room)

  /** Retries, because a known outcome must not be lost when the database is away for a while. */
  async function record(recorded: Recorded): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await outbox.record(recorded)
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
    outbox,
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
        await record(recorded)
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
