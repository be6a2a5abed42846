/** The value of a cursor after its last member. */
export const DONE = 0x7fffffff

export type Cursor = {
  /** The current local id, -1 before the first `next`, DONE after the last. */
  current: number
  next(): number
  /** Moves forward to the first local id that is at least `target`. */
  seek(target: number): number
}

/** Reads one list: ascending local ids, stored as varints of the differences. */
export class PostingsCursor implements Cursor {
  current = -1
  readonly size: number
  #bytes: Uint8Array
  #at: number
  #end: number

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.size = end - start
  }

  next(): number {
    return this.seek(this.current + 1)
  }

  seek(target: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let at = this.#at
    let current = this.current
    while (current < target) {
      if (at === end) {
        current = DONE
        break
      }
      let byte = bytes[at++]!
      let distance = byte & 127
      for (let shift = 7; byte > 127; shift += 7) {
        byte = bytes[at++]!
        distance |= (byte & 127) << shift
      }
      current += distance
    }
    this.#at = at
    this.current = current
    return current
  }
}

/** A list this many times longer than the shortest costs more to read than matching the candidates it would remove. */
const WORTHWHILE = 40
const MOST_LISTS = 4

/** The ids that are in all lists. Skips lists that are not worth reading, since candidates are matched again anyway. */
export class IntersectionCursor implements Cursor {
  current = -1
  #lead: PostingsCursor
  #others: PostingsCursor[]

  constructor(lists: [PostingsCursor, ...PostingsCursor[]]) {
    lists.sort((a, b) => a.size - b.size)
    this.#lead = lists[0]
    this.#others = lists.slice(1, MOST_LISTS).filter(list => list.size < lists[0].size * WORTHWHILE)
  }

  next(): number {
    return this.seek(this.current + 1)
  }

  seek(target: number): number {
    let candidate = this.#lead.seek(target)
    for (let i = 0; i < this.#others.length && candidate !== DONE; ) {
      const found = this.#others[i]!.seek(candidate)
      if (found === candidate) i++
      else {
        candidate = this.#lead.seek(found)
        i = 0
      }
    }
    this.current = candidate
    return candidate
  }
}

/** The ids that are in any list, each once. */
export class UnionCursor implements Cursor {
  current = -1
  #parts: Cursor[]

  constructor(parts: Cursor[]) {
    this.#parts = parts
  }

  next(): number {
    return this.seek(this.current + 1)
  }

  seek(target: number): number {
    let least = DONE
    for (const part of this.#parts) {
      const at = part.current < target ? part.seek(target) : part.current
      if (at < least) least = at
    }
    this.current = least
    return least
  }
}
