import type { EventEmitter } from 'node:events'
import pLimit, { type LimitFunction } from 'p-limit'
import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'

/**
 * Limits how many calls of one subject are under way at once on this node, so that nobody takes the database or the upstreams for
 * themselves alone. Further calls wait for a free slot in order; beyond `waitingAtMost` they throw 1010. Work that answers at
 * once, from memory, takes no slot. Waiting for a slot throws ApiError 1010 if too many calls wait already.
 */
export function createSlots(atOnce: number, waitingAtMost: number) {
  const limitOf = limitsBySubject(atOnce)
  return <T>(subject: string, work: () => T | Promise<T>): T | Promise<T> => {
    const limit = limitOf(subject)
    if (limit.activeCount < atOnce) {
      const result = work()
      return result instanceof Promise ? limit(() => result) : result
    }
    if (limit.pendingCount >= waitingAtMost)
      throw new ApiError(
        'tooManyRequests',
        {
          zh: told`同时处理的请求过多，最多 ${own(atOnce)} 个，另有 ${own(waitingAtMost)} 个排队`,
          en: told`too many calls at once: ${own(atOnce)} are under way and ${own(waitingAtMost)} wait`,
        },
        { retryAfterSeconds: 1 },
      )
    return limit(work)
  }
}

/** How many requests of a key work at once, how many more may wait for those, and for how many ms. */
export type SlotLimits = { atOnce: number; waitingAtMost: number; waitMs: number }

/** The same for requests that give up waiting, and that end their work themselves. */
export type PatientSlots = {
  /**
   * Waits for a slot. The caller calls the result when its work is done. The result is undefined if too many requests wait already,
   * if no slot became free within the limit, or if `answer`, the request's response, was closed because its caller hung up, perhaps
   * before the call.
   */
  take(key: string, answer: EventEmitter & { destroyed?: boolean }): Promise<(() => void) | undefined>
}

type Waiter = (end: () => void) => void

export function createPatientSlots({ atOnce, waitingAtMost, waitMs }: SlotLimits): PatientSlots {
  const limitOf = limitsBySubject(atOnce)
  // p-limit keeps what is in its queue until a slot comes. Its entries therefore belong to nobody: each gives its slot to the first
  // request that still waits, and a request that gave up leaves its place to the next one at once.
  const waitersOf = new WeakMap<LimitFunction, Set<Waiter>>()
  return {
    async take(key, answer) {
      const limit = limitOf(key)
      if (limit.activeCount < atOnce)
        return new Promise(resolve => void limit(() => new Promise<void>(resolve)))
      const waiters = waitersOf.getOrInsertComputed(limit, () => new Set())
      if (waiters.size >= waitingAtMost || answer.destroyed) return undefined
      return new Promise(resolve => {
        const settle = (end?: () => void) => {
          waiters.delete(settle)
          clearTimeout(timer)
          answer.off('close', leave)
          resolve(end)
        }
        const leave = () => settle()
        const timer = setTimeout(leave, waitMs)
        answer.once('close', leave)
        waiters.add(settle)
        if (limit.pendingCount < waiters.size) void limit(() => beginFirst(waiters))
      })
    },
  }
}

function beginFirst([first]: Set<Waiter>): Promise<void> | undefined {
  return first && new Promise<void>(first)
}

/** The limit of each subject, kept while it is in use. */
function limitsBySubject(atOnce: number): (subject: string) => LimitFunction {
  const limits = new Map<string, LimitFunction>()
  let sweepAt = 1000
  return subject => {
    const known = limits.get(subject)
    if (known) return known
    if (limits.size >= sweepAt) {
      for (const [one, limit] of limits) if (limit.activeCount + limit.pendingCount === 0) limits.delete(one)
      // Twice what is in use, so that a sweep costs each new subject little.
      sweepAt = Math.max(1000, limits.size * 2)
    }
    const limit = pLimit(atOnce)
    limits.set(subject, limit)
    return limit
  }
}
