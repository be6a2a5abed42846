import { type LookupAddress, lookup } from 'node:dns'
import { Resolver as TextResolver } from 'node:dns/promises'
import { LRUCache } from 'lru-cache'

/** Asks the system (hosts files and search domains included) where a name leads. */
export type Resolver = (
  name: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

/**
 * Who wants to know where a name leads. `slot`: names that developers and administrators of applications entered, or the hosts
 * of mail, SMS and the like that administrators entered. Callers with the same `of` take turns as one, and pause together.
 */
export type Asker = { slot: 'developers' | 'servers'; of: string }

/**
 * `silent`: no name server answered in time. `paused`: an earlier name of this asker was silent, and nothing is looked up for it until
 * `until`. `busy`: too many wait.
 */
export class LookUpRefused extends Error {
  readonly reason: 'silent' | 'paused' | 'busy'
  readonly until: number
  constructor(reason: 'silent' | 'paused' | 'busy', name: string, until = 0) {
    super(`look-up of ${name}: ${reason}`)
    this.reason = reason
    this.until = until
  }
}

export type LookUps = {
  /** Throws LookUpRefused, or the resolver's own error. */
  find(name: string, asker: Asker): Promise<readonly LookupAddress[]>
  /** What was found within the last hour. */
  known(name: string): readonly LookupAddress[] | undefined
}

/** How long somebody waits for an answer, once the look-up has begun. */
const answerWithinMs = 2000
/** How long somebody waits for their turn: as long as the system waits for two silent name servers. */
const waitAtMostMs = 10_000
const waitingAtMost = { each: 50, all: 1000 }
const pauses = { firstMs: 60_000, atMostMs: 3_600_000 }
const askersKept = 10_000
/** Within `freshMs` nothing is asked again; within `usableMs` an answer stands in for one that does not come. */
const answersKept = { freshMs: 60_000, usableMs: 3_600_000, atMost: 10_000 }

export type LookUpOptions = { resolve?: Resolver; now?: () => number; answerWithinMs?: number }

/**
 * getaddrinfo blocks one of libuv's four threads until a name server answers, ten seconds and more for one that is silent, and
 * cannot be broken off. Look-ups of names that people entered therefore take one thread for developers and one for servers, so
 * that two are always free for the vendors and the database. A slot stays taken until the system returns, even if the caller
 * gave up waiting; callers take turns, and one whose name server was silent pauses.
 */
export function createLookUps(options: LookUpOptions = {}): LookUps {
  const { now = Date.now } = options
  const answers = new LRUCache<string, { addresses: readonly LookupAddress[]; at: number }>({
    max: answersKept.atMost,
  })
  const within = (name: string, ms: number) => {
    const kept = answers.get(name)
    return kept && now() - kept.at < ms ? kept.addresses : undefined
  }
  const memory: Memory = {
    fresh: name => within(name, answersKept.freshMs),
    keep: (name, addresses) => answers.set(name, { addresses, at: now() }),
  }
  const own = { resolve: ask, answerWithinMs, ...options, now }
  const slots = { developers: createSlot(own, memory), servers: createSlot(own, memory) }
  const known = (name: string) => within(name.toLowerCase(), answersKept.usableMs)
  return {
    known,
    async find(given, { slot, of }) {
      const name = given.toLowerCase()
      const fresh = memory.fresh(name)
      if (fresh) return fresh
      try {
        return await slots[slot](name, of)
      } catch (error) {
        const old = error instanceof LookUpRefused ? known(name) : undefined
        if (old) return old
        throw error
      }
    },
  }
}

const ask: Resolver = (name, done) => lookup(name, { all: true }, done)

type Memory = {
  fresh(name: string): readonly LookupAddress[] | undefined
  keep(name: string, addresses: readonly LookupAddress[]): void
}
type Waiter = {
  name: string
  of: string
  found(addresses: readonly LookupAddress[]): void
  failed(error: Error): void
}
type LookUp = { name: string; isSilent: boolean; waiting: Waiter[] }

/** One look-up at a time. */
function createSlot(
  { resolve, now, answerWithinMs: withinMs }: Required<LookUpOptions>,
  memory: Memory,
): (name: string, of: string) => Promise<readonly LookupAddress[]> {
  const queues = createQueues()
  const pausing = createPauses(now)
  let running: LookUp | undefined

  function next() {
    while (!running) {
      const one = queues.take()
      if (!one) return
      const known = memory.fresh(one.name)
      if (known) one.found(known)
      else begin(one)
    }
  }

  function begin(first: Waiter) {
    const { name, of } = first
    const own: LookUp = { name, isSilent: false, waiting: [first] }
    running = own
    const patience = setTimeout(() => {
      own.isSilent = true
      const until = pausing.begin(of)
      for (const one of own.waiting.splice(0)) one.failed(new LookUpRefused('silent', name))
      for (const one of queues.drop(of)) one.failed(new LookUpRefused('paused', one.name, until))
    }, withinMs)
    resolve(name, (error, addresses) => {
      clearTimeout(patience)
      running = undefined
      if (!error) memory.keep(name, addresses)
      for (const one of own.waiting) {
        if (error) one.failed(error)
        else one.found(addresses)
      }
      next()
    })
  }

  return (name, of) =>
    new Promise((found, failed) => {
      const one = { name, of, found, failed }
      if (running?.name === name) {
        if (running.isSilent) failed(new LookUpRefused('silent', name))
        else running.waiting.push(one)
        return
      }
      const until = pausing.until(of)
      if (until > now()) failed(new LookUpRefused('paused', name, until))
      else if (queues.put(one)) next()
      else failed(new LookUpRefused('busy', name))
    })
}

/** The callers that wait, in turns: first one of each `of`, then the second of each. Nobody waits for longer than their patience. */
function createQueues() {
  const queues = new Map<string, Waiter[]>()
  const patience = new Map<Waiter, NodeJS.Timeout>()

  function leave(one: Waiter) {
    clearTimeout(patience.get(one))
    patience.delete(one)
  }

  function giveUp(one: Waiter) {
    const left = (queues.get(one.of) ?? []).filter(other => other !== one)
    if (left.length > 0) queues.set(one.of, left)
    else queues.delete(one.of)
    leave(one)
    one.failed(new LookUpRefused('busy', one.name))
  }

  return {
    /** False when there is no room. */
    put(one: Waiter): boolean {
      const own = queues.get(one.of) ?? []
      if (own.length >= waitingAtMost.each || patience.size >= waitingAtMost.all) return false
      own.push(one)
      queues.set(one.of, own)
      patience.set(
        one,
        setTimeout(() => giveUp(one), waitAtMostMs),
      )
      return true
    },
    take(): Waiter | undefined {
      const [turn] = queues
      if (!turn) return undefined
      const [of, own] = turn
      const one = own.shift()
      queues.delete(of)
      if (own.length > 0) queues.set(of, own)
      if (one) leave(one)
      return one
    },
    drop(of: string): Waiter[] {
      const own = queues.get(of) ?? []
      queues.delete(of)
      own.forEach(leave)
      return own
    },
  }
}

/** Pauses of 1, 2, 4 … 60 minutes. They are forgotten when nothing was silent for twice as long as the last one. */
function createPauses(now: () => number) {
  const kept = new LRUCache<string, { until: number; lengthMs: number }>({ max: askersKept })
  return {
    until: (of: string): number => kept.get(of)?.until ?? 0,
    begin(of: string): number {
      const last = kept.get(of)
      const isRecent = last !== undefined && now() < last.until + 2 * last.lengthMs
      const lengthMs = isRecent ? Math.min(2 * last.lengthMs, pauses.atMostMs) : pauses.firstMs
      const until = now() + lengthMs
      kept.set(of, { until, lengthMs })
      return until
    },
  }
}

/** Asks for the TXT records of a name, each in the pieces in which the DNS keeps it. `signal`: nobody waits any more. */
export type AskTexts = (name: string, signal: AbortSignal) => Promise<string[][]>

/** `textsWithinMs`: after how long nobody waits for a name server any more; five seconds. */
export type TextOptions = { askTexts?: AskTexts; textsWithinMs?: number }

/** c-ares takes no thread, unlike the look-ups of addresses, and can be broken off. */
export function createTexts({
  askTexts: ask = askDns,
  textsWithinMs: withinMs = 5000,
}: TextOptions): (name: string) => Promise<string[]> {
  return async name => {
    const over = AbortSignal.timeout(withinMs)
    const { promise: isOver, reject } = Promise.withResolvers<never>()
    const giveUp = () => reject(new Error(`no answer about ${name} within its time`))
    over.addEventListener('abort', giveUp, { once: true })
    try {
      const records = await Promise.race([ask(name, over), isOver])
      return records.map(pieces => pieces.join(''))
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === 'ENOTFOUND' || code === 'ENODATA') return []
      throw error
    } finally {
      over.removeEventListener('abort', giveUp)
    }
  }
}

const askDns: AskTexts = (name, signal) => {
  const resolver = new TextResolver({ timeout: 2000, tries: 2 })
  signal.addEventListener('abort', () => resolver.cancel(), { once: true })
  return resolver.resolveTxt(name)
}
