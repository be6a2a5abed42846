import { WecomError, WecomUnavailable } from './errors.ts'
import { type Answer, exchange } from './exchange.ts'
import type { WecomPool } from './pool.ts'
import { checkShape } from './shapes.ts'

/** An access token of one secret; `expiresAt` in milliseconds since the epoch. */
export interface StoredToken {
  token: string
  expiresAt: number
}

/** Where all nodes keep the token of one secret. */
export interface TokenStore {
  read(): Promise<StoredToken | undefined>
  /**
   * Runs `work` while no other node does, with the token as it stands once the lock is held. When `work` throws, the
   * stored token is as before.
   */
  withLock<T>(
    work: (current: StoredToken | undefined, write: (token: StoredToken) => Promise<void>) => Promise<T>,
  ): Promise<T>
}

export interface TokenSource {
  /** A token that should be good: refreshed before it expires, one read or fetch however many ask at once. */
  get(): Promise<string>
  /** A token newer than the one WeCom refused (40014, 42001, 40001). */
  renew(failedToken: string): Promise<string>
}

export interface TokenSourceOptions {
  store: TokenStore
  fetchToken: () => Promise<StoredToken>
  /** Milliseconds since the epoch. */
  now: () => number
  refreshAheadMs?: number
}

/**
 * After an early refresh that failed or brought the same old token, the valid one serves this long before the next try:
 * WeCom answers a repeated gettoken with the same token until it is over (upstream.md §1).
 */
const NEXT_TRY_MS = 30_000
/** How long WeCom's insistence on a token that it refuses elsewhere is believed before it is asked again. */
const INSISTENCE_MS = 5_000

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, fetchToken, now, refreshAheadMs = 300_000 } = options
  let held: StoredToken | undefined
  let nextTryAt = 0
  let insisted: { token: string; until: number } | undefined
  let loading: Promise<string> | undefined
  const renewing = new Map<string, Promise<string>>()
  const isFresh = (token: StoredToken) => now() < token.expiresAt - refreshAheadMs
  const isValid = (token: StoredToken) => now() < token.expiresAt

  async function load(): Promise<string> {
    const stored = await store.read()
    if (stored !== undefined && isValid(stored)) held = stored
    if (held !== undefined && isFresh(held)) return held.token
    try {
      held = await store.withLock(async (current, write) => {
        if (current !== undefined && isFresh(current)) return current
        const fetched = await fetchToken()
        await write(fetched)
        return fetched
      })
      if (!isFresh(held)) nextTryAt = now() + NEXT_TRY_MS
    } catch (error) {
      if (held === undefined || !isValid(held)) throw error
      nextTryAt = now() + NEXT_TRY_MS
    }
    return held.token
  }

  async function replace(failedToken: string): Promise<string> {
    const got = await store.withLock(async (current, write) => {
      if (current !== undefined && current.token !== failedToken && isValid(current)) return current
      const fetched = await fetchToken()
      await write(fetched)
      return fetched
    })
    held = got
    insisted = got.token === failedToken ? { token: got.token, until: now() + INSISTENCE_MS } : undefined
    return got.token
  }

  return {
    async get() {
      if (held !== undefined && (isFresh(held) || (isValid(held) && now() < nextTryAt))) return held.token
      loading ??= load().finally(() => {
        loading = undefined
      })
      return loading
    },
    async renew(failedToken) {
      if (held !== undefined && held.token !== failedToken && isValid(held)) return held.token
      if (insisted?.token === failedToken && now() < insisted.until) return failedToken
      let flight = renewing.get(failedToken)
      if (flight === undefined) {
        flight = replace(failedToken).finally(() => renewing.delete(failedToken))
        renewing.set(failedToken, flight)
      }
      return flight
    },
  }
}

/** A store for one process: tests, and the doctor that tries a secret before it is saved. */
export function memoryTokenStore(): TokenStore {
  let stored: StoredToken | undefined
  let tail: Promise<unknown> = Promise.resolve()
  return {
    read: async () => stored,
    withLock(work) {
      const turn = tail.then(() =>
        work(stored, async token => {
          stored = token
        }),
      )
      tail = turn.catch(() => undefined)
      return turn
    },
  }
}

export interface FetchTokenOptions {
  pool: WecomPool
  baseUrl: string
  corpId: string
  secret: string
  timeoutMs?: number
  now?: () => number
  signal?: AbortSignal
  onCall?: (call: { path: string; errcode: number | 'network'; ms: number }) => void
}

/**
 * Asks WeCom for a token once (`gettoken`, upstream.md §1); repeating is the caller's business.
 * @throws WecomError (40001, 40013, 60020, …), WecomUnavailable
 */
export async function fetchToken(options: FetchTokenOptions): Promise<StoredToken> {
  const { pool, corpId, secret, now = Date.now } = options
  const path = '/cgi-bin/gettoken'
  const started = performance.now()
  const report = (errcode: number | 'network') =>
    options.onCall?.({ path, errcode, ms: performance.now() - started })
  // Counted from before the request, so that a slow answer never makes the token look younger than it is.
  const askedAt = now()
  let answer: Answer
  try {
    answer = await exchange({
      dispatcher: pool.dispatcher,
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      path,
      query: { corpid: corpId, corpsecret: secret },
      timeoutMs: options.timeoutMs ?? 15_000,
      signal: options.signal,
    })
  } catch (error) {
    if (error instanceof WecomUnavailable) report('network')
    throw error
  }
  report(answer.errcode)
  if (answer.errcode !== 0) throw new WecomError(answer.errcode, answer.errmsg, path, [secret])
  const { access_token, expires_in } = checkShape('gettoken', path, answer)
  return { token: access_token, expiresAt: askedAt + expires_in * 1000 }
}
