import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { Allowance } from './pace/allowance.ts'
import { Throttle } from './throttle.ts'

/** The connections and throttles that all clients of a process share. */
export interface UpstreamPool {
  readonly dispatcher: Dispatcher
  /** Waits until one more call of this path may leave this address. Absent where nobody counts. */
  readonly allowance?: Allowance
  /** That of a corp or an account at one upstream; the most recent concurrency applies. */
  throttle(origin: string, corpId: string, concurrency?: number): Throttle
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
export function createUpstreamPool(
  options: { proxyUrl?: string; connections?: number; allowance?: Allowance } = {},
): UpstreamPool {
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
  const throttles = new Map<string, Throttle>()
  return {
    dispatcher,
    ...(options.allowance && { allowance: options.allowance }),
    throttle(origin, corpId, concurrency) {
      const key = `${origin} ${corpId}`
      let throttle = throttles.get(key)
      if (throttle === undefined) {
        throttle = new Throttle(concurrency ?? DEFAULT_CONCURRENCY)
        throttles.set(key, throttle)
      } else if (concurrency !== undefined) {
        throttle.ceiling = concurrency
      }
      return throttle
    },
    close: () => dispatcher.close(),
  }
}
