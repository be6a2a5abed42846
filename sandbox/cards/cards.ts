import { randomBytes } from 'node:crypto'
import type { ShownCard } from '../messages/card.ts'

/** What the journal keeps. `card` is the number of the message. */
export type CardEntry =
  | { cardCode: string; card: number; at: number; used?: true }
  | { cardShown: ShownCard; card: number; slot: number }

interface Code {
  card: number
  at: number
  used: boolean
}

const codeMs = 72 * 3_600_000

/** The cards of an agent's messages: the codes by which they are changed, and what each person sees. */
export class Cards {
  readonly #codes = new Map<string, Code>()
  /** By agent and task_id. */
  readonly #tasks = new Set<string>()
  /** The slots of those who got the message. */
  readonly #receivers = new Map<number, ReadonlySet<number>>()
  readonly #shown = new Map<number, Map<number, ShownCard>>()
  readonly #now: () => number
  readonly #keep: (entry: CardEntry) => void

  constructor(now: () => number, keep: (entry: CardEntry) => void) {
    this.#now = now
    this.#keep = keep
  }

  /** Whether the agent has used this task_id. */
  isKnown(agentId: number, taskId: string): boolean {
    return this.#tasks.has(`${agentId} ${taskId}`)
  }

  /** A card went out. */
  add(agentId: number, taskId: unknown, n: number, slots: Iterable<number>): void {
    if (typeof taskId === 'string') this.#tasks.add(`${agentId} ${taskId}`)
    this.#receivers.set(n, new Set(slots))
  }

  receiversOf(n: number): ReadonlySet<number> {
    return this.#receivers.get(n) ?? new Set()
  }

  /** Makes a code, which is good once within 72 hours. */
  giveCode(n: number): string {
    const code = randomBytes(24).toString('base64url')
    const entry = { cardCode: code, card: n, at: this.#now() }
    this.#keep(entry)
    this.restore(entry)
    return code
  }

  /** The code that message/send gave. */
  firstCode(n: number): string | undefined {
    for (const [code, { card }] of this.#codes) if (card === n) return code
    return undefined
  }

  /** The number of the message that the code changes, or why it changes nothing. */
  look(code: string): number | 'unknown' | 'used' | 'expired' {
    const known = this.#codes.get(code)
    if (!known) return 'unknown'
    if (known.used) return 'used'
    return this.#now() - known.at >= codeMs ? 'expired' : known.card
  }

  use(code: string): void {
    const known = this.#codes.get(code)
    if (!known) return
    const entry = { cardCode: code, card: known.card, at: known.at, used: true as const }
    this.#keep(entry)
    this.restore(entry)
  }

  show(n: number, slot: number, cardShown: ShownCard): void {
    const entry = { cardShown, card: n, slot }
    this.#keep(entry)
    this.restore(entry)
  }

  /** What this person sees instead of the card that was sent. */
  shownTo(n: number, slot: number): ShownCard | undefined {
    return this.#shown.get(n)?.get(slot)
  }

  restore(entry: CardEntry): void {
    if ('cardCode' in entry) {
      this.#codes.set(entry.cardCode, { card: entry.card, at: entry.at, used: entry.used ?? false })
      return
    }
    const own = this.#shown.get(entry.card) ?? new Map<number, ShownCard>()
    this.#shown.set(entry.card, own.set(entry.slot, entry.cardShown))
  }

  clear(): void {
    this.#codes.clear()
    this.#tasks.clear()
    this.#receivers.clear()
    this.#shown.clear()
  }
}
