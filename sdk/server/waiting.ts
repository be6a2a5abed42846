import { TimeoutError } from './errors.ts'

/** Resolves after a time. Rejects with the reason of a signal that is aborted. */
export async function wait(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const elapsed = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  try {
    await untilAborted(signals, elapsed)
  } finally {
    clearTimeout(timer)
  }
}

/** The work's result; rejects as soon as a signal is aborted, while the work goes on for others. */
export async function untilAborted<T>(signals: readonly AbortSignal[], work: Promise<T>): Promise<T> {
  let stop = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = onAbort(signals, reject)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    stop()
  }
}

/**
 * Does the work with a signal that is aborted with any of these, and after a time. Rejects with the reason of the signal
 * that was aborted, or with TimeoutError.
 */
export async function withDeadline<T>(
  signals: readonly AbortSignal[],
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const stop = onAbort(signals, reason => controller.abort(reason))
  const late = new TimeoutError(`${ms} 毫秒内没有应答（no answer within ${ms} ms）`)
  const timer = setTimeout(() => controller.abort(late), ms)
  try {
    controller.signal.throwIfAborted()
    return await work(controller.signal)
  } catch (error) {
    // What `fetch` rejects with when it is aborted differs between runtimes.
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    stop()
  }
}

/** Tells the reason at once when a signal is aborted already. Returns what ends the listening. */
export function onAbort(signals: readonly AbortSignal[], tell: (reason: unknown) => void): () => void {
  const ends = signals.map(signal => {
    const abort = () => tell(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    return () => signal.removeEventListener('abort', abort)
  })
  return () => {
    for (const end of ends) end()
  }
}
