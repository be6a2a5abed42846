import { OfficialError } from '../error.ts'
import { dayInChina } from './days.ts'

/** Calls of one account by path on the current day in China. They do not outlive the process. */
export class Usage {
  readonly #now: () => number
  readonly #used = new Map<string, number>()
  #day = ''

  constructor(now: () => number) {
    this.#now = now
  }

  used(path: string): number {
    this.#turn()
    return this.#used.get(path) ?? 0
  }

  /** Counts a call; throws 45009 when the day's limit is reached. */
  count(path: string, perDay: number | null): void {
    const used = this.used(path)
    if (perDay !== null && used >= perDay) throw new OfficialError(45009)
    this.#used.set(path, used + 1)
  }

  clear(path?: string): void {
    if (path === undefined) this.#used.clear()
    else this.#used.delete(path)
  }

  #turn(): void {
    const today = dayInChina(this.#now())
    if (today === this.#day) return
    this.#day = today
    this.#used.clear()
  }
}
