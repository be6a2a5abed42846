import { setTimeout as delay } from 'node:timers/promises'

/**
 * Group commit: what arrives while one batch is being written is written by the next. A commit costs a disk flush, and
 * under load hundreds of items share one. `write` answers one result per item, in order. With `gapMs` a batch begins that
 * long after the end of the one before at the earliest: where a write is short, items still come together.
 */
export function createBatcher<T, R>(
  write: (items: T[]) => Promise<R[]>,
  { atMost, gapMs = 0 }: { atMost: number; gapMs?: number },
): (item: T) => Promise<R> {
  type Waiting = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let isWriting = false
  let endedAt = Number.NEGATIVE_INFINITY

  async function writeAll() {
    isWriting = true
    while (waiting.length > 0) {
      const early = endedAt + gapMs - performance.now()
      if (early > 0 && waiting.length < atMost) await delay(early)
      const batch = waiting.slice(0, atMost)
      waiting = waiting.slice(atMost)
      try {
        const results = await write(batch.map(one => one.item))
        batch.forEach((one, index) => {
          one.resolve(results[index] as R)
        })
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
      endedAt = performance.now()
    }
    isWriting = false
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isWriting) void writeAll()
    })
}
