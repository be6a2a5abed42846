import { randomBytes } from 'node:crypto'
import { WecomError } from './errcodes.ts'

/** The owner of a token: an agent by its id, or the contact secret. */
export type Owner = number | 'contact'

export interface StoredToken {
  owner: Owner
  token: string
  /** In ms; 0 after the token was revoked. */
  expiresAt: number
}

const lifeMs = 7200_000

/** Access tokens; every secret has at most one valid token (docs/upstream/wecom-calls.md#access-tokens). */
export class Tokens {
  readonly #current = new Map<Owner, StoredToken>()
  readonly #all = new Map<string, StoredToken>()
  readonly #now: () => number
  readonly #keep: (token: StoredToken) => void

  constructor(now: () => number, keep: (token: StoredToken) => void) {
    this.#now = now
    this.#keep = keep
  }

  /** Returns the valid token of the secret, or a new one. */
  issue(owner: Owner): StoredToken {
    const known = this.#current.get(owner)
    if (known && known.expiresAt > this.#now()) return known
    const token = { owner, token: randomBytes(160).toString('base64url'), expiresAt: this.#now() + lifeMs }
    this.restore(token)
    this.#keep(token)
    return token
  }

  restore(token: StoredToken): void {
    this.#all.set(token.token, token)
    this.#current.set(token.owner, token)
  }

  /** Whether the token was ever issued here. */
  has(token: string): boolean {
    return this.#all.has(token)
  }

  current(): StoredToken[] {
    return [...this.#current.values()]
  }

  /** Throws 41001 without a token, 40014 for an unknown or revoked one, 42001 for an expired one. */
  check(token: string | undefined): StoredToken {
    if (!token) throw new WecomError(41001)
    const known = this.#all.get(token)
    if (!known || known.expiresAt === 0) throw new WecomError(40014)
    if (known.expiresAt <= this.#now()) throw new WecomError(42001)
    return known
  }

  /** Ends a token early, so that the next gettoken returns another one. */
  end(token: string | undefined, how: 'expired' | 'revoked'): void {
    const known = token === undefined ? undefined : this.#all.get(token)
    if (!known || known.expiresAt <= this.#now()) return
    known.expiresAt = how === 'revoked' ? 0 : 1
    this.#keep(known)
  }
}
