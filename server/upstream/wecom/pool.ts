import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { CorpGate } from './gate.ts'

/** Connections and corp gates that all clients of a process share. */
export interface WecomPool {
  readonly dispatcher: Dispatcher
  /** The gate of a corp at one upstream; the concurrency given last wins. */
  gate(origin: string, corpId: string, concurrency?: number): CorpGate
  /** Lets running requests end, then closes every connection. */
  close(): Promise<void>
}

/** WeCom refuses hundreds at once (45033, which halves this): far from it, and a sync never waits for a few slow ones. */
const DEFAULT_CONCURRENCY = 16

/**
 * One keep-alive pool per upstream host.
 * @param options.proxyUrl outgoing HTTP proxy, for WeCom accepts calls from fixed addresses only (errcode 60020)
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
