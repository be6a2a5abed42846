import { randomBytes } from 'node:crypto'
import { WecomError } from './errcodes.ts'

export type Scope = 'snsapi_base' | 'snsapi_privateinfo'

/** Who stood before the sign-in page: a member by slot, or a stranger by openid. */
export interface Visitor {
  slot?: number
  openid?: string
  scope: Scope
}

const codeLifeMs = 300_000
const ticketLifeMs = 1_800_000

/** One-use OAuth codes and the tickets they turn into (upstream.md §6.1); they do not outlive the process. */
export class OAuth {
  readonly #codes = new Map<string, Visitor & { expiresAt: number }>()
  readonly #tickets = new Map<string, { slot: number; expiresAt: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  issueCode(visitor: Visitor): string {
    const code = randomBytes(32).toString('base64url')
    this.#codes.set(code, { ...visitor, expiresAt: this.#now() + codeLifeMs })
    return code
  }

  /** 40029 for a code that is unknown, used or older than five minutes. */
  redeem(code: string): Visitor {
    const visitor = this.#codes.get(code)
    this.#codes.delete(code)
    if (!visitor || visitor.expiresAt <= this.#now()) throw new WecomError(40029)
    return visitor
  }

  issueTicket(slot: number): string {
    const ticket = randomBytes(48).toString('base64url')
    this.#tickets.set(ticket, { slot, expiresAt: this.#now() + ticketLifeMs })
    return ticket
  }

  /** The member a user_ticket stands for; 84015 unknown, 84014 older than half an hour. */
  visitorOf(ticket: string): number {
    const known = this.#tickets.get(ticket)
    if (!known) throw new WecomError(84015)
    if (known.expiresAt <= this.#now()) throw new WecomError(84014)
    return known.slot
  }

  clear(): void {
    this.#codes.clear()
    this.#tickets.clear()
  }
}
