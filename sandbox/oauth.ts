import { randomBytes } from 'node:crypto'
import { WecomError } from './rules/errcodes.ts'

export type Scope = 'snsapi_base' | 'snsapi_privateinfo'

/** The personal data that a member can consent to share (docs/upstream/wecom-sign-in.md#oauth-in-the-client). */
export const consentFields = [
  'avatar',
  'gender',
  'mobile',
  'email',
  'biz_mail',
  'qr_code',
  'address',
] as const
export type ConsentField = (typeof consentFields)[number]

/** The person that a code was issued for: a member by slot, or somebody outside the corp by openid. */
export interface Visitor {
  slot?: number
  openid?: string
  scope: Scope
  /** When missing, the member consented to all fields. */
  consented?: readonly ConsentField[]
}

/** The member that a user_ticket stands for, and the fields it gives access to. */
export interface Consent {
  slot: number
  consented: readonly ConsentField[]
}

const codeLifeMs = 300_000
const ticketLifeMs = 1_800_000
const remembered = 12

/**
 * One-time OAuth codes and the tickets issued for them (docs/upstream/wecom-sign-in.md#oauth-in-the-client). They are kept in
 * memory only.
 */
export class OAuth {
  /** Number of codes issued and redeemed since the start. */
  readonly counters = { issued: 0, redeemed: 0 }
  readonly #codes = new Map<string, Visitor & { expiresAt: number }>()
  readonly #tickets = new Map<string, Consent & { expiresAt: number }>()
  readonly #now: () => number
  #recent: number[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  issueCode(visitor: Visitor): string {
    const code = randomBytes(32).toString('base64url')
    this.#codes.set(code, { ...visitor, expiresAt: this.#now() + codeLifeMs })
    this.counters.issued++
    return code
  }

  /** Throws 40029 for a code that is unknown, used or older than five minutes. */
  redeem(code: string): Visitor {
    const visitor = this.#codes.get(code)
    this.#codes.delete(code)
    if (!visitor || visitor.expiresAt <= this.#now()) throw new WecomError(40029)
    this.counters.redeemed++
    return visitor
  }

  issueTicket(slot: number, consented: readonly ConsentField[] = consentFields): string {
    const ticket = randomBytes(48).toString('base64url')
    this.#tickets.set(ticket, { slot, consented, expiresAt: this.#now() + ticketLifeMs })
    return ticket
  }

  /** Throws 84015 for an unknown ticket and 84014 for one that is older than half an hour. */
  consentOf(ticket: string): Consent {
    const known = this.#tickets.get(ticket)
    if (!known) throw new WecomError(84015)
    if (known.expiresAt <= this.#now()) throw new WecomError(84014)
    return known
  }

  /** Slots of the members who signed in most recently, the latest first. */
  get recent(): readonly number[] {
    return this.#recent
  }

  remember(slot: number): void {
    this.#recent = [slot, ...this.#recent.filter(one => one !== slot)].slice(0, remembered)
  }

  clear(): void {
    this.#codes.clear()
    this.#tickets.clear()
    this.#recent = []
  }
}
