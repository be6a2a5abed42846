import { ApiError } from '../errors.ts'

type Turns = { underWay: number; waiting: (() => void)[] }

/**
 * Limits how many calls of one subject are under way at once on this node, so that nobody takes the database or the
 * upstreams for themselves alone. Further calls wait for their turn in order; beyond `waitingAtMost` they throw 1010. Work
 * that answers at once, from memory, takes no turn from others.
 */
export function createTurns(atOnce: number, waitingAtMost: number) {
  const turnsOf = new Map<string, Turns>()

  function begin<T>(turns: Turns, work: () => T | Promise<T>): T | Promise<T> {
    turns.underWay++
    try {
      const result = work()
      if (result instanceof Promise) return result.finally(() => end(turns))
      end(turns)
      return result
    } catch (error) {
      end(turns)
      throw error
    }
  }

  function end(turns: Turns) {
    turns.underWay--
    turns.waiting.shift()?.()
  }

  return <T>(subject: string, work: () => T | Promise<T>): T | Promise<T> => {
    const turns = turnsOf.getOrInsertComputed(subject, () => ({ underWay: 0, waiting: [] }))
    if (turns.underWay < atOnce) return begin(turns, work)
    if (turns.waiting.length >= waitingAtMost)
      throw new ApiError(
        'tooManyRequests',
        {
          zh: `同时处理的请求过多，最多 ${atOnce} 个，另有 ${waitingAtMost} 个排队`,
          en: `too many calls at once: ${atOnce} are under way and ${waitingAtMost} wait`,
        },
        { retryAfterSeconds: 1 },
      )
    return new Promise<void>(resolve => turns.waiting.push(resolve)).then(() => begin(turns, work))
  }
}
