import type { ShownCard } from './card.ts'
import type { Channel, Entry, Key, NewEntry, StoredAudience, StoredEntry, StoredMessage } from './entry.ts'

export type LogEvent =
  | { type: 'message'; n: number }
  | { type: 'recall'; n: number; at: string }
  | { type: 'card'; n: number; userid: string; shown: ShownCard }
  | { type: 'reset' }

export interface Page {
  entries: Entry[]
  /** Pass this as `since` to get the next page. */
  next: number
}

const manyReceivers = 50

/** A long list of receivers and the numbers of the messages that went to exactly this list. */
interface Audience {
  userids: string[]
  slots: Set<number>
  messages: number[]
}

/**
 * Every message that arrived, in order. The cost of reading a page, or the messages of one person, depends
 * only on how many are returned.
 */
export class MessageLog {
  #entries: Entry[] = []
  #byKey = new Map<Key, number[]>()
  #audiences: Audience[] = []
  #audienceIds = new Map<string, number>()
  readonly #listeners = new Set<(event: LogEvent) => void>()
  readonly #keep: (entry: StoredEntry) => void
  readonly #now: () => number

  constructor(now: () => number, keep: (entry: StoredEntry) => void) {
    this.#now = now
    this.#keep = keep
  }

  get size(): number {
    return this.#entries.length
  }

  /**
   * Numbers a message, stores it in the journal and notifies the listeners. The slots among `keys` are the
   * members on whose phones it appears.
   */
  append(entry: NewEntry<Entry>, keys: Key[], check?: StoredMessage['check']): Entry {
    const { channel, ...rest } = entry
    const at = new Date(this.#now()).toISOString()
    const message = { n: this.size + 1, channel, at, ...rest } as Entry
    const many = message.channel === 'wecom' && message.to.length > manyReceivers
    const audience = many ? this.#audienceFor(message.to, keys as number[]) : undefined
    const stored: StoredMessage = {
      message: many ? { ...message, to: [] } : message,
      keys: many ? [] : keys,
      ...(audience !== undefined && { audience }),
      ...(check && { check }),
    }
    this.#keep(stored)
    const restored = this.restore(stored)
    this.#tell({ type: 'message', n: restored.n })
    return restored
  }

  restore({ message, keys, audience }: StoredMessage): Entry {
    const shared = audience === undefined ? undefined : this.#audiences[audience]!
    const entry = shared ? ({ ...message, to: shared.userids } as Entry) : message
    this.#entries.push(entry)
    for (const key of new Set(keys)) {
      const list = this.#byKey.get(key)
      if (list) list.push(entry.n)
      else this.#byKey.set(key, [entry.n])
    }
    shared?.messages.push(entry.n)
    return entry
  }

  slotsOf({ keys, audience }: StoredMessage): Iterable<number> {
    if (audience !== undefined) return this.#audiences[audience]!.slots
    return keys.filter(key => typeof key === 'number')
  }

  #audienceFor(userids: string[], slots: number[]): number {
    const name = slots.join()
    const known = this.#audienceIds.get(name)
    if (known !== undefined) return known
    const stored = { audience: this.#audiences.length, slots, userids }
    this.#keep(stored)
    this.restoreAudience(stored)
    return stored.audience
  }

  restoreAudience({ slots, userids }: StoredAudience): void {
    const id = this.#audiences.push({ userids, slots: new Set(slots), messages: [] }) - 1
    this.#audienceIds.set(slots.join(), id)
  }

  recall(n: number): void {
    const at = new Date(this.#now()).toISOString()
    this.#keep({ recalled: n, at })
    this.restoreRecall(n, at)
    this.#tell({ type: 'recall', n, at })
  }

  restoreRecall(n: number, at: string): void {
    const entry = this.entry(n)
    if (entry) Object.assign(entry, { recalledAt: at })
  }

  /** Tells whoever watches that somebody's card looks otherwise now. */
  cardChanged(n: number, userid: string, shown: ShownCard): void {
    this.#tell({ type: 'card', n, userid, shown })
  }

  /** Returns the stored object, which callers must not change. */
  entry(n: number): Entry | undefined {
    return this.#entries[n - 1]
  }

  /** Numbers of the messages of one recipient, oldest first. */
  numbersOf(key: Key): number[] {
    const own = this.#byKey.get(key) ?? []
    if (typeof key !== 'number') return own
    const shared = this.#audiences.filter(item => item.slots.has(key)).flatMap(item => item.messages)
    return shared.length === 0 ? own : [...own, ...shared].sort((a, b) => a - b)
  }

  /** The messages with numbers above `since`, restricted to one channel and one recipient when these are given. */
  page(options: {
    since: number
    limit: number
    channel?: Channel | undefined
    key?: Key | undefined
  }): Page {
    const { since, limit, channel, key } = options
    const numbers = key === undefined ? this.#after(since) : this.numbersOf(key)
    const entries: Entry[] = []
    for (const n of numbers) {
      const entry = this.#entries[n - 1]!
      if (n <= since || (channel !== undefined && entry.channel !== channel)) continue
      if (entries.length === limit) break
      entries.push(entry)
    }
    return { entries, next: entries.at(-1)?.n ?? since }
  }

  *#after(since: number): Generator<number> {
    for (let n = since + 1; n <= this.size; n++) yield n
  }

  /** Calls the listener on every change; the returned function ends that. */
  listen(listener: (event: LogEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(event: LogEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  clear(): void {
    this.#entries = []
    this.#byKey = new Map()
    this.#audiences = []
    this.#audienceIds = new Map()
    this.#tell({ type: 'reset' })
  }
}
