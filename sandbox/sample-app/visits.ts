import { randomBytes } from 'node:crypto'
import type { WispApi } from './wisp-api.ts'

/** The body of `/api/user/getInfo`. */
export interface Person {
  corpId: string
  userId: string
  userName: string
  roleLevel: number
  orgList?: { orgId: string; orgName: string }[]
}

export interface Visit {
  id: string
  jessionId: string
  person: Person
  checkedAt: number
}

const kept = 1000

/**
 * The application's own sessions. A jessionId is exchanged for a session once and then stays on the server.
 * From time to time the server asks wisp about it again, so that somebody who signed out of wisp or left the
 * corp is signed out here as well.
 */
export class Visits {
  readonly #visits = new Map<string, Visit>()
  readonly #api: WispApi
  readonly #askAgainMs: number

  constructor(api: WispApi, askAgainMs: number) {
    this.#api = api
    this.#askAgainMs = askAgainMs
  }

  /** Resolves with undefined when wisp does not know the ticket or no longer accepts it. Throws WispRefused. */
  async begin(jessionId: string): Promise<Visit | undefined> {
    const id = randomBytes(16).toString('base64url')
    const person = await this.#ask(jessionId, id)
    if (!person) return undefined
    const visit = { id, jessionId, person, checkedAt: Date.now() }
    this.#visits.set(id, visit)
    const [oldest] = this.#visits.keys()
    if (this.#visits.size > kept && oldest) this.#visits.delete(oldest)
    return visit
  }

  async find(id: string): Promise<Visit | undefined> {
    const visit = this.#visits.get(id)
    if (!visit || visit.checkedAt + this.#askAgainMs > Date.now()) return visit
    const person = await this.#ask(visit.jessionId, id)
    if (!person) {
      this.#visits.delete(id)
      return undefined
    }
    Object.assign(visit, { person, checkedAt: Date.now() })
    return visit
  }

  end(id: string): void {
    this.#visits.delete(id)
  }

  async #ask(jessionId: string, visit: string): Promise<Person | null> {
    return this.#api.get('/api/user/getInfo', { jessionId }, visit)
  }
}
