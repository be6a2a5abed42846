import { randomBytes } from 'node:crypto'
import { OfficialError } from '../error.ts'
import type { Records } from '../state/records.ts'
import { dayInChina } from './days.ts'
import type { Rules } from './rules.ts'

/** An access token of an account. The two ways to get one do not know each other's (docs/upstream/official-calls.md#tokens). */
export interface StoredToken {
  way: 'token' | 'stable'
  token: string
  /** In ms. */
  issuedAt: number
  /** In ms; 0 after it was taken back. */
  expiresAt: number
  forced?: boolean
}

export class OfficialTokens {
  readonly #stored: Records<StoredToken>
  readonly #now: () => number

  constructor(stored: Records<StoredToken>, now: () => number) {
    this.#stored = stored
    this.#now = now
  }

  /** GET /cgi-bin/token: always a new one; the old ones live a little longer. */
  issue(rules: Rules): StoredToken {
    const end = this.#now() + rules.tokenOverlapSeconds * 1000
    for (const old of this.#live('token'))
      if (old.expiresAt > end) this.#stored.set(old.token, { ...old, expiresAt: end })
    return this.#create('token', rules)
  }

  /** POST /cgi-bin/stable_token: the same one until its last minutes, or by force a new one that ends the others. */
  issueStable(rules: Rules, force: boolean): StoredToken {
    const now = this.#now()
    const live = this.#live('stable')
    const latest = live.at(-1)
    if (!force) {
      if (latest && latest.expiresAt - now > rules.tokenOverlapSeconds * 1000) return latest
      return this.#create('stable', rules)
    }
    const forced = this.#stored.values().filter(one => one.forced)
    const last = forced.at(-1)
    // WeChat does not refresh again within this time.
    if (latest && last && now - last.issuedAt < rules.stableForceGapSeconds * 1000) return latest
    const today = forced.filter(one => dayInChina(one.issuedAt) === dayInChina(now))
    if (today.length >= rules.stableForcePerDay) throw new OfficialError(45009)
    for (const old of live) this.#stored.set(old.token, { ...old, expiresAt: 0 })
    return this.#create('stable', rules, true)
  }

  /** Throws 40014 for what is no token, 40001 for one that was never issued or taken back, 42001 for an expired one. */
  check(token: string): StoredToken {
    const known = this.#stored.get(token)
    if (!known || known.expiresAt === 0) throw new OfficialError(40001)
    if (known.expiresAt <= this.#now()) throw new OfficialError(42001)
    return known
  }

  has(token: string): boolean {
    return this.#stored.has(token)
  }

  /** Ends a token early, as WeChat sometimes does. */
  end(token: string, how: 'expired' | 'revoked'): void {
    const known = this.#stored.get(token)
    if (known) this.#stored.set(token, { ...known, expiresAt: how === 'revoked' ? 0 : 1 })
  }

  /** Ends every token, as a new secret does. */
  endAll(): void {
    for (const { token } of this.#stored.values()) this.end(token, 'revoked')
  }

  #live(way: StoredToken['way']): StoredToken[] {
    return this.#stored.values().filter(one => one.way === way && one.expiresAt > this.#now())
  }

  #create(way: StoredToken['way'], rules: Rules, forced = false): StoredToken {
    const now = this.#now()
    // Kept for two days, so that an expired token is told from an unknown one.
    for (const old of this.#stored.values())
      if (now - old.issuedAt > 2 * 86_400_000) this.#stored.delete(old.token)
    const token = randomBytes(102).toString('base64url')
    const issued = { way, token, issuedAt: now, expiresAt: now + rules.tokenSeconds * 1000 }
    return this.#stored.set(token, { ...issued, ...(forced && { forced }) })
  }
}
