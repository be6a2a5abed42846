/**
 * One change of an official account in the journal: original id, collection, key and the new value; null
 * removes it.
 */
export interface OfficialEntry {
  official: [originalId: string, collection: string, key: string, value: unknown]
}

/** Values by key, of which each change is kept in the journal. A value that was changed in place is `set` again. */
export class Records<T> {
  readonly #values = new Map<string, T>()
  readonly #keep: (key: string, value: T | null) => void

  constructor(keep: (key: string, value: T | null) => void) {
    this.#keep = keep
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string | number): T | undefined {
    return this.#values.get(String(key))
  }

  has(key: string | number): boolean {
    return this.#values.has(String(key))
  }

  set(key: string | number, value: T): T {
    this.#values.set(String(key), value)
    this.#keep(String(key), value)
    return value
  }

  delete(key: string | number): boolean {
    if (!this.#values.delete(String(key))) return false
    this.#keep(String(key), null)
    return true
  }

  values(): T[] {
    return [...this.#values.values()]
  }

  entries(): [string, T][] {
    return [...this.#values]
  }

  /** Takes over a change that is in the journal already. */
  restore(key: string, value: unknown): void {
    if (value === null) this.#values.delete(key)
    else this.#values.set(key, value as T)
  }
}
