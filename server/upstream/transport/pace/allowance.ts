/**
 * All calls to WeCom and WeChat go through transport/request.ts, where this file limits what one address may call over all
 * corps. Each node gets its part by what the heartbeats of the other nodes say. A call that was not let through is a `NoAnswer`
 * with the reason `limit`, which says nothing about the upstream.
 */

import { LRUCache } from 'lru-cache'
import { isBackground, letsOthersFirst } from '../../../platform/operation/background.ts'
import type { Metrics } from '../../../platform/operation/metrics.ts'
import { WaitingLine } from '../waiting-line.ts'

/**
 * What one address may call, over all corps: 20,000 calls a minute and 600,000 an hour of each path
 * (docs/upstream/wecom-calls.md#limits-of-calls). A bucket of 10,000 that is filled by 150 a second exceeds neither. Nothing is
 * published of official accounts' addresses, which are held to the same.
 */
export const addressLimit = { burst: 10_000, perSecond: 150 }

/** The other nodes that call from this node's address. */
export type Neighbours = { others: number; calling: number }

/** Lets a call through in its turn: one token bucket for each path of an upstream, of which each node has its part. */
export type Allowance = {
  /** What somebody has just asked for goes first. Rejects with AllowanceUsedUp, or the signal's reason. */
  take(origin: string, path: string, signal?: AbortSignal): Promise<void>
  /** Whether this node has used so much since the last question that its neighbours should leave it a part. */
  takeIsCalling(): boolean
}

/** The call was not made. */
export class AllowanceUsedUp extends Error {
  constructor(path: string) {
    super(`${path}: too many calls from this address`)
  }
}

type Lane = 'foreground' | 'background'
type Waiter = { go(): void }
type Bucket = {
  left: number
  at: number
  used: number
  waiting: WaitingLine<Waiter>
  timer: NodeJS.Timeout | undefined
}

/** Somebody who waits gives up sooner than work that goes on by itself. */
const waitAtMostMs: Record<Lane, number> = { foreground: 5000, background: 120_000 }
/** More paths than wisp and its catalogues know. */
const pathsKept = 2000
/** Of what an address may call in the time between two questions; those who use less are not counted as neighbours. */
const callingFrom = 0.02 * addressLimit.perSecond * 5
/** In ms: a token that is due in less is not waited for alone. */
const shortestWait = 5

export function createAllowance({
  neighbours,
  metrics,
  now = () => performance.now(),
  limit = addressLimit,
  waitMs = waitAtMostMs,
}: {
  neighbours: () => Neighbours
  metrics?: Pick<Metrics, 'countWait'>
  now?: () => number
  limit?: typeof addressLimit
  waitMs?: Record<Lane, number>
}): Allowance {
  const buckets = new LRUCache<string, Bucket>({ max: pathsKept })
  /** By how many nodes the address is used at once, this one among them. */
  const perSecond = () => limit.perSecond / (1 + neighbours().calling)
  const burst = () => limit.burst / (1 + neighbours().others)

  function bucketOf(key: string): Bucket {
    let bucket = buckets.get(key)
    if (!bucket) {
      bucket = { left: burst(), at: now(), used: 0, waiting: new WaitingLine(), timer: undefined }
      buckets.set(key, bucket)
    }
    const at = now()
    bucket.left = Math.min(burst(), bucket.left + (Math.max(0, at - bucket.at) / 1000) * perSecond())
    bucket.at = at
    return bucket
  }

  function pump(key: string) {
    const bucket = bucketOf(key)
    bucket.timer = undefined
    while (bucket.waiting.size > 0) {
      if (bucket.left < 1) return plan(key, bucket)
      spend(bucket)
      bucket.waiting.take()?.go()
    }
  }

  function plan(key: string, bucket: Bucket) {
    const ms = Math.max(shortestWait, ((1 - bucket.left) / perSecond()) * 1000)
    bucket.timer ??= setTimeout(pump, ms, key)
  }

  function spend(bucket: Bucket) {
    bucket.left--
    bucket.used++
  }

  return {
    async take(origin, path, signal) {
      const key = `${origin} ${path}`
      const bucket = bucketOf(key)
      const { waiting } = bucket
      if (bucket.left >= 1 && waiting.size === 0) return spend(bucket)
      const lane: Lane = letsOthersFirst() ? 'background' : 'foreground'
      // What waits behind others holds a place in its corp's line, which a sign-in may need.
      const atMostMs = waitMs[isBackground() ? 'background' : 'foreground']
      const startedAt = now()
      let isLet = false
      try {
        await new Promise<void>((resolve, reject) => {
          const one = { go: () => end(resolve) }
          const late = setTimeout(() => end(() => reject(new AllowanceUsedUp(path))), atMostMs)
          const stop = () => end(() => reject(signal?.reason as Error))
          function end(then: () => void) {
            clearTimeout(late)
            signal?.removeEventListener('abort', stop)
            waiting.delete(one)
            then()
          }
          signal?.addEventListener('abort', stop, { once: true })
          waiting.add(one, lane === 'background')
          plan(key, bucket)
        })
        isLet = true
      } finally {
        metrics?.countWait(lane, isLet ? 'let' : 'refused', now() - startedAt)
      }
    },
    takeIsCalling() {
      let most = 0
      for (const bucket of buckets.values()) {
        most = Math.max(most, bucket.used)
        bucket.used = 0
      }
      return most > callingFrom
    },
  }
}
