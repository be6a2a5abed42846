/** Asked so often at first, and then after a tenth of what was waited already, because asking takes processor time from what is waited for. */
const everyMsAtFirst = 10
const everyMsAtLast = 100

/**
 * Asks again and again until there is an answer, and resolves with it. After `withinMs` it throws an error that says
 * what was waited for.
 */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 20_000,
  everyMs?: number,
): Promise<T> {
  const start = Date.now()
  for (;;) {
    const found = await check()
    if (found) return found
    const waitedMs = Date.now() - start
    if (waitedMs > withinMs) throw new Error(`never: ${what}`)
    const pauseMs = everyMs ?? Math.min(everyMsAtLast, Math.max(everyMsAtFirst, waitedMs / 10))
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}

/** WeCom dates its events by the second: what must be later than something else waits for the next one. */
export async function nextSecond(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000)
  const now = second()
  await until('another second', () => second() > now)
}

/** Resolves when everything that is due in this turn of the event loop has run. */
export const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve))
