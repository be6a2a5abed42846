import { setTimeout as delay } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type pg from 'pg'
import { describeError, type Log } from '../operation/log.ts'
import type { Watcher } from './availability.ts'
import type { Db } from './db.ts'
import { cut } from './ways/clients.ts'
import { createLine } from './ways/line.ts'
import { createPoolHeart } from './ways/pool-heart.ts'
import type { DatabaseWay } from './ways/way.ts'

/** Signals changes between nodes with PostgreSQL's LISTEN and NOTIFY. */
export type Bus = {
  /**
   * Calls `onSignal` with each payload, beside those who listen to the channel already. Signals may be missed while the connection is lost; `onGap` is then called to
   * bring the listener up to date, and its promise must resolve when that is done.
   */
  listen(channel: Channel, onSignal: OnSignal, onGap: OnGap): Promise<void>
  /** Sets the single watcher, which is told when the database is lost and when it is back. */
  watch(watcher: Watcher): void
  /**
   * Asks on the listening connection, which no commit holds up. Undefined while there is none, or when it does not answer.
   */
  ask<Row extends pg.QueryResultRow>(question: string): Promise<Row | undefined>
  close(): Promise<void>
}

type OnSignal = (payload: string) => void
type OnGap = () => unknown

export type Channel =
  | 'wisp_backup'
  | 'wisp_choice'
  | 'wisp_directory'
  | 'wisp_event'
  | 'wisp_group'
  | 'wisp_config'
  | 'wisp_conversation'
  | 'wisp_inbox'
  | 'wisp_ldap'
  | 'wisp_message'
  | 'wisp_needs'
  | 'wisp_node'
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

export type BusOptions = {
  /** Over which PostgreSQL itself is reached: a pooler hears no signals. */
  direct: DatabaseWay
  /** The way of the pool, where it is another one. */
  pooled?: DatabaseWay | undefined
  log: Log
  name?: string
  /** Connections of the pool cannot be trusted any more. */
  onSilence?: () => void
  /** The two ways lead to different servers; undefined when they do no more. */
  onDiffer?: (why: string | undefined) => void
}

/**
 * Listens on a connection of its own, with a heartbeat that PostgreSQL answers, because a connection can go silent
 * without a reset. After 3 s without an answer the connection is replaced. `onSilence` is called when the old or a new
 * connection gets no answer: other connections cannot be trusted then either. Where the pool takes another way, that has a
 * heartbeat of its own, and the database counts as heard only when both are.
 */
export function createPostgresBus(options: BusOptions): Bus {
  const { direct, pooled, log, name = 'wisp signals', onSilence = () => {}, onDiffer = () => {} } = options
  const listeners = new Map<Channel, { onSignal: OnSignal; onGap: OnGap }[]>()
  let watcher: Watcher = { onLost: () => {}, onCaughtUp: () => {} }
  let opening: Promise<void> | undefined
  let isCaughtUp = true

  const line = createLine({
    way: direct,
    name,
    what: 'signal connection',
    log,
    onNew: client =>
      client.on('notification', ({ channel, payload = '' }) => {
        for (const { onSignal } of listeners.get(channel as Channel) ?? []) onSignal(payload)
      }),
    async prepare(client) {
      for (const channel of listeners.keys()) await client.query(`listen ${channel}`)
    },
    onHeard: server => heart?.compare(server),
    onRestored: client => void catchUp(client),
    // The pool's own heart knows about its connections.
    onSilence: () => heart ?? onSilence(),
    onLost(silentMs, why) {
      isCaughtUp = false
      heart?.compare(undefined)
      watcher.onLost(silentMs, why)
    },
  })
  const onLost: Watcher['onLost'] = (silentMs, why) => watcher.onLost(silentMs, why)
  const heart =
    pooled && createPoolHeart({ way: pooled, log, onSilence, onDiffer, onLost, onBack: tellIfBack })

  function tellIfBack() {
    if (isCaughtUp && line.client() && !heart?.isLost()) watcher.onCaughtUp()
  }

  /** Signals were missed, so memory may be out of date until every listener has read again. */
  async function catchUp(current: pg.Client) {
    try {
      await Promise.all([...listeners.values()].flat().map(listener => listener.onGap()))
    } catch (error) {
      log.error(describeError(error), 'not brought up to date after a gap')
      return cut(current)
    }
    if (line.client() !== current) return
    log.info('signal connection restored')
    isCaughtUp = true
    tellIfBack()
  }

  async function open() {
    await line.open()
    heart?.start()
  }

  return {
    async listen(channel, onSignal, onGap) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), { onSignal, onGap }])
      if (!line.client()) {
        opening ??= open()
        await opening
      }
      await line.client()?.query(`listen ${channel}`)
    },
    watch(given) {
      watcher = given
    },
    async ask<Row extends pg.QueryResultRow>(question: string) {
      const answer = await line
        .client()
        ?.query<Row>(question)
        .catch(() => undefined)
      return answer?.rows[0]
    },
    async close() {
      await Promise.all([heart?.close(), line.close()])
    },
  }
}
