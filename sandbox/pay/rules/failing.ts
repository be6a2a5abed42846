/** Counts refusals by merchant and second of the process's clock. */
export class Failing {
  readonly #now: () => number
  #second = 0
  #counts = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts one more, and says whether that is beyond the limit; 0 is no limit. */
  isOver(mchId: string, limit: number): boolean {
    const second = Math.floor(this.#now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#counts.clear()
    }
    const count = (this.#counts.get(mchId) ?? 0) + 1
    this.#counts.set(mchId, count)
    return limit > 0 && count > limit
  }
}
