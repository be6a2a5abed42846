import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from './db.ts'
import { describeError, type Log } from './log.ts'

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
  await sql`select pg_notify(${channel}, ${payload})`.execute(db)
}

export function createEmbeddedBus(pglite: PGlite): Bus {
  return {
    async listen(channel, onSignal) {
      await pglite.listen(channel, onSignal)
    },
    close: async () => {},
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
