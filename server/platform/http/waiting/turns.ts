import type { EventEmitter } from 'node:events'

/** Lets a few requests of each key work at once, so that the many of one do not keep others from the database. */
export type Turns = {
  /**
   * Waits for a turn. Call the result when the work is done. Undefined when too many wait already, when no turn came within
   * the limit, and when `answer`, the request's response, was closed because its caller hung up.
   */
  take(key: string, answer: EventEmitter): Promise<(() => void) | undefined>
}

/** How many of a key work at once, how many more may wait for those, and for how long. */
export type TurnLimits = { atOnce: number; waitingAtMost: number; waitMs: number }

type Waiting = { begin(): void }
type Queue = { working: number; waiting: Set<Waiting> }

export function createTurns({ atOnce, waitingAtMost, waitMs }: TurnLimits): Turns {
  const queues = new Map<string, Queue>()

  function end(key: string, queue: Queue) {
    const [next] = queue.waiting
    if (next) return next.begin()
    queue.working--
    if (queue.working === 0) queues.delete(key)
  }

  /** Resolves with whether a turn came. */
  function wait(queue: Queue, answer: EventEmitter): Promise<boolean> {
    return new Promise(resolve => {
      const settle = (isTurn: boolean) => {
        queue.waiting.delete(one)
        clearTimeout(timer)
        answer.off('close', leave)
        resolve(isTurn)
      }
      const one = { begin: () => settle(true) }
      const leave = () => settle(false)
      const timer = setTimeout(leave, waitMs)
      answer.once('close', leave)
      queue.waiting.add(one)
    })
  }

  return {
    async take(key, answer) {
      const queue = queues.getOrInsertComputed(key, () => ({ working: 0, waiting: new Set() }))
      if (queue.working < atOnce) queue.working++
      else if (queue.waiting.size >= waitingAtMost || !(await wait(queue, answer))) return undefined
      return () => end(key, queue)
    },
  }
}
