const parts = 64

/**
 * A map in parts, by the first character of a key that is random base64. A map of a million that grows is built anew, and
 * everything waits meanwhile; these grow one after the other.
 */
export class SplitMap<V> {
  readonly #parts = Array.from({ length: parts }, () => new Map<string, V>())

  /** The part that this key belongs to. */
  part(key: string): Map<string, V> {
    return this.#parts[(key.charCodeAt(0) || 0) % parts]!
  }

  clear(): void {
    for (const part of this.#parts) part.clear()
  }
}
