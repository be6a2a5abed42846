import { LRUCache } from 'lru-cache'
import type { Core } from '../../core.ts'
import { followArrivals } from '../../messages/accept/arrivals.ts'

/** How many messages of each person are unread, for pages that ask once and pages that wait for another count. */
export type Unread = {
  /** Synchronous when the count is in memory. */
  of(key: string, count: () => Promise<number>): number | Promise<number>
  /**
   * Resolves with the count as soon as it is not `known` any more, and with what it is then after 45 s, when the
   * waiting is over, or when the person has too many pages waiting.
   */
  next(key: string, known: number, count: () => Promise<number>, over: AbortSignal): Promise<number>
  changed(key: string): void
  changedForAll(): void
  /** Number of people whose pages wait on this node. */
  waiting(): number
  /** Answers every waiting page, and those that come later at once. */
  stopWaiting(): void
}

const keptAtMost = 20_000
/** A count is not believed for longer, because not everything that changes it is signalled: a recall is not. */
const keptMs = 10_000
/** Proxies commonly end an answer that has not begun after 60 s. */
const waitMs = 45_000
const waitingPerPersonAtMost = 10
/** A message to everybody makes every waiting page's count be asked for; others need the database too. */
const countsAtOnce = 4

type Kept = { at: number; count: number | Promise<number> }

/** Keys are a corp and a person in it, `corpId owner`. */
export async function createUnread(ctx: Core): Promise<Unread> {
  const kept = new LRUCache<string, Kept>({ max: keptAtMost })
  const waiting = createWaiting()
  const inTurn = createTurns(countsAtOnce)
  let isStopped = false
  const changed = (key: string) => {
    kept.delete(key)
    waiting.wake(key)
  }
  const changedForAll = () => {
    kept.clear()
    waiting.wakeAll()
  }
  await followArrivals(
    ctx.bus,
    (corpId, memberIds) => {
      if (memberIds) for (const id of memberIds) changed(`${corpId} ${id}`)
      else {
        const isOfCorp = (key: string) => key.startsWith(`${corpId} `)
        for (const key of [...kept.keys(), ...waiting.keys()].filter(isOfCorp)) changed(key)
      }
    },
    changedForAll,
  )

  function unreadOf(key: string, count: () => Promise<number>): number | Promise<number> {
    const known = kept.get(key)
    if (known && ctx.now() - known.at < keptMs) return known.count
    const counted = inTurn(count)
    const one: Kept = { at: ctx.now(), count: counted }
    kept.set(key, one)
    // Once the count is known, later calls are answered synchronously.
    counted.then(
      n => {
        one.count = n
      },
      () => kept.delete(key),
    )
    return counted
  }

  return {
    of: unreadOf,
    async next(key, known, count, over) {
      const end = AbortSignal.any([over, AbortSignal.timeout(waitMs)])
      for (;;) {
        // Waiting begins before counting, so that what arrives meanwhile is not missed.
        const turn = waiting.join(key)
        const unread = await unreadOf(key, count)
        const isEnough = unread !== known || isStopped || end.aborted
        if (isEnough || !(await turn.woken(end))) {
          turn.leave()
          return unread
        }
      }
    },
    changed,
    changedForAll,
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
      if (oldest && own.size >= waitingPerPersonAtMost) {
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

function createTurns(atOnce: number) {
  const queue: (() => void)[] = []
  let underWay = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (underWay >= atOnce) await new Promise<void>(resolve => queue.push(resolve))
    else underWay++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else underWay--
    }
  }
}
