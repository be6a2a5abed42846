import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { CorpGate } from './gate.ts'

/** The connections and corp gates that all clients of a process share. */
export interface WecomPool {
  readonly dispatcher: Dispatcher
  /** The gate for a corp at one upstream; the most recent concurrency applies. */
  gate(origin: string, corpId: string, concurrency?: number): CorpGate
  /** Waits for running requests, then closes every connection. */
  close(): Promise<void>
}

/**
 * Enough that a sync never waits for a few slow calls, and far below the hundreds at once that WeCom refuses with 45033,
 * which halves the concurrency.
 */
const DEFAULT_CONCURRENCY = 16

/**
 * Creates one keep-alive pool per upstream host.
 * @param options.proxyUrl outgoing HTTP proxy, needed because WeCom accepts calls only from fixed addresses (errcode 60020)
 * @param options.connections sockets per host, default 256
 */
export function createWecomPool(options: { proxyUrl?: string; connections?: number } = {}): WecomPool {
  const settings = {
    connections: options.connections ?? 256,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 300_000,
    connect: { timeout: 10_000 },
  }
  const dispatcher =
    options.proxyUrl === undefined
      ? new Agent(settings)
      : new ProxyAgent({ ...settings, uri: options.proxyUrl })
  const gates = new Map<string, CorpGate>()
  return {
    dispatcher,
    gate(origin, corpId, concurrency) {
      const key = `${origin} ${corpId}`
      let gate = gates.get(key)
      if (gate === undefined) {
        gate = new CorpGate(concurrency ?? DEFAULT_CONCURRENCY)
        gates.set(key, gate)
      } else if (concurrency !== undefined) {
        gate.ceiling = concurrency
      }
      return gate
    },
    close: () => dispatcher.close(),
  }
}
