import { setTimeout as delay } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { describeError, type Log } from '../operation/log.ts'
import type { Db } from './db.ts'

/** Change signals between nodes: PostgreSQL's LISTEN and NOTIFY. */
export type Bus = {
  /**
   * Calls back with each payload. After a lost connection signals may have been missed: then `onGap` is called and
   * must bring the listener up to date; what it answers resolves when that is done.
   */
  listen(channel: Channel, onSignal: OnSignal, onGap: OnGap): Promise<void>
  /** One watcher is told whenever the database is lost and when it is back. */
  watch(watcher: Watcher): void
  close(): Promise<void>
}

type OnSignal = (payload: string) => void
type OnGap = () => unknown

export type Watcher = {
  /** Nothing was heard for `silentMs`; called again with each attempt to connect that fails. */
  onLost(silentMs: number): void
  /** PostgreSQL is heard again, and every listener is up to date. */
  onCaughtUp(): void
}

export type Channel = 'wisp_directory' | 'wisp_config' | 'wisp_queue' | 'wisp_session' | 'wisp_workbench'

/** Sent when the transaction commits. */
export async function signal(db: Db, channel: Channel, payload: string): Promise<void> {
  await sql`select ${notify(channel, payload)}`.execute(db)
}

/** The same as a part of a statement: once for each of its rows. */
export function notify(channel: Channel, payload: string): RawBuilder<unknown> {
  return sql`pg_notify(${channel}, ${payload})`
}

const againMs = 300
const againAtMostMs = 5000

/**
 * Brings something up to date when it is called, and again until that works: a signal comes once, and the database may be
 * away just then. Calls while it is at it become one more turn. The answer resolves when all is up to date or the process
 * stops; it never rejects.
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
 * LISTEN on a connection of its own, with a heartbeat that PostgreSQL answers: a connection can go silent without a reset.
 * After 3 s without an answer it is given up and made anew. `onSilence` is called when nobody answers, on it or on a new one: other
 * connections are then not to be trusted either.
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

  /** Signals were missed: nothing that memory holds is known to be right before all listeners have read anew. */
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
        // Three attempts a second would fill the log.
        log[failures++ === 0 ? 'warn' : 'debug'](describeError(error), 'signal connection not restored')
        // Where the server itself refuses, connections that are open may well work.
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
 * Asks every second. The third turn without an answer ends the connection, which its `end` event tells. Turns are counted and
 * not the clock read: while the process itself stands still no turn comes, and nobody is at fault.
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
      // Either the connection has ended, or no answer counts as none.
      () => undefined,
    )
  }, beatMs)
  client.once('end', () => clearInterval(asking))
}

/** Says goodbye, for as long as somebody listens. */
async function letGo(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), delay(letGoMs)])
  cut(client)
}

/** Ends the connection on this side, whatever has become of the other. */
function cut(client: pg.Client): void {
  client.connection.stream.destroy()
}
