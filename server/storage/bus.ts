import { setTimeout as delay } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { describeError, type Log } from '../operation/log.ts'
import type { Db } from './db.ts'

/** Change signals between nodes: PostgreSQL's LISTEN and NOTIFY. */
export type Bus = {
  /**
   * Calls back with each payload. After a lost connection signals may have been missed: then `onGap` is called and
   * must bring the listener up to date.
   */
  listen(channel: Channel, onSignal: (payload: string) => void, onGap: () => void): Promise<void>
  close(): Promise<void>
}

export type Channel =
  | 'wisp_directory'
  | 'wisp_config'
  | 'wisp_inbox'
  | 'wisp_sync'
  | 'wisp_session'
  | 'wisp_workbench'

/** Sent when the transaction commits. */
export async function signal(db: Db, channel: Channel, payload: string): Promise<void> {
  await sql`select ${notify(channel, payload)}`.execute(db)
}

/** The same as a part of a statement: once for each of its rows. */
export function notify(channel: Channel, payload: string): RawBuilder<unknown> {
  return sql`pg_notify(${channel}, ${payload})`
}

export function createEmbeddedBus(pglite: PGlite): Bus {
  return {
    async listen(channel, onSignal) {
      await pglite.listen(channel, onSignal)
    },
    close: async () => {},
  }
}

const againMs = 300
const againAtMostMs = 5000

/**
 * Brings something up to date when it is called, and again until that works: a signal comes once, and the database may be
 * away just then. Calls while it is at it become one more turn.
 */
export function persistently(
  bringUpToDate: () => Promise<void>,
  options: { stopping: AbortSignal; onFailure: (error: unknown) => void },
): () => void {
  const { stopping, onFailure } = options
  let isWanted = false
  let isAtIt = false

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
    if (!isAtIt) void work()
  }
}

const reconnectMs = 300

export function createPostgresBus(url: string, log: Log): Bus {
  const listeners = new Map<Channel, { onSignal: (payload: string) => void; onGap: () => void }>()
  let client: pg.Client | undefined
  let connecting: Promise<void> | undefined
  let closed = false

  async function connect(isReconnect: boolean) {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'wisp signals' })
    next.on('notification', message => {
      listeners.get(message.channel as Channel)?.onSignal(message.payload ?? '')
    })
    next.on('error', error => log.warn({ error: error.message }, 'signal connection lost'))
    next.on('end', () => {
      if (client === next) reconnect()
    })
    try {
      await next.connect()
      for (const channel of listeners.keys()) await next.query(`listen ${channel}`)
    } catch (error) {
      await next.end().catch(() => undefined)
      throw error
    }
    if (closed) return next.end()
    client = next
    if (isReconnect) for (const listener of listeners.values()) listener.onGap()
  }

  function reconnect() {
    client = undefined
    if (closed) return
    connecting = new Promise<void>(resolve => setTimeout(resolve, reconnectMs))
      .then(() => (closed ? undefined : connect(true)))
      .catch(error => {
        log.warn(describeError(error), 'signal connection not restored')
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
    async close() {
      closed = true
      const open = client
      client = undefined
      await open?.end()
    },
  }
}
