import type { JournalEntry } from '../state/journal.ts'
import { Arena } from './arena.ts'
import { Column } from './column.ts'
import {
  type Channel,
  channels,
  type Entry,
  type Key,
  type New,
  type StoredAudience,
  type StoredMessage,
} from './entry.ts'

export type LogEvent =
  | { type: 'message'; n: number }
  | { type: 'recall'; n: number; at: string }
  | { type: 'reset' }

export interface Page {
  /** JSON texts, in order. */
  entries: Buffer[]
  /** Their numbers. */
  numbers: number[]
  /** To be passed as `since` for what follows. */
  next: number
}

const manyReceivers = 50

/** Every message that arrived, in order. Reading pages and a person's messages costs what is returned. */
export class MessageLog {
  #arena = new Arena()
  #channelOf = new Column()
  #atOf = new Column()
  #byKey = new Map<Key, number[]>()
  #audiences: { json: string; slots: Set<number>; messages: number[] }[] = []
  #audienceIds = new Map<string, number>()
  #audienceOf = new Map<number, number>()
  #recalled = new Map<number, string>()
  readonly #listeners = new Set<(event: LogEvent) => void>()
  readonly #keep: (entry: JournalEntry) => void
  readonly #now: () => number

  constructor(now: () => number, keep: (entry: JournalEntry) => void) {
    this.#now = now
    this.#keep = keep
  }

  get size(): number {
    return this.#arena.size
  }

  /** Numbers, keeps and tells a message. Slots among `keys` are the members whose phones show it. */
  append(entry: New<Entry>, keys: Key[], check?: StoredMessage['check']): Entry {
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
    this.restore(stored)
    this.#tell({ type: 'message', n: message.n })
    return message
  }

  restore({ message, keys, audience }: StoredMessage): void {
    this.#arena.add(JSON.stringify(message))
    this.#channelOf.push(channels.indexOf(message.channel))
    this.#atOf.push(Date.parse(message.at))
    for (const key of new Set(keys)) {
      const list = this.#byKey.get(key)
      if (list) list.push(message.n)
      else this.#byKey.set(key, [message.n])
    }
    if (audience === undefined) return
    this.#audienceOf.set(message.n, audience)
    this.#audiences[audience]!.messages.push(message.n)
  }

  /** The members that a message reached. */
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
    const id =
      this.#audiences.push({ json: JSON.stringify(userids), slots: new Set(slots), messages: [] }) - 1
    this.#audienceIds.set(slots.join(), id)
  }

  recall(n: number): void {
    const at = new Date(this.#now()).toISOString()
    this.#keep({ recalled: n, at })
    this.restoreRecall(n, at)
    this.#tell({ type: 'recall', n, at })
  }

  restoreRecall(n: number, at: string): void {
    this.#recalled.set(n, at)
  }

  isRecalled(n: number): boolean {
    return this.#recalled.has(n)
  }

  channelOf(n: number): Channel {
    return channels[this.#channelOf.at(n - 1)!]!
  }

  /** When it arrived, in ms. */
  atOf(n: number): number {
    return this.#atOf.at(n - 1)!
  }

  entry(n: number): Entry | undefined {
    return n >= 1 && n <= this.size ? (JSON.parse(this.#text(n).toString()) as Entry) : undefined
  }

  /** Numbers of the messages of one key, oldest first. */
  numbersOf(key: Key): number[] {
    const own = this.#byKey.get(key) ?? []
    if (typeof key !== 'number') return own
    const shared = this.#audiences.filter(item => item.slots.has(key)).flatMap(item => item.messages)
    return shared.length === 0 ? own : [...own, ...shared].sort((a, b) => a - b)
  }

  /** Messages numbered above `since`, of one channel and one key if those are given. */
  page(options: {
    since: number
    limit: number
    channel?: Channel | undefined
    key?: Key | undefined
  }): Page {
    const { since, limit, channel, key } = options
    const wanted = channel === undefined ? undefined : channels.indexOf(channel)
    const numbers = key === undefined ? this.#after(since) : this.numbersOf(key)
    const entries: Buffer[] = []
    const found: number[] = []
    for (const n of numbers) {
      if (n <= since || (wanted !== undefined && this.#channelOf.at(n - 1) !== wanted)) continue
      if (entries.length === limit) break
      entries.push(this.#text(n))
      found.push(n)
    }
    return { entries, numbers: found, next: found.at(-1) ?? since }
  }

  *#after(since: number): Generator<number> {
    for (let n = since + 1; n <= this.size; n++) yield n
  }

  /** The entry's JSON with what is not in the arena: its shared receivers and its recall. */
  #text(n: number): Buffer {
    const text = this.#arena.at(n - 1)
    const audience = this.#audienceOf.get(n)
    const recalledAt = this.#recalled.get(n)
    if (audience === undefined && recalledAt === undefined) return text
    let json = text.toString()
    if (audience !== undefined)
      json = json.replace('"to":[]', () => `"to":${this.#audiences[audience]!.json}`)
    if (recalledAt !== undefined) json = `${json.slice(0, -1)},"recalledAt":"${recalledAt}"}`
    return Buffer.from(json)
  }

  /** Returns what ends it. */
  listen(listener: (event: LogEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(event: LogEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  clear(): void {
    this.#arena = new Arena()
    this.#channelOf = new Column()
    this.#atOf = new Column()
    this.#byKey = new Map()
    this.#audiences = []
    this.#audienceIds = new Map()
    this.#audienceOf = new Map()
    this.#recalled = new Map()
    this.#tell({ type: 'reset' })
  }
}
