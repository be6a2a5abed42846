/** A token that an upstream gave for a secret; `expiresAt` in milliseconds since the epoch. */
export interface StoredToken {
  token: string
  expiresAt: number
}

/** Where all nodes keep the token of one secret. */
export interface TokenStore {
  read(): Promise<StoredToken | undefined>
  /**
   * Runs `work` while no other node does, with the token as it stands once the lock is held. When `work` throws, the
   * stored token is as before. `write` answers the token that is stored afterwards: another one when this node took so long
   * that the next one had its turn meanwhile.
   */
  withLock<T>(
    work: (
      current: StoredToken | undefined,
      write: (token: StoredToken) => Promise<StoredToken>,
    ) => Promise<T>,
  ): Promise<T>
}

export interface TokenSource {
  /** A token that should be good: refreshed before it expires, one read or fetch however many ask at once. */
  get(): Promise<string>
  /** A token newer than the one that upstream refused. */
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
/** How long an upstream's insistence on a token that it refuses elsewhere is believed before it is asked again. */
const INSISTENCE_MS = 5_000

/** One node's view of a token that all nodes share: read once, refreshed ahead of its end by whoever gets the turn. */
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
        return write(await fetchToken())
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
      return write(await fetchToken())
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
          return token
        }),
      )
      tail = turn.catch(() => undefined)
      return turn
    },
  }
}
