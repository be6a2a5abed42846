import { WecomError } from './errcodes.ts'

/** Calls per minute and cgi before 45009, and parallel calls before 45033; null means no limit. */
export interface CallLimits {
  perMinute: number | null
  concurrent: number | null
}

const blockMs = 60_000

/**
 * WeCom's limits of calls (docs/upstream/wecom-calls.md#limits-of-calls): calls per cgi and minute, which block the cgi for a
 * minute when they are exceeded, and parallel calls.
 */
export class Limits {
  readonly #now: () => number
  readonly #windows = new Map<string, { startedAt: number; count: number; blockedUntil: number }>()
  #running = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts the start of a call; throws 45009 or 45033 when a limit is exceeded. */
  enter(path: string, limits: CallLimits): void {
    if (limits.concurrent !== null && this.#running >= limits.concurrent) throw new WecomError(45033)
    if (limits.perMinute !== null) this.#count(path, limits.perMinute)
    this.#running++
  }

  leave(): void {
    this.#running--
  }

  #count(path: string, perMinute: number): void {
    const now = this.#now()
    let window = this.#windows.get(path)
    if (!window || (now >= window.startedAt + 60_000 && now >= window.blockedUntil)) {
      window = { startedAt: now, count: 0, blockedUntil: 0 }
      this.#windows.set(path, window)
    }
    if (now < window.blockedUntil) throw new WecomError(45009)
    window.count++
    if (window.count > perMinute) {
      window.blockedUntil = now + blockMs
      throw new WecomError(45009)
    }
  }

  clear(): void {
    this.#windows.clear()
  }
}
