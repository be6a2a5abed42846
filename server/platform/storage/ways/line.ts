/**
 * Only LISTEN, migrations and dumps keep state in a connection. They use `WISP_DATABASE_DIRECT_URL` (`ctx.direct`, the bus),
 * because a pooler lends another connection for each transaction. For the same reason settings are `set local`, advisory locks
 * belong to a transaction, and statements have names (kept-plans.ts) only where no pooler is. Each way to the database has a heartbeat, which asks which server
 * answers. Both ways must lead to the same server, which is not in recovery and not older than the last promotion that was seen
 * (server-identity.ts); until then nothing is written. A start that gets no signal through the pool is refused (hearing.ts).
 */

import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { describeError, type Log } from '../../operation/log.ts'
import { cut, letGo, newClient } from './clients.ts'
import { keepAsking } from './heartbeat.ts'
import type { ServerIdentity } from './server-identity.ts'
import type { DatabaseWay } from './way.ts'

/** A connection of its own with a heartbeat, which is replaced when it ends or goes silent. */
export type DatabaseLine = {
  /** Connects for the first time; throws when that fails. */
  open(): Promise<void>
  /** Goes on trying after an `open` that failed. */
  persist(): void
  client(): pg.Client | undefined
  close(): Promise<void>
}

export type LineOptions = {
  way: DatabaseWay
  /** As PostgreSQL shows the connection. */
  name: string
  /** As the log calls it. */
  what: string
  log: Log
  /** Sees each connection before it is opened. */
  onNew?(client: pg.Client): void
  /** Ends before the connection counts as open. */
  prepare?(client: pg.Client): Promise<void>
  /** Who answered. */
  onHeard(server: ServerIdentity): void
  /** The connection was replaced by this one. */
  onRestored?(client: pg.Client): void
  /** An old or a new connection gets no answer. */
  onSilence(): void
  /** It is called again after each failed attempt to reconnect. */
  onLost(silentMs: number, why: string | undefined): void
}

const reconnectMs = 300

const plain = (error: Error) => error.message.replace(/^the database does not answer: /, '')

export function createLine(options: LineOptions): DatabaseLine {
  const { way, name, what, log, onSilence } = options
  let client: pg.Client | undefined
  let heardAt = performance.now()
  let failures = 0
  let closed = false
  let why: string | undefined

  function heard(server: ServerIdentity) {
    heardAt = performance.now()
    options.onHeard(server)
  }

  async function connect() {
    await way.find()
    const next = newClient(way, name)
    options.onNew?.(next)
    next.on('error', error => log.warn({ error: error.message }, `${what} lost`))
    next.on('end', () => {
      if (client === next) reconnect()
    })
    try {
      await next.connect()
      keepAsking(next, way, { onHeard: heard, onSilence: silent })
      // A paused pooler lets in whom it answers nothing.
      heard(await way.check(next))
      await options.prepare?.(next)
    } catch (error) {
      cut(next)
      throw error
    }
    if (closed) return letGo(next)
    client = next
    failures = 0
    why = undefined
  }

  function silent(error: Error | undefined) {
    why = error ? plain(error) : 'no answer'
    if (error) log.warn(describeError(error), `${what} given up`)
    onSilence()
  }

  async function connectAgain() {
    if (closed) return
    await connect()
    if (client) options.onRestored?.(client)
  }

  function reconnect() {
    client = undefined
    if (closed) return
    way.doubt()
    options.onLost(performance.now() - heardAt, why)
    void delay(reconnectMs, undefined, { ref: false })
      .then(connectAgain)
      .catch(error => {
        // At three attempts a second, warnings would fill the log.
        log[failures++ === 0 ? 'warn' : 'debug'](describeError(error), `${what} not restored`)
        // If the server itself refuses the connection, connections that are already open may still work.
        if (!(error instanceof pg.DatabaseError)) onSilence()
        why = plain(error as Error)
        reconnect()
      })
  }

  return {
    open: connect,
    persist: reconnect,
    client: () => client,
    async close() {
      closed = true
      const open = client
      client = undefined
      if (open) await letGo(open)
    },
  }
}
