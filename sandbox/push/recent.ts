/** A push as the corp page tells of it. */
export interface RecentPush {
  id: number
  type: string
  /** ISO time of the change. */
  at: string
  /** What WeCom's callback says, decrypted. */
  xml: string
  state: 'waiting' | 'sent' | 'failed' | 'dropped'
  attempts: number
  /** Why the last attempt failed; a fault that was switched on. */
  note: string
}

const kept = 50

/** The last pushes and what became of them. */
export class RecentPushes {
  #list: RecentPush[] = []

  add(push: { id: number; type: string; xml: string }, at: number): RecentPush {
    const { id, type, xml } = push
    const entry: RecentPush = {
      id,
      type,
      xml,
      at: new Date(at).toISOString(),
      state: 'waiting',
      attempts: 0,
      note: '',
    }
    this.#list.push(entry)
    if (this.#list.length > kept) this.#list.shift()
    return entry
  }

  find(id: number): RecentPush | undefined {
    return this.#list.findLast(entry => entry.id === id)
  }

  /** The latest first. */
  list(): RecentPush[] {
    return this.#list.toReversed()
  }

  /** Those that were still waiting will not be sent any more. */
  clear(): void {
    this.#list = []
  }
}
