import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'

type Slots = { taken: number; waiting: (() => void)[] }

/**
 * Limits how many calls of one subject are under way at once on this node, so that nobody takes the database or the
 * upstreams for themselves alone. Further calls wait for a free slot in order; beyond `waitingAtMost` they throw 1010. Work
 * that answers at once, from memory, frees its slot before anybody else asks for one.
 */
export function createSlots(atOnce: number, waitingAtMost: number) {
  const slotsOf = new Map<string, Slots>()

  function begin<T>(slots: Slots, work: () => T | Promise<T>): T | Promise<T> {
    slots.taken++
    try {
      const result = work()
      if (result instanceof Promise) return result.finally(() => end(slots))
      end(slots)
      return result
    } catch (error) {
      end(slots)
      throw error
    }
  }

  function end(slots: Slots) {
    slots.taken--
    slots.waiting.shift()?.()
  }

  return <T>(subject: string, work: () => T | Promise<T>): T | Promise<T> => {
    const slots = slotsOf.getOrInsertComputed(subject, () => ({ taken: 0, waiting: [] }))
    if (slots.taken < atOnce) return begin(slots, work)
    if (slots.waiting.length >= waitingAtMost)
      throw new ApiError(
        'tooManyRequests',
        {
          zh: told`同时处理的请求过多，最多 ${own(atOnce)} 个，另有 ${own(waitingAtMost)} 个排队`,
          en: told`too many calls at once: ${own(atOnce)} are under way and ${own(waitingAtMost)} wait`,
        },
        { retryAfterSeconds: 1 },
      )
    return new Promise<void>(resolve => slots.waiting.push(resolve)).then(() => begin(slots, work))
  }
}
