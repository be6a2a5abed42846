import { WecomError } from '../rules/errcodes.ts'
import type { DropReason } from './entry.ts'

export interface MessageLimits {
  perMemberMinute: number | null
  perMemberHour: number | null
  /** Person-times of one agent on a day; `wecom` is 200 × accounts. */
  perAgentDay: number | null | 'wecom'
}

const minuteMs = 60_000
const hourMs = 3_600_000
const chinaMs = 8 * hourMs

/** The day in China that a time belongs to, as a number. */
export const dayOf = (at: number): number => Math.floor((at + chinaMs) / (24 * hourMs))

/** WeCom's frequency rules for messages of an agent (upstream.md §5): what is too much for a member is dropped without a
 * word, what is too much for the day is refused. */
export class MessageRules {
  /** Times of the last hour by agent and slot, oldest first. */
  readonly #sent = new Map<number, Map<number, number[]>>()
  readonly #days = new Map<number, Map<number, number>>()
  readonly #checks = new Map<string, { until: number; n: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Why a member must not get another message now. */
  refusal(agentId: number, slot: number, limits: MessageLimits): DropReason | undefined {
    const { perMemberMinute, perMemberHour } = limits
    const times = this.#sent.get(agentId)?.get(slot)
    if (!times) return undefined
    const now = this.#now()
    const old = times.findIndex(at => at > now - hourMs)
    times.splice(0, old < 0 ? times.length : old)
    if (perMemberHour !== null && times.length >= perMemberHour) return 'perMemberHour'
    if (perMemberMinute === null || times.length < perMemberMinute) return undefined
    if (perMemberMinute === 0) return 'perMemberMinute'
    return times[times.length - perMemberMinute]! > now - minuteMs ? 'perMemberMinute' : undefined
  }

  /** 45009 when these receivers are too many for the agent's day. */
  checkDay(agentId: number, receivers: number, limits: MessageLimits, accounts: number): void {
    const cap = limits.perAgentDay === 'wecom' ? 200 * accounts : limits.perAgentDay
    if (cap === null) return
    if (this.sentOn(dayOf(this.#now()), agentId) + receivers > cap) throw new WecomError(45009)
  }

  count(agentId: number, slots: Iterable<number>, at: number): void {
    const byMember = this.#sent.get(agentId) ?? new Map<number, number[]>()
    this.#sent.set(agentId, byMember)
    let receivers = 0
    for (const slot of slots) {
      receivers++
      const times = byMember.get(slot)
      if (times) times.push(at)
      else byMember.set(slot, [at])
    }
    const day = this.#days.get(dayOf(at)) ?? new Map<number, number>()
    this.#days.set(dayOf(at), day)
    day.set(agentId, (day.get(agentId) ?? 0) + receivers)
  }

  /** Person-times of an agent on a day of {@link dayOf}. */
  sentOn(day: number, agentId: number): number {
    return this.#days.get(day)?.get(agentId) ?? 0
  }

  /** The number of the message that the duplicate check holds this one against. */
  duplicateOf(key: string): number | undefined {
    const known = this.#checks.get(key)
    return known && known.until > this.#now() ? known.n : undefined
  }

  remember(key: string, until: number, n: number): void {
    // Ended checks come first as keys are in the order of their messages, give or take their intervals.
    for (const [old, check] of this.#checks) {
      if (check.until > this.#now()) break
      this.#checks.delete(old)
    }
    this.#checks.delete(key)
    this.#checks.set(key, { until, n })
  }

  clear(): void {
    this.#sent.clear()
    this.#days.clear()
    this.#checks.clear()
  }
}
