import type { FastifyReply, FastifyRequest } from 'fastify'
import pLimit from 'p-limit'
import type { Core } from '../../core.ts'
import { lru } from '../../lru.ts'
import type { Visitors } from '../gate.ts'
import { signInFirst } from '../page-call.ts'

/** Numbers by key, for pages that ask once and pages that wait for another one. */
export type PolledNumbers = {
  /** Synchronous when the number is in memory. */
  of(key: string, count: () => Promise<number>): number | Promise<number>
  /**
   * Resolves with the number as soon as it is not `known` any more, and with what it is then after 45 s, when the
   * waiting is over, or when too many pages wait under the key.
   */
  next(key: string, known: number, count: () => Promise<number>, over: AbortSignal): Promise<number>
  changed(key: string): void
  /** All keys that begin so. */
  changedBelow(start: string): void
  changedForAll(): void
  /** Number of keys under which pages wait on this node. */
  waiting(): number
  /** Answers every waiting page, and those that come later at once. */
  stopWaiting(): void
}

const keptAtMost = 20_000
/** A number is not believed for longer, because not everything that changes it is signalled: the recall of a message is not. */
const keptMs = 10_000
/** Proxies commonly end an answer that has not begun after 60 s. */
const waitMs = 45_000
const waitingPerKeyAtMost = 10
/** A change for everybody makes every waiting page count again. So few run at once because others need the database too. */
const countsAtOnce = 4

type CachedCount = { at: number; count: number | Promise<number> }

export function createAwaited(ctx: Pick<Core, 'now'>): PolledNumbers {
  const kept = lru<CachedCount>(keptAtMost)
  const waiting = createWaiting()
  const whenFree = pLimit(countsAtOnce)
  let isStopped = false
  const changed = (key: string) => {
    kept.delete(key)
    waiting.wake(key)
  }

  function numberOf(key: string, count: () => Promise<number>): number | Promise<number> {
    const known = kept.get(key)
    if (known && ctx.now() - known.at < keptMs) return known.count
    const counted = whenFree(count)
    const one: CachedCount = { at: ctx.now(), count: counted }
    kept.set(key, one)
    // Once the number is known, later calls are answered synchronously.
    counted.then(
      n => {
        one.count = n
      },
      () => kept.delete(key),
    )
    return counted
  }

  return {
    of: numberOf,
    async next(key, known, count, over) {
      const end = AbortSignal.any([over, AbortSignal.timeout(waitMs)])
      for (;;) {
        // Waiting begins before counting, so that what arrives during the count is not missed.
        const turn = waiting.join(key)
        const number = await numberOf(key, count)
        const isEnough = number !== known || isStopped || end.aborted
        if (isEnough || !(await turn.woken(end))) {
          turn.leave()
          return number
        }
      }
    },
    changed,
    changedBelow(start) {
      for (const key of [...kept.keys(), ...waiting.keys()]) if (key.startsWith(start)) changed(key)
    },
    changedForAll() {
      kept.clear()
      waiting.wakeAll()
    },
    waiting: waiting.size,
    stopWaiting() {
      isStopped = true
      waiting.wakeAll()
    },
  }
}

/** Who waits, by key; the oldest of too many is sent away. */
function createWaiting() {
  const waiting = new Map<string, Set<(isWoken: boolean) => void>>()
  const wake = (key: string) => {
    const own = waiting.get(key)
    waiting.delete(key)
    for (const answer of own ?? []) answer(true)
  }
  return {
    keys: () => waiting.keys(),
    size: () => waiting.size,
    wake,
    wakeAll() {
      for (const key of [...waiting.keys()]) wake(key)
    },
    join(key: string) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const own = waiting.get(key) ?? new Set()
      waiting.set(key, own)
      const [oldest] = own
      if (oldest && own.size >= waitingPerKeyAtMost) {
        own.delete(oldest)
        oldest(false)
      }
      own.add(resolve)
      const leave = () => {
        own.delete(resolve)
        if (own.size === 0 && waiting.get(key) === own) waiting.delete(key)
      }
      return {
        leave,
        /** Resolves with false when it is over, or when this one was sent away. */
        woken(over: AbortSignal): Promise<boolean> {
          over.addEventListener('abort', () => resolve(false), { once: true })
          return promise
        },
      }
    },
  }
}

type LongPoll = {
  key: string
  known: number
  count: () => Promise<number>
  request: FastifyRequest
  reply: FastifyReply
}

/** A page's waiting for another number than `known`. Throws 401 when its session has ended since. */
export async function waitForPage(
  { sessions }: { sessions: Visitors },
  awaited: Pick<PolledNumbers, 'next'>,
  { key, known, count, request, reply }: LongPoll,
): Promise<number> {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const number = await awaited.next(key, known, count, gone.signal)
  const visitor = sessions.visitorOf(request, false) ?? (await sessions.findVisitor(request, false))
  if (!visitor) throw signInFirst()
  return number
}
