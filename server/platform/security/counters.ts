/**
 * Wrong secrets, wrong passwords, anonymous notices and refused pushes are counted over all nodes, and before anything is
 * looked at. Right secrets and accepted pushes are never counted.
 */

import { lru } from '../lru.ts'
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

export type CounterNeeds = { db: Db; now(): number; seal: Seal }
type Needs = CounterNeeds

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

export type AttemptKey = { limit: AttemptLimit; subject: Subject }

/**
 * Counts an attempt against several limits in one statement, those first that concern the fewest. Where one of them is reached, or one
 * of `looked`, which are not counted, it returns how long to wait: what is refused by an earlier limit uses up nothing of a later one,
 * which others share.
 */
export async function countTogether(
  ctx: Needs,
  counted: readonly AttemptKey[],
  looked: readonly AttemptKey[],
): Promise<number | undefined> {
  const now = ctx.now()
  const counterOf = ({ limit, subject }: AttemptKey): store.Counter => ({
    ...keyOf(ctx, limit, subject),
    endsAt: new Date(now + limit.windowMs),
    atMost: limit.atMost,
  })
  const counters = counted.map(counterOf)
  const { passed, until } = await store.countInOrder(ctx.db, counters, looked.map(counterOf), new Date(now))
  const end = until ?? counters[passed]?.endsAt
  return end && secondsUntil(end.getTime(), now)
}

/** Counts several times against each of these limits, which are different ones, in one statement. The counts are in their order. */
export async function countMany(
  ctx: Needs,
  counted: readonly (AttemptKey & { times: number })[],
): Promise<AttemptCount[]> {
  const now = ctx.now()
  const counters = counted.map(({ limit, subject, times }) => ({
    ...keyOf(ctx, limit, subject),
    endsAt: new Date(now + limit.windowMs),
    times,
  }))
  const rows = await store.countTimes(ctx.db, counters, new Date(now))
  const stored = new Map(rows.map(one => [`${one.corpId} ${one.purpose} ${one.subject}`, one]))
  return counters.map(({ corpId, purpose, subject }, n) => {
    const { count, endsAt } = stored.get(`${corpId} ${purpose} ${subject}`)!
    return countedOf(counted[n]!.limit, count, endsAt.getTime(), now)
  })
}

/** Counts once less in each of these, because an attempt was none after all. */
export async function takeBack(ctx: Needs, counted: readonly AttemptKey[]): Promise<void> {
  await countMany(
    ctx,
    counted.map(one => ({ ...one, times: -1 })),
  )
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
  const overUntil = lru<number>(subjectsKept)
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
    retryAfterSeconds: secondsUntil(end, now),
  }
}

const secondsUntil = (end: number, now: number) => Math.max(1, Math.ceil((end - now) / 1000))
