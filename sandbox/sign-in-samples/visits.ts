import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

const kept = 1000

/** The application's own sessions, each by a cookie that only this application reads. */
export class Visits<T> {
  readonly #visits = new Map<string, T>()
  readonly #cookie: string

  constructor(cookie: string) {
    this.#cookie = cookie
  }

  begin(reply: FastifyReply, visit: T): void {
    const id = randomBytes(24).toString('base64url')
    this.#visits.set(id, visit)
    const [oldest] = this.#visits.keys()
    if (this.#visits.size > kept && oldest !== undefined) this.#visits.delete(oldest)
    reply.header('set-cookie', `${this.#cookie}=${id}; Path=/; HttpOnly; SameSite=Lax`)
  }

  of(request: FastifyRequest): T | undefined {
    return this.#visits.get(this.#idOf(request))
  }

  /** Ends that of this browser and returns what it was. */
  end(request: FastifyRequest): T | undefined {
    const id = this.#idOf(request)
    const visit = this.#visits.get(id)
    this.#visits.delete(id)
    return visit
  }

  /** Ends all that fit; returns how many. */
  endAll(fits: (visit: T) => boolean): number {
    const found = [...this.#visits].filter(([, visit]) => fits(visit))
    for (const [id] of found) this.#visits.delete(id)
    return found.length
  }

  #idOf(request: FastifyRequest): string {
    const pairs = (request.headers.cookie ?? '').split(/;\s*/)
    return pairs.find(pair => pair.startsWith(`${this.#cookie}=`))?.slice(this.#cookie.length + 1) ?? ''
  }
}
