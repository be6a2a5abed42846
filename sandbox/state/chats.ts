import { WecomError } from '../rules/errcodes.ts'
import type { CorpState } from './state.ts'

/** A group chat that an application made (docs/upstream/wecom-group-chats.md). `members` are slots. */
export interface SandboxChat {
  chatid: string
  agentId: number
  name: string
  owner: number
  members: number[]
}
/** What the journal keeps of a chat. */
export interface ChatEntry {
  chat: SandboxChat
}

const minuteMs = 60_000
const hourMs = 3_600_000
/** docs/upstream/wecom-group-chats.md#limits */
const limits = {
  createsPerDay: 1000,
  changesPerHour: 1000,
  personTimesPerMinute: 20_000,
  perMemberMinute: 200,
}

/** Group chats by id, and how often they are made, changed and written to. */
export class Chats {
  readonly #chats = new Map<string, SandboxChat>()
  readonly #now: () => number
  readonly #keep: (entry: ChatEntry) => void
  #creates: number[] = []
  #changes: number[] = []
  #sends: { at: number; slots: readonly number[]; agentId: number }[] = []

  constructor(now: () => number, keep: (entry: ChatEntry) => void) {
    this.#now = now
    this.#keep = keep
  }

  /** Without those who have left the corp; an owner who left is followed by the first member. */
  get(chatid: string, state: CorpState): SandboxChat | undefined {
    const chat = this.#chats.get(chatid)
    if (!chat) return undefined
    const members = chat.members.filter(slot => state.userids[slot] !== undefined)
    return { ...chat, members, owner: members.includes(chat.owner) ? chat.owner : (members[0] ?? chat.owner) }
  }

  put(chat: SandboxChat): void {
    this.#keep({ chat })
    this.restore({ chat })
  }

  restore({ chat }: ChatEntry): void {
    this.#chats.set(chat.chatid, chat)
  }

  all(state: CorpState): SandboxChat[] {
    return [...this.#chats.keys()].flatMap(id => this.get(id, state) ?? [])
  }

  /** Throws 45009 beyond the limit. */
  countCreate(): void {
    this.#creates = within(this.#creates, this.#now() - 24 * hourMs, limits.createsPerDay)
    this.#creates.push(this.#now())
  }

  /** Throws 45009 beyond the limit. */
  countChange(): void {
    this.#changes = within(this.#changes, this.#now() - hourMs, limits.changesPerHour)
    this.#changes.push(this.#now())
  }

  /** Counts a message; returns those who get it. Throws 45009 beyond the corp's limit; members over theirs get nothing, and nobody is told. */
  countSend(agentId: number, slots: readonly number[]): { got: number[]; dropped: number[] } {
    const now = this.#now()
    this.#sends = this.#sends.filter(one => one.at > now - minuteMs)
    const spent = this.#sends.reduce((sum, one) => sum + one.slots.length, 0)
    if (spent + slots.length > limits.personTimesPerMinute) throw new WecomError(45009)
    const counts = new Map<number, number>()
    for (const one of this.#sends)
      if (one.agentId === agentId) for (const slot of one.slots) counts.set(slot, (counts.get(slot) ?? 0) + 1)
    const got = slots.filter(slot => (counts.get(slot) ?? 0) < limits.perMemberMinute)
    this.#sends.push({ at: now, slots: got, agentId })
    return { got, dropped: slots.filter(slot => !got.includes(slot)) }
  }

  clear(): void {
    this.#chats.clear()
    this.#creates = []
    this.#changes = []
    this.#sends = []
  }
}

function within(times: readonly number[], since: number, atMost: number): number[] {
  const recent = times.filter(at => at > since)
  if (recent.length >= atMost) throw new WecomError(45009)
  return recent
}
