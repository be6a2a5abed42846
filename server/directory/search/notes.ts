/** The newest note per ordinal, taken in the order in which ordinals were first noted. */
export class Notes<T> {
  size = 0
  #notes: (T | undefined)[] = []
  #order: number[] = []
  #next = 0

  set(ordinal: number, note: T): void {
    if (this.#notes[ordinal] === undefined) {
      this.#order.push(ordinal)
      this.size++
    }
    this.#notes[ordinal] = note
  }

  drop(ordinal: number): void {
    if (this.#notes[ordinal] === undefined) return
    this.#notes[ordinal] = undefined
    this.size--
  }

  take(): { ordinal: number; note: T } | undefined {
    while (this.#next < this.#order.length) {
      const ordinal = this.#order[this.#next++]!
      const note = this.#notes[ordinal]
      // The note was dropped, or already taken at the place where its ordinal was noted first.
      if (note === undefined) continue
      this.drop(ordinal)
      return { ordinal, note }
    }
    this.#notes = []
    this.#order = []
    this.#next = 0
    return undefined
  }
}
