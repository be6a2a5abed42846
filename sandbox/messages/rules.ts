import { WecomError } from '../rules/errcodes.ts'
import type { DropReason } from './entry.ts'

export interface MessageLimits {
  perMemberMinute: number | null
  perMemberHour: number | null
  /** Messages times receivers of one agent per day; `wecom` means 200 × the number of accounts. */
  perAgentDay: number | null | 'wecom'
}

const minuteMs = 60_000
const hourMs = 3_600_000
const chinaMs = 8 * hourMs

/** The number of the day in China to which this time belongs. */
export const dayOf = (at: number): number => Math.floor((at + chinaMs) / (24 * hourMs))

/**
 * WeCom's limits for messages of an agent (docs/upstream/wecom-messages.md#frequency). A message that exceeds a member's limit is
 * not delivered to that member, and the sender is not told; one that exceeds the limit of the day is refused.
 */
export class MessageRules {
  /** Times of the last hour, oldest first, by agent and slot. */
  readonly #sent = new Map<number, Map<number, number[]>>()
  readonly #days = new Map<number, Map<number, number>>()
  readonly #checks = new Map<string, { until: number; n: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** The limit that another message to this member would exceed now. */
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

  /** Throws 45009 when so many more receivers would exceed the agent's limit for the day. */
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

  /** Messages times receivers of an agent on a day as numbered by {@link dayOf}. */
  sentOn(day: number, agentId: number): number {
    return this.#days.get(day)?.get(agentId) ?? 0
  }

  /** The number of the earlier identical message, while the duplicate check for it is valid. */
  duplicateOf(key: string): number | undefined {
    const known = this.#checks.get(key)
    return known && known.until > this.#now() ? known.n : undefined
  }

  remember(key: string, until: number, n: number): void {
    // Expired checks are at the front, because keys are in the order of their messages; only different
    // intervals change that order a little.
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
