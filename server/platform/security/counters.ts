import { LRUCache } from 'lru-cache'
import type { Db } from '../storage/db.ts'
import * as store from './counter-store.ts'
import type { Seal } from './seal.ts'

/** How many attempts a subject has within a window of time, on all nodes together. */
export type AttemptLimit = {
  /** What is counted, as stored in the database, for example `wrong-secret`. */
  purpose: string
  atMost: number
  windowMs: number
}

/** Whose attempts are counted. `corpId` is empty when the subject belongs to the whole installation. */
export type Subject = { corpId: string; of: string }

/** `count` includes this attempt; `retryAfterSeconds` is the time until the window ends. */
export type AttemptCount = { count: number; isOver: boolean; retryAfterSeconds: number }

type Needs = { db: Db; now(): number; seal: Seal }

/**
 * Counts an attempt. Call it before checking the attempt, because otherwise a thousand simultaneous ones would all be
 * checked before the first is counted. The window starts with its first attempt; later ones do not extend it.
 */
export async function countAttempt(ctx: Needs, limit: AttemptLimit, subject: Subject): Promise<AttemptCount> {
  const now = ctx.now()
  const endsAt = new Date(now + limit.windowMs)
  const { count, endsAt: end } = await store.countOne(
    ctx.db,
    keyOf(ctx, limit, subject),
    new Date(now),
    endsAt,
  )
  return countedOf(limit, count, end.getTime(), now)
}

/** Resets the count after a success. */
export async function forgetAttempts(ctx: Needs, limit: AttemptLimit, subject: Subject): Promise<void> {
  await store.deleteCounter(ctx.db, keyOf(ctx, limit, subject))
}

/**
 * How often each of these subjects was counted in its last window, and when that began. Left out are subjects that were not
 * counted, or whose window ended before `since`.
 */
export async function countsOf<S extends Subject>(
  ctx: Needs,
  limit: AttemptLimit,
  subjects: readonly S[],
  since: Date,
): Promise<(S & { count: number; beganAt: Date })[]> {
  const counters = await store.countersOfCorps(ctx.db, limit.purpose, since)
  if (counters.length === 0) return []
  const stored = new Map(counters.map(one => [`${one.corpId} ${one.subject}`, one]))
  return subjects.flatMap(given => {
    const found = stored.get(`${given.corpId} ${keyOf(ctx, limit, given).subject}`)
    if (!found) return []
    return [{ ...given, count: found.count, beganAt: new Date(found.endsAt.getTime() - limit.windowMs) }]
  })
}

const subjectsKept = 20_000

/**
 * `countAttempt` for calls that anybody may send in any number. Once a subject is over its limit, this node rejects it from
 * memory until the window ends, so that a flood writes nothing. Such a rejection outlasts `forgetAttempts`.
 */
export function createFloodLimit(
  ctx: Needs,
  limit: AttemptLimit,
): (subject: Subject) => Promise<AttemptCount> {
  const overUntil = new LRUCache<string, number>({ max: subjectsKept })
  return async subject => {
    const key = `${subject.corpId} ${subject.of}`
    const until = overUntil.get(key) ?? 0
    if (until > ctx.now()) return countedOf(limit, limit.atMost + 1, until, ctx.now())
    const counted = await countAttempt(ctx, limit, subject)
    if (counted.isOver) overUntil.set(key, ctx.now() + counted.retryAfterSeconds * 1000)
    return counted
  }
}

function keyOf(ctx: Needs, limit: AttemptLimit, subject: Subject): store.CounterKey {
  return {
    corpId: subject.corpId,
    purpose: limit.purpose,
    subject: ctx.seal.sign(`counter ${limit.purpose}`, subject.of),
  }
}

function countedOf(limit: AttemptLimit, count: number, end: number, now: number): AttemptCount {
  return {
    count,
    isOver: count > limit.atMost,
    retryAfterSeconds: Math.max(1, Math.ceil((end - now) / 1000)),
  }
}
