/** A push as the corp page shows it. */
export interface RecentPush {
  id: number
  type: string
  /** ISO time of the change. */
  at: string
  /** The decrypted XML of the callback. */
  xml: string
  state: 'waiting' | 'sent' | 'failed' | 'dropped'
  attempts: number
  /** Why the last attempt failed, or the fault that was applied. */
  note: string
}

const kept = 50

/** The latest pushes with their results. */
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

  /** The latest push comes first. */
  list(): RecentPush[] {
    return this.#list.toReversed()
  }

  /** Pushes that are still waiting will not be sent any more. */
  clear(): void {
    this.#list = []
  }
}
