/**
 * Group commit: what arrives while one batch is being written is written by the next. A commit costs a disk flush, and
 * under load hundreds of items share one without waiting on a timer. `write` answers one result per item, in order.
 */
export function createBatcher<T, R>(
  write: (items: T[]) => Promise<R[]>,
  atMost: number,
): (item: T) => Promise<R> {
  type Waiting = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let isWriting = false

  async function writeAll() {
    isWriting = true
    while (waiting.length > 0) {
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
