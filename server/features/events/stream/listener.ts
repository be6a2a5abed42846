import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Caller } from '../../../platform/http/caller.ts'
import { isWanted } from '../types.ts'
import type { EventFrame } from './framed.ts'

/** One open stream. */
export type Listener = {
  /** The developer as it was when the stream began, without what does not matter to the stream. */
  readonly developer: Caller
  /** The number up to which it has read. */
  seq: number
  /** False, and the stream ends, when the client is gone or would not be let in any more. */
  isLive(): boolean
  /** Sends what is meant of the feed up to `seq`. */
  take(told: readonly EventFrame[], seq: number): void
  /** Shows that the connection lives, and the number to go on from where it is another than the client knows. */
  beat(): void
  /** Resolves when the client has taken what was sent; ends the stream of one that does not. */
  drained(): Promise<void>
  end(): void
  /** Ends it because this node does: another one has the stream in a moment. */
  leave(): void
}

/** What may wait for a client that reads slowly, in bytes. */
const waitingAtMost = 1_000_000
const drainMs = 30_000
/** Browsers take seconds of their own accord. */
const againMs = 500

export function createListener(options: {
  raw: ServerResponse
  requestId: string
  developer: Caller
  types: readonly string[]
  again: () => Caller
}): Listener {
  const { raw, requestId, types, again } = options
  let { developer } = options
  raw.on('error', () => raw.destroy())
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  })
  raw.flushHeaders()

  function write(bytes: Buffer | string) {
    if (raw.destroyed || raw.writableEnded) return
    raw.write(bytes)
    // A listener that never reads would fill the memory.
    if (raw.writableLength > waitingAtMost) raw.destroy()
  }

  /** The latest number that the client was told. */
  let shownSeq: number | undefined
  const listener: Listener = {
    get developer() {
      return developer
    },
    seq: 0,
    isLive() {
      if (raw.destroyed || raw.writableEnded) return false
      try {
        const now = again()
        if (now === developer || isSame(now, developer)) {
          developer = now
          return true
        }
      } catch {
        // The token has ended, or its developer may not listen any more.
      }
      listener.end()
      return false
    },
    take(told, seq) {
      for (const one of told) {
        if (one.seq <= listener.seq || !isWanted(types, one.type)) continue
        write(one.frame)
        shownSeq = one.seq
      }
      listener.seq = Math.max(listener.seq, seq)
    },
    beat() {
      write(listener.seq === shownSeq ? ': beat\n\n' : `: beat\nid: ${listener.seq}\n\n`)
      shownSeq = listener.seq
    },
    async drained() {
      if (!raw.writableNeedDrain) return
      try {
        await once(raw, 'drain', { signal: AbortSignal.timeout(drainMs) })
      } catch {
        raw.destroy()
      }
    },
    end() {
      if (!raw.writableEnded) raw.end()
      // What a client does not take must not keep the connection.
      if (raw.writableLength > 0) raw.destroy()
    },
    leave() {
      write(`retry: ${againMs}\n\n`)
      listener.end()
    },
  }
  return listener
}

/** Whether two states of a developer are told the same. */
function isSame(one: Caller, other: Caller): boolean {
  const told = ({ scopes, dataScope, accounts, packets }: Caller) =>
    JSON.stringify([[...scopes], dataScope, accounts && [...accounts], packets])
  return told(one) === told(other)
}
