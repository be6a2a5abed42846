import { letsOthersFirst } from '../../platform/operation/background.ts'
import { WaitingLine } from './waiting-line.ts'

/**
 * Shared by all clients of one corp or account: limits how many calls run at once, and makes every call wait after the
 * vendor says that there are too many (45009, 45033). Each such answer halves the concurrency, which grows back by one per full round of successes.
 */
export class Throttle {
  /** The configured concurrency, to which the limit recovers. */
  ceiling: number
  private limit: number
  private running = 0
  private readonly waiting = new WaitingLine<() => void>()
  private hold: Promise<void> | undefined
  private slowdowns = 0
  private streak = 0
  private successes = 0

  constructor(ceiling: number) {
    this.ceiling = ceiling
    this.limit = ceiling
  }

  /** How many calls may currently run at once. */
  get concurrency(): number {
    return Math.min(this.limit, this.ceiling)
  }

  /** How many slowdowns came since the last success, which is the exponent of the next hold. */
  get consecutiveSlowdowns(): number {
    return this.streak
  }

  /** Runs `work` when there is room and no hold. `work` gets a mark to pass to `slowDown`. */
  async run<T>(work: (mark: number) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.enter(signal)
    try {
      return await work(this.slowdowns)
    } finally {
      this.running--
      this.wake()
    }
  }

  private async enter(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted()
      if (this.hold !== undefined) {
        await abortable(this.hold, signal)
        continue
      }
      if (this.running < this.concurrency && this.waiting.size === 0) {
        this.running++
        return
      }
      await this.turn(signal)
      if (this.hold === undefined) return
      this.running--
    }
  }

  /** Waits in line. The call that wakes a waiting one has already counted it as running. */
  private async turn(signal: AbortSignal | undefined): Promise<void> {
    let resume: () => void = () => undefined
    const turn = new Promise<void>(resolve => {
      resume = resolve
    })
    this.waiting.add(resume, letsOthersFirst())
    try {
      await abortable(turn, signal)
    } catch (error) {
      if (!this.waiting.delete(resume)) {
        this.running--
        this.wake()
      }
      throw error
    }
  }

  private wake(): void {
    while (this.waiting.size > 0 && this.hold === undefined && this.running < this.concurrency) {
      this.running++
      this.waiting.take()?.()
    }
  }

  /**
   * Makes every call wait until `pause` settles. A call that started before an earlier slowdown was refused for the same
   * reason, so it lengthens the hold but does not halve the concurrency again.
   */
  slowDown(mark: number, pause: Promise<void>): void {
    this.successes = 0
    if (mark === this.slowdowns) {
      this.slowdowns++
      this.streak++
      this.limit = Math.max(1, Math.floor(this.concurrency / 2))
    }
    const hold = Promise.allSettled([this.hold, pause]).then(() => {
      if (this.hold !== hold) return
      this.hold = undefined
      this.wake()
    })
    this.hold = hold
  }

  /** Notes that the vendor served the call that got this mark. */
  succeeded(mark: number): void {
    if (mark !== this.slowdowns) return
    this.streak = 0
    if (this.limit >= this.ceiling) return
    if (++this.successes < this.limit) return
    this.successes = 0
    this.limit++
    this.wake()
  }
}

/** Waits for a promise, or rejects with the signal's reason as soon as it aborts. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  signal.throwIfAborted()
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
