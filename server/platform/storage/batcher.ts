import { setImmediate } from 'node:timers/promises'

/**
 * Group commit: items that arrive while a batch is being written are written together in the next one. A commit costs a
 * disk flush, and this lets hundreds of items share it under load. `write` returns one result per item, in order.
 */
export function createBatcher<T, R>(
  write: (items: T[]) => Promise<R[]>,
  atMost: number,
): (item: T) => Promise<R> {
  type WaitingItem = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void }
  let waiting: WaitingItem[] = []
  let isWriting = false

  async function writeAll() {
    isWriting = true
    while (waiting.length > 0) {
      // Requests that have already arrived join this batch.
      await setImmediate()
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
    }
    isWriting = false
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isWriting) void writeAll()
    })
}
