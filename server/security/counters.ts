import { LRUCache } from 'lru-cache'
import type { Core } from '../core.ts'
import * as store from './counter-store.ts'

/** So many attempts of one subject within a window of time, on all nodes together. */
export type Limit = {
  /** What is counted, as it stands in the database, such as `wrong-secret`. */
  purpose: string
  atMost: number
  windowMs: number
}

/** Whose attempts are counted. `corpId` is empty for what concerns the installation. */
export type Subject = { corpId: string; of: string }

/** `count` has this attempt in it; `retryAfterSeconds` is how long the window still lasts. */
export type Counted = { count: number; isOver: boolean; retryAfterSeconds: number }

type Needs = Pick<Core, 'db' | 'now' | 'seal'>

/**
 * Counts an attempt; called before the attempt is looked at, because a thousand that come at once are otherwise all looked at
 * before the first is counted. The window begins with the first attempt in it and is not lengthened by later ones.
 */
export async function countAttempt(ctx: Needs, limit: Limit, subject: Subject): Promise<Counted> {
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

/** Begins anew, after a success. */
export async function forgetAttempts(ctx: Needs, limit: Limit, subject: Subject): Promise<void> {
  await store.deleteCounter(ctx.db, keyOf(ctx, limit, subject))
}

const subjectsKept = 20_000

/**
 * The same for what anybody may send in any number: once a subject is over its limit, this node turns it away from memory
 * until its window ends, so that a flood writes nothing. Attempts counted so can not be forgotten.
 */
export function createFloodLimit(ctx: Needs, limit: Limit): (subject: Subject) => Promise<Counted> {
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

function keyOf(ctx: Needs, limit: Limit, subject: Subject): store.CounterKey {
  return {
    corpId: subject.corpId,
    purpose: limit.purpose,
    subject: ctx.seal.sign(`counter ${limit.purpose}`, subject.of),
  }
}

function countedOf(limit: Limit, count: number, end: number, now: number): Counted {
  return {
    count,
    isOver: count > limit.atMost,
    retryAfterSeconds: Math.max(1, Math.ceil((end - now) / 1000)),
  }
}
