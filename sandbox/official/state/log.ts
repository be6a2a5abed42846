import type { Records } from './records.ts'

/** How a message came to where it is. `act` is an event of the follower, `notice` a line of WeChat itself. */
export type EntryOrigin =
  | 'sent'
  | 'act'
  | 'passive'
  | 'custom'
  | 'mass'
  | 'preview'
  | 'template'
  | 'subscribe'
  | 'kf'
  | 'notice'

/** One entry of a conversation, as the follower's telephone has it. */
export interface Message {
  /** Counts from 1 in each account. */
  n: number
  at: string
  /** Absent in what was sent to many; `audience` has them. */
  openid?: string
  from: 'follower' | 'account' | 'wechat'
  how: EntryOrigin
  type: string
  content: Record<string, unknown>
  msgId?: string
  /** The indexes of the followers who got it, a bit each, in base64. */
  audience?: string
}

/** All conversations of an account. */
export class MessageLog {
  readonly #stored: Records<Message>
  readonly #now: () => number
  readonly #byOpenid = new Map<string, Message[]>()
  readonly #listeners = new Set<(message: Message | undefined) => void>()
  readonly #known = new Map<number, Message>()
  #many: Message[] = []

  constructor(stored: Records<Message>, now: () => number) {
    this.#stored = stored
    this.#now = now
  }

  get size(): number {
    return this.#stored.size
  }

  add(message: Omit<Message, 'n' | 'at'>): Message {
    const n = this.#stored.size + 1
    const kept = this.#stored.set(n, { n, at: new Date(this.#now()).toISOString(), ...message })
    this.index(kept)
    for (const listener of this.#listeners) listener(kept)
    return kept
  }

  /** Changes what a message shows, as when articles are deleted. */
  change(message: Message, content: Message['content']): void {
    message.content = content
    this.#stored.set(message.n, message)
    for (const listener of this.#listeners) listener(message)
  }

  /** Tells the listeners that nothing more will come. */
  end(): void {
    for (const listener of this.#listeners) listener(undefined)
  }

  /** Takes over a message that is in the journal already. */
  index(message: Message): void {
    // A change of an older message.
    const known = this.#known.get(message.n)
    if (known) {
      known.content = message.content
      return
    }
    this.#known.set(message.n, message)
    if (message.openid === undefined) {
      this.#many.push(message)
      return
    }
    const own = this.#byOpenid.get(message.openid)
    if (own) own.push(message)
    else this.#byOpenid.set(message.openid, [message])
  }

  /** What one follower has on the telephone, oldest first, from the number after `since`. */
  of(openid: string, index: number, since = 0): Message[] {
    const many = this.#many.filter(message => reaches(message, index))
    return [...(this.#byOpenid.get(openid) ?? []), ...many]
      .filter(message => message.n > since)
      .sort((a, b) => a.n - b.n)
  }

  /** Every entry of the account, oldest first. */
  all(since = 0): Message[] {
    return this.#stored.values().filter(message => message.n > since)
  }

  /** Calls back for each new or changed message, and with undefined at the end, until the returned function is called. */
  listen(listener: (message: Message | undefined) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Whether a message to many is for the follower with this index. */
export function reaches(message: Message, index: number): boolean {
  if (message.audience === undefined) return false
  return inAudience(Buffer.from(message.audience, 'base64'), index)
}

export const inAudience = (bits: Buffer, index: number): boolean =>
  ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0

export function audienceOf(indexes: readonly number[]): string {
  const last = indexes.reduce((most, index) => Math.max(most, index), -1)
  const bits = Buffer.alloc((last >> 3) + 1)
  for (const index of indexes) bits[index >> 3]! |= 1 << (index & 7)
  return bits.toString('base64')
}
