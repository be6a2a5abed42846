import type { ServerResponse } from 'node:http'
import type { Developers } from '../../../callers/developers/developers.ts'
import { feedRange } from '../../../organisation/directory/feed-store.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { createSlots } from '../../../platform/http/waiting/slots.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { DatabaseAway } from '../../../platform/storage/availability.ts'
import { persistently } from '../../../platform/storage/bus.ts'
import { readFeed } from '../event-store.ts'
import { resync, tell } from '../tell.ts'
import { withFrame } from './framed.ts'
import { createHubs, pageSize } from './hubs.ts'
import { createListener, type Listener } from './listener.ts'
import { endStreams, nextStreamId, takeStream } from './stream-store.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors; offered: FeatureOffers }

export type StreamRequest = {
  /** Undefined: from now on. */
  since: number | undefined
  /** As in `isWanted`. */
  types: readonly string[]
  /** The developer, as long as the call that opened the stream would still be taken; throws otherwise. */
  again(): Caller
}

/** Server-sent events, to any number of listeners: each number of a corp is read once for all of them on this node. */
export type Streams = {
  /** Begins a stream. Throws 1010 when too many are open, on all nodes together. */
  open(developer: Caller, wish: StreamRequest): Promise<(raw: ServerResponse, requestId: string) => void>
  /** Ends the streams of those who would not be let in any more. */
  endRefused(): void
  /** Ends all streams; their clients come again, to another node. */
  close(): void
}

export const ofDeveloperAtMost = 20
const ofNodeAtMost = 2000
const beatMs = 15_000
const beginsWithinMs = 5000
const readingsAtOnce = 16

export async function createStreams(ctx: Needs): Promise<Streams> {
  const open = new Set<Listener>()
  const withSlot = createSlots(readingsAtOnce, ofNodeAtMost)
  const hubs = createHubs(ctx, listener => void follow(listener))
  const beating = setInterval(() => beat(open), beatMs)
  ctx.stopping.addEventListener('abort', () => clearInterval(beating))
  let isClosed = false
  const release = createRelease(ctx)

  /** Reads for a listener alone, until it has read everything and can join the others. Never rejects. */
  async function follow(listener: Listener) {
    try {
      while (listener.isLive()) {
        const told = await withSlot('', () => readFor(ctx, listener))
        if (!told) return hubs.join(listener)
        listener.take(told.framed, told.last)
        await listener.drained()
      }
    } catch (error) {
      ctx.log.warn(describeError(error), 'event stream ended')
      listener.end()
    }
  }

  await ctx.bus.listen(
    'wisp_event',
    payload => void hubs.read(payload.split(' ', 1)[0]),
    () => hubs.read(),
  )

  return {
    endRefused() {
      for (const listener of open) listener.isLive()
    },
    async open(developer, { since, types, again }) {
      if (isClosed || open.size >= ofNodeAtMost) throw tooMany()
      const { devId } = developer
      const id = await nextStreamId(ctx.db)
      const place = { id, node: ctx.nodeId, devId, atMost: ofDeveloperAtMost }
      const isTaken = await takeStream(ctx.db, place).catch(error => {
        // The row may have been written all the same.
        release(id, devId)
        throw error
      })
      if (!isTaken) throw tooMany()
      // What is refused after this, such as a packet, is never begun.
      const unused = setTimeout(release, beginsWithinMs, id, devId)
      return (raw, requestId) => {
        clearTimeout(unused)
        if (raw.destroyed) return release(id, devId)
        const listener = createListener({ raw, requestId, developer, types, again })
        open.add(listener)
        raw.once('close', () => {
          open.delete(listener)
          release(id, devId)
        })
        begin(ctx, listener, since)
          .then(() => {
            // A listener that loses the connection before the first event knows where to continue.
            listener.beat()
            return follow(listener)
          })
          .catch(error => {
            ctx.log.error(describeError(error), 'event stream not begun')
            listener.end()
          })
      }
    },
    close() {
      isClosed = true
      for (const listener of open) listener.leave()
    },
  }
}

/** Gives the place of a stream back once the database takes that: it may be away just then, which ends streams too. */
export function createRelease({ db, log, stopping }: Core): (id: number, devId: string) => void {
  const ended = new Map<number, string>()
  const noteEnded = persistently(
    async () => {
      const taken = new Map(ended)
      await endStreams(db, taken)
      for (const id of taken.keys()) ended.delete(id)
    },
    {
      stopping,
      onFailure(error) {
        // That it does not answer is in the log already.
        if (!(error instanceof DatabaseAway))
          log.warn(describeError(error), 'ends of event streams not noted')
      },
    },
  )
  return (id, devId) => {
    ended.set(id, devId)
    // It never rejects.
    void noteEnded()
  }
}

/** Finds where a listener begins. One that asks for events which are no longer kept is told to read the address book again. */
async function begin(ctx: Core, listener: Listener, since: number | undefined): Promise<void> {
  const { corpId, scopes } = listener.developer
  const { first, seq } = await feedRange(ctx.db, corpId)
  listener.seq = since ?? seq
  if (since === undefined || (since + 1 >= first && since <= seq)) return
  const from = since > seq ? seq : first - 1
  listener.seq = from - 1
  const told = resync(corpId, from, new Date(ctx.now()), 'expired')
  listener.take(scopes.has('directory:read') ? [withFrame(told)] : [], from)
}

/** The next page for a listener; undefined at the end. */
async function readFor(ctx: Needs, { developer, seq }: Listener) {
  const rows = await readFeed(ctx.db, developer.corpId, { since: seq }, pageSize)
  const last = rows.at(-1)?.seq
  return last === undefined ? undefined : { last, framed: (await tell(ctx, developer, rows)).map(withFrame) }
}

function beat(open: ReadonlySet<Listener>): void {
  for (const listener of open) if (listener.isLive()) listener.beat()
}

function tooMany(): ApiError {
  return new ApiError(
    'tooManyRequests',
    {
      zh: `打开的事件流过多，每个开发者在全部节点上最多 ${ofDeveloperAtMost} 个`,
      en: `too many event streams are open: ${ofDeveloperAtMost} for a developer, on all nodes together`,
    },
    { retryAfterSeconds: 30 },
  )
}
