const smallest = 16

/** Ordinals by the hash of something that they have: open addressing, never more than half full. */
export class OrdinalIndex {
  #hashOf: (ordinal: number) => number
  /** Ordinals plus 1; 0 is an empty place. */
  #table = new Uint32Array(smallest)
  #count = 0

  constructor(hashOf: (ordinal: number) => number) {
    this.#hashOf = hashOf
  }

  /** -1 when none of those with this hash is the one. */
  find(hash: number, isIt: (ordinal: number) => boolean): number {
    const table = this.#table
    const mask = table.length - 1
    for (let at = hash & mask; table[at] !== 0; at = (at + 1) & mask) {
      const ordinal = table[at]! - 1
      if (isIt(ordinal)) return ordinal
    }
    return -1
  }

  add(ordinal: number): void {
    if ((this.#count + 1) * 2 > this.#table.length) this.#resize(this.#table.length * 2)
    this.#count++
    this.#place(ordinal)
  }

  remove(ordinal: number): void {
    const table = this.#table
    const mask = table.length - 1
    let hole = this.#hashOf(ordinal) & mask
    while (table[hole] !== ordinal + 1) {
      if (table[hole] === 0) return
      hole = (hole + 1) & mask
    }
    this.#count--
    // Whoever stands behind the hole moves into it, unless that would be before where looking for it begins.
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = this.#hashOf(table[at]! - 1) & mask
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      table[hole] = table[at]!
      hole = at
    }
    table[hole] = 0
  }

  reserve(count: number): void {
    let size = this.#table.length
    while (size < count * 2) size *= 2
    if (size > this.#table.length) this.#resize(size)
  }

  get memory(): number {
    return this.#table.byteLength
  }

  #resize(size: number): void {
    const before = this.#table
    this.#table = new Uint32Array(size)
    for (const entry of before) if (entry !== 0) this.#place(entry - 1)
  }

  #place(ordinal: number): void {
    const mask = this.#table.length - 1
    let at = this.#hashOf(ordinal) & mask
    while (this.#table[at] !== 0) at = (at + 1) & mask
    this.#table[at] = ordinal + 1
  }
}
