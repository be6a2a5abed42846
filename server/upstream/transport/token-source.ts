import { isBackground } from '../../platform/operation/background.ts'
import { growingDelayMs } from '../../platform/queue/growing-delay.ts'
import { NoAnswer } from './no-answer.ts'

/** A token that an upstream issued for a secret; `expiresAt` is in ms since the epoch. */
export interface StoredToken {
  token: string
  expiresAt: number
}

/** Stores the token of one secret for all nodes. */
export interface TokenStore {
  read(): Promise<StoredToken | undefined>
  /**
   * Runs `work` while no other node does, with the token as stored once the lock is held. If `work` throws, the stored
   * token is unchanged. `write` returns the token that is stored afterwards, which is another node's if this one took so
   * long that the other got its turn.
   */
  withLock<T>(
    work: (
      current: StoredToken | undefined,
      write: (token: StoredToken) => Promise<StoredToken>,
    ) => Promise<T>,
  ): Promise<T>
}

export interface TokenSource {
  /**
   * A token expected to be valid. It is refreshed before it expires, with one read or fetch however many callers ask at
   * once.
   */
  get(): Promise<string>
  /** A newer token than the one that the upstream rejected. */
  renew(failedToken: string): Promise<string>
}

export interface TokenSourceOptions {
  store: TokenStore
  fetchToken: () => Promise<StoredToken>
  /** In ms since the epoch. */
  now: () => number
  refreshAheadMs?: number
}

/**
 * After an early refresh that failed or returned the same token, the old one is used for this long before the next try,
 * because WeCom answers gettoken with the same token until it has expired (docs/upstream/wecom-calls.md#access-tokens). Twice as
 * long after each failure, up to an hour, and between half and all of it, so that the tokens of many corps are not asked for at
 * once.
 */
const NEXT_TRY_MS = 30_000
const LONGEST_TRY_MS = 3_600_000
/**
 * Without a token, what nobody waits for gets the last failure again for so long, instead of a question and a turn in the database for each
 * call. Only a failure without an answer: a refusal may be put right at any moment.
 */
const SILENT_MS = { first: 2_500, longest: 60_000 }
/** If the upstream issues the very token that it has just rejected, that token is kept for this long before asking again. */
const INSISTENCE_MS = 5_000

/** One node's view of a token shared by all nodes: read once, and refreshed early by the node that gets the turn. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, fetchToken, now, refreshAheadMs = 300_000 } = options
  let held: StoredToken | undefined
  let nextTryAt = 0
  let failures = 0
  let silence: { error: NoAnswer; until: number } | undefined
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
      failures = 0
      silence = undefined
      if (!isFresh(held)) nextTryAt = now() + NEXT_TRY_MS
    } catch (error) {
      if (held === undefined || !isValid(held)) {
        const waitMs = growingDelayMs(failures++, SILENT_MS) * (0.5 + Math.random() / 2)
        if (error instanceof NoAnswer) silence = { error, until: now() + waitMs }
        throw error
      }
      const full = Math.min(NEXT_TRY_MS * 2 ** failures++, LONGEST_TRY_MS)
      nextTryAt = now() + full * (0.5 + Math.random() / 2)
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
      if (silence && now() < silence.until && isBackground()) throw silence.error
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

/** A store for a single process, for tests and for the doctor, which tries a secret before it is saved. */
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
