/** Counts calls by upstream path and errcode (or by the fault that replaced the answer). */
export class CallCounts {
  readonly #counts = new Map<string, Map<string, number>>()

  add(path: string, outcome: string): void {
    let counts = this.#counts.get(path)
    if (!counts) {
      counts = new Map()
      this.#counts.set(path, counts)
    }
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }

  clear(): void {
    this.#counts.clear()
  }

  toJSON(): Record<string, Record<string, number>> {
    return Object.fromEntries([...this.#counts].map(([path, counts]) => [path, Object.fromEntries(counts)]))
  }
}
