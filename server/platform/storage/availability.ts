/**
 * Memory counts for 30 s without the database. The bus asks over its listening connection every second. After 3 s without an
 * answer it gives up that connection and the pool's, connects again, and has every listener read again what it keeps (`onGap`).
 * The database counts as back only when all listeners are done. Until then this file measures. After 30 s the gates
 * (`endpoint`, `page-call`, pushes, sign-in) and `/readyz` answer 503. A right that was taken on another node may be used for
 * that long. The pool turns driver errors of a lost connection into `DatabaseAway`, and no other code does; callers get 503 at
 * once.
 */

export type Watcher = {
  /** Nothing was heard for `silentMs`. It is called again after each failed attempt to reconnect, with what is known of why. */
  onLost(silentMs: number, why?: string): void
  /** PostgreSQL answers again, on both ways, and every listener is up to date. */
  onCaughtUp(): void
}

/**
 * How long answers may come from memory while the database is silent; a restart or failover is over by then
 * (docs/interface/authorisation.md#revocation).
 */
export const memoryAnswersMs = 30_000

/**
 * The database does not answer, or has no room: the connection was refused, ended or timed out, a commit did not wait for its standby, or
 * disk, memory or connections are used up. It is unknown whether the statement was carried out, so nobody repeats it who would do it
 * twice (docs/decisions/unknown-outcomes.md). Callers get HTTP 503 with Retry-After.
 */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway'
  constructor(why: string, options?: ErrorOptions) {
    super(`the database does not answer: ${why}`, options)
  }
}

/** Whether the database is reachable, as observed by the node's listening connection. */
export type Availability = {
  /** In ms since the epoch; undefined while the database is reachable and memory is up to date with it. */
  awaySince(): number | undefined
  /** Why, as far as that is known; '' while it is reachable. */
  why(): string
  /** Throws DatabaseAway once the database has been away for longer than memory may answer. */
  check(): void
  /** Sets what is called when the database is back, with when it was lost. */
  onBack(listener: (since: number) => void): void
}

export function createAvailability(bus: { watch(watcher: Watcher): void }, now: () => number): Availability {
  let since: number | undefined
  let reason = ''
  let tellBack: (since: number) => void = () => {}
  bus.watch({
    onLost(silentMs, why = reason) {
      since ??= now() - silentMs
      reason = why
    },
    onCaughtUp() {
      const lostAt = since
      since = undefined
      reason = ''
      if (lostAt !== undefined) tellBack(lostAt)
    },
  })
  return {
    awaySince: () => since,
    why: () => reason,
    check() {
      if (since === undefined) return
      const awayMs = now() - since
      if (awayMs >= memoryAnswersMs)
        throw new DatabaseAway(`nothing heard for ${Math.round(awayMs / 1000)} s${reason && ` (${reason})`}`)
    },
    onBack(listener) {
      tellBack = listener
    },
  }
}

/**
 * SQLSTATE: class 08, class 53 (disk full, out of memory, too many connections), an error of the file system (58030), shutdown and
 * start (57P01 to 57P03), a server that became a replica in a failover (25006). The others are socket errors; ENOENT means that the
 * Unix socket is gone.
 */
const awayCodes =
  /^(08\w{3}|53\w{3}|58030|57P0[1-3]|25006|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOENT)$/

/** Messages of pg and its pool that come without a code. */
const awayTexts =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout)/

/** Only for errors of the database driver, because failed calls to upstreams have the same codes. */
export function asDatabaseAway(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseAway) return error
  const code = 'code' in error ? String(error.code) : ''
  if (!awayCodes.test(code) && !awayTexts.test(error.message)) return error
  return new DatabaseAway(error.message || code, { cause: error })
}
