import { setTimeout as delay } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { describeError, type Log } from '../operation/log.ts'
import type { Db } from './db.ts'

/** Signals changes between nodes with PostgreSQL's LISTEN and NOTIFY. */
export type Bus = {
  /**
   * Calls `onSignal` with each payload. Signals may be missed while the connection is lost; `onGap` is then called to
   * bring the listener up to date, and its promise must resolve when that is done.
   */
  listen(channel: Channel, onSignal: OnSignal, onGap: OnGap): Promise<void>
  /** Sets the single watcher, which is told when the database is lost and when it is back. */
  watch(watcher: Watcher): void
  close(): Promise<void>
}

type OnSignal = (payload: string) => void
type OnGap = () => unknown

export type Watcher = {
  /** Nothing was heard for `silentMs`. It is called again after each failed attempt to reconnect. */
  onLost(silentMs: number): void
  /** PostgreSQL answers again and every listener is up to date. */
  onCaughtUp(): void
}

export type Channel =
  | 'wisp_directory'
  | 'wisp_event'
  | 'wisp_config'
  | 'wisp_conversation'
  | 'wisp_message'
  | 'wisp_official'
  | 'wisp_queue'
  | 'wisp_session'
  | 'wisp_workbench'

/** The signal is sent when the transaction commits. */
export async function signal(db: Db, channel: Channel, payload: string): Promise<void> {
  await sql`select ${notify(channel, payload)}`.execute(db)
}

/** `signal` as part of a larger statement; it is sent once for each of the statement's rows. */
export function notify(channel: Channel, payload: string | RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`pg_notify(${channel}, ${payload})`
}

const againMs = 300
const againAtMostMs = 5000

/**
 * Returns a function that brings something up to date and retries until that works, because a signal comes only once and
 * the database may be away just then. Calls during a turn are served by one more turn. The returned promise resolves when
 * all is up to date or the process stops; it never rejects.
 */
export function persistently(
  bringUpToDate: () => Promise<void>,
  options: { stopping: AbortSignal; onFailure: (error: unknown) => void },
): () => Promise<void> {
  const { stopping, onFailure } = options
  let isWanted = false
  let isAtIt = false
  let working = Promise.resolve()

  async function work() {
    isAtIt = true
    for (let waitMs = againMs; isWanted && !stopping.aborted; ) {
      isWanted = false
      try {
        await bringUpToDate()
        waitMs = againMs
      } catch (error) {
        if (stopping.aborted) break
        onFailure(error)
        isWanted = true
        await delay(waitMs, undefined, { ref: false })
        waitMs = Math.min(waitMs * 2, againAtMostMs)
      }
    }
    isAtIt = false
  }

  return () => {
    isWanted = true
    if (!isAtIt) working = work()
    return working
  }
}

const reconnectMs = 300
const beatMs = 1000
const connectWithinMs = 3000
const letGoMs = 1000

/**
 * Listens on a connection of its own, with a heartbeat that PostgreSQL answers, because a connection can go silent
 * without a reset. After 3 s without an answer the connection is replaced. `onSilence` is called when the old or a new
 * connection gets no answer: other connections cannot be trusted then either.
 */
export function createPostgresBus(url: string, log: Log, onSilence: () => void = () => {}): Bus {
  const listeners = new Map<Channel, { onSignal: OnSignal; onGap: OnGap }>()
  let watcher: Watcher = { onLost: () => {}, onCaughtUp: () => {} }
  let client: pg.Client | undefined
  let connecting: Promise<void> | undefined
  let heardAt = performance.now()
  let failures = 0
  let closed = false

  async function connect(isReconnect: boolean) {
    const next = newClient(url)
    next.on('notification', ({ channel, payload = '' }) => {
      listeners.get(channel as Channel)?.onSignal(payload)
    })
    next.on('error', error => log.warn({ error: error.message }, 'signal connection lost'))
    next.on('end', () => {
      if (client === next) reconnect()
    })
    try {
      await next.connect()
      heardAt = performance.now()
      keepAsking(next, () => (heardAt = performance.now()), onSilence)
      for (const channel of listeners.keys()) await next.query(`listen ${channel}`)
    } catch (error) {
      cut(next)
      throw error
    }
    if (closed) return letGo(next)
    client = next
    failures = 0
    if (isReconnect) void catchUp(next)
  }

  /** Signals were missed, so memory may be out of date until every listener has read again. */
  async function catchUp(current: pg.Client) {
    try {
      await Promise.all([...listeners.values()].map(listener => listener.onGap()))
    } catch (error) {
      log.error(describeError(error), 'not brought up to date after a gap')
      return cut(current)
    }
    if (client !== current) return
    log.info('signal connection restored')
    watcher.onCaughtUp()
  }

  function reconnect() {
    client = undefined
    if (closed) return
    watcher.onLost(performance.now() - heardAt)
    connecting = delay(reconnectMs, undefined, { ref: false })
      .then(() => (closed ? undefined : connect(true)))
      .catch(error => {
        // At three attempts a second, warnings would fill the log.
        log[failures++ === 0 ? 'warn' : 'debug'](describeError(error), 'signal connection not restored')
        // If the server itself refuses the connection, connections that are already open may still work.
        if (!(error instanceof pg.DatabaseError)) onSilence()
        reconnect()
      })
  }

  return {
    async listen(channel, onSignal, onGap) {
      listeners.set(channel, { onSignal, onGap })
      if (!client) {
        connecting ??= connect(false)
        await connecting
      }
      await client?.query(`listen ${channel}`)
    },
    watch(given) {
      watcher = given
    },
    async close() {
      closed = true
      const open = client
      client = undefined
      if (open) await letGo(open)
    },
  }
}

function newClient(url: string): pg.Client {
  return new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: connectWithinMs,
    application_name: 'wisp signals',
  })
}

/**
 * Sends a query every second. The third turn without an answer ends the connection, which then emits `end`. Turns are
 * counted instead of reading the clock, so that a pause of this process is not mistaken for silence.
 */
function keepAsking(client: pg.Client, onHeard: () => void, onSilence: () => void): void {
  let overdue = 0
  let isAnswered = true
  const asking = setInterval(() => {
    if (!isAnswered) {
      if (++overdue < 2) return
      clearInterval(asking)
      cut(client)
      return onSilence()
    }
    isAnswered = false
    overdue = 0
    client.query('select 1').then(
      () => {
        isAnswered = true
        onHeard()
      },
      // Either the connection has ended, or the error is treated like a missing answer.
      () => undefined,
    )
  }, beatMs)
  client.once('end', () => clearInterval(asking))
}

/** Closes the connection politely, but waits only a limited time for the other side. */
async function letGo(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), delay(letGoMs)])
  cut(client)
}

/** Closes this end of the connection, whatever state the other end is in. */
function cut(client: pg.Client): void {
  client.connection.stream.destroy()
}
