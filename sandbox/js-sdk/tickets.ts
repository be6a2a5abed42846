import { randomBytes } from 'node:crypto'
import { WecomError } from '../rules/errcodes.ts'

/** The corp's ticket is for wx.config, and each agent's own for wx.agentConfig. */
export type TicketOwner = number | 'corp'

export interface StoredTicket {
  owner: TicketOwner
  ticket: string
  /** In ms. */
  expiresAt: number
}

const lifeMs = 7200_000
const hourMs = 3600_000
const perCorpHour = 400
const perAgentHour = 100

/** The tickets by which pages are signed, and how often they may be asked for (docs/upstream/wecom-calls.md#js-sdk). */
export class JsTickets {
  readonly #tickets = new Map<TicketOwner, StoredTicket>()
  readonly #asked = new Map<string, { startedAt: number; count: number }>()
  readonly #now: () => number
  readonly #keep: (ticket: StoredTicket) => void

  constructor(now: () => number, keep: (ticket: StoredTicket) => void) {
    this.#now = now
    this.#keep = keep
  }

  /** The living ticket, or a new one. Throws 45009 beyond 100 an hour of an agent, and for the corp's beyond 400 of all. */
  issue(owner: TicketOwner, agentId: number): { ticket: string; secondsLeft: number } {
    const kind = owner === 'corp' ? 'corp' : 'agent'
    this.#count(`${kind} ${agentId}`, perAgentHour)
    if (owner === 'corp') this.#count('corp', perCorpHour)
    const known = this.living(owner)
    const ticket = known ?? {
      owner,
      ticket: randomBytes(64).toString('base64url'),
      expiresAt: this.#now() + lifeMs,
    }
    if (!known) {
      this.restore(ticket)
      this.#keep(ticket)
    }
    return {
      ticket: ticket.ticket,
      secondsLeft: Math.max(1, Math.floor((ticket.expiresAt - this.#now()) / 1000)),
    }
  }

  living(owner: TicketOwner): StoredTicket | undefined {
    const known = this.#tickets.get(owner)
    return known && known.expiresAt > this.#now() ? known : undefined
  }

  current(): StoredTicket[] {
    return [...this.#tickets.values()]
  }

  restore(ticket: StoredTicket): void {
    this.#tickets.set(ticket.owner, ticket)
  }

  /** Ends all tickets early: what was signed by them is refused, and the next call gives others. */
  end(): void {
    for (const known of this.#tickets.values()) {
      known.expiresAt = 0
      this.#keep(known)
    }
  }

  #count(what: string, atMost: number): void {
    const now = this.#now()
    const hour = this.#asked.get(what)
    const counted = hour && now < hour.startedAt + hourMs ? hour : { startedAt: now, count: 0 }
    this.#asked.set(what, counted)
    if (++counted.count > atMost) throw new WecomError(45009)
  }
}
