import type { LookupFunction } from 'node:net'
import { describeError, type Log } from '../operation/log.ts'
import type { Asker } from './name-look-ups.ts'
import { OutboundLater, type OutboundPolicy, OutboundRefused, OutboundUntold } from './outbound-policy.ts'

/** For whom a call is made, and how long all of it may take. */
export type Errand = { asker: Asker; timeoutMs: number; signal?: AbortSignal }

export type ErrandOptions = {
  log?: Pick<Log, 'info'>
  /** An upper bound on the time of every call, in ms. */
  callMs?: number
}

/**
 * A call under way. `isUntold`: the caller must not learn what becomes of it. `entersInner`: hosts in our own network may be
 * called; where they may not, the time of a failure reveals nothing.
 */
export type Trip = {
  signal: AbortSignal
  entersInner: boolean
  isUntold: boolean
  /** Finds out where an address leads. Throws what `place` throws. */
  to(url: string): Promise<Target>
}
type Target = { url: URL; host: string }

export type Errands = {
  /**
   * Makes the calls of an errand. Any failure at a host that is not known to be public becomes OutboundUntold, and is reported
   * only when all of the errand's time is over. Without `entersInner`, hosts in our own network are refused with the same
   * error, at once.
   */
  travel<T>(url: string, errand: Errand, work: (trip: Trip) => Promise<T>, entersInner?: boolean): Promise<T>
  lookup: LookupFunction
  /** Whether a connection to this host has led into our own network. */
  hasLedInside(host: string): boolean
  /** The time that a call has. */
  within(timeoutMs: number): number
}

export function createErrands(policy: OutboundPolicy, options: ErrandOptions): Errands {
  const { lookup, hasLedInside } = watchedLookup(policy)
  const within = (timeoutMs: number) => Math.min(timeoutMs, options.callMs ?? timeoutMs)

  async function goTo(trip: Trip, asker: Asker, text: string): Promise<Target> {
    const url = readUrl(text)
    const host = hostOf(url)
    const wasUntold = trip.isUntold
    trip.isUntold ||= !policy.isOpen(host)
    const { isInner } = await policy.place(host, asker)
    trip.isUntold = wasUntold || isInner
    if (isInner && !trip.entersInner) throw new OutboundUntold(host, 'in the internal network')
    return { url, host }
  }

  async function travel<T>(
    url: string,
    errand: Errand,
    work: (trip: Trip) => Promise<T>,
    entersInner = true,
  ): Promise<T> {
    const { asker, timeoutMs } = errand
    const first = hostOf(readUrl(url))
    const end = AbortSignal.timeout(within(timeoutMs))
    const signal = errand.signal ? AbortSignal.any([errand.signal, end]) : end
    const trip: Trip = { signal, entersInner, isUntold: false, to: text => goTo(trip, asker, text) }
    try {
      return await Promise.race([work(trip), endOf(signal)])
    } catch (error) {
      errand.signal?.throwIfAborted()
      // A connection may be older than the look-up, and lead elsewhere.
      if (error instanceof OutboundLater || !(trip.isUntold || hasLedInside(first))) throw error
      const cause = error instanceof OutboundUntold ? error.cause : error
      options.log?.info({ host: first, ...describeError(cause) }, 'outgoing call failed')
      if (entersInner) await endOf(signal).catch(() => undefined)
      errand.signal?.throwIfAborted()
      throw new OutboundUntold(first, cause)
    }
  }

  return { travel, lookup, hasLedInside, within }
}

const insideAtMost = 10_000

/** The policy's look-up, which remembers the hosts that led inside: connections outlive the call that opened them. */
function watchedLookup({ isInner, lookup }: OutboundPolicy): Pick<Errands, 'lookup' | 'hasLedInside'> {
  const inside = new Set<string>()
  function remember(host: string) {
    inside.delete(host)
    inside.add(host)
    const [oldest] = inside
    // Somebody who always names another host must not fill the memory.
    if (inside.size > insideAtMost && oldest !== undefined) inside.delete(oldest)
  }
  return {
    hasLedInside: host => inside.has(host),
    lookup: (host, options, done) =>
      lookup(host, options, (error, found, family) => {
        const addresses = typeof found === 'string' ? [found] : found.map(one => one.address)
        if (!error && isInner(host, addresses)) remember(host)
        done(error, found, family)
      }),
  }
}

/** Rejects when the time of a call is over. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => reject(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new OutboundRefused({ zh: `${text} 不是 http(s) 地址`, en: `${text} is not an http(s) address` })
  return url
}
