/** Lets a few requests of each key work at once, so that the many of one do not keep others from the database. */
export type Turns = {
  /** Undefined when too many wait already. Call the result when done. */
  take(key: string): Promise<(() => void) | undefined>
}

type Queue = { working: number; waiting: (() => void)[] }

export function createTurns(atOnce: number, waitingAtMost: number): Turns {
  const queues = new Map<string, Queue>()

  function end(key: string, queue: Queue) {
    const next = queue.waiting.shift()
    if (next) return next()
    queue.working--
    if (queue.working === 0) queues.delete(key)
  }

  return {
    async take(key) {
      const queue = queues.get(key) ?? { working: 0, waiting: [] }
      queues.set(key, queue)
      if (queue.working < atOnce) queue.working++
      else if (queue.waiting.length >= waitingAtMost) return undefined
      else await new Promise<void>(resolve => queue.waiting.push(resolve))
      return () => end(key, queue)
    },
  }
}
