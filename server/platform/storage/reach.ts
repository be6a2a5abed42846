import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../operation/log.ts'
import { StartError } from '../operation/start-error.ts'
import { asDatabaseAway, DatabaseAway } from './availability.ts'

const connectWithinMs = 5000
const againMs = 1000
const remindMs = 30_000

/** How long a starting node waits for a database that is away; the supervisor then starts it again. */
export const waitForDatabaseMs = 5 * 60_000

/**
 * Connects once to the configured PostgreSQL, so that one sentence says what is wrong with it. While nobody answers there, it
 * tries again for `waitMs`, and logs that. Throws StartError, and DatabaseAway without waiting.
 */
export async function reachDatabase(url: string, log: Log, waitMs: number): Promise<void> {
  const since = performance.now()
  let toldAt = Number.NEGATIVE_INFINITY
  for (;;) {
    const failure = await tryToConnect(url)
    if (!failure) return
    if (!(failure instanceof DatabaseAway)) throw explained(url, failure)
    const waitedMs = performance.now() - since
    if (waitMs === 0) throw failure
    if (waitedMs >= waitMs) throw silent(url, waitMs, failure)
    if (performance.now() - toldAt >= remindMs) {
      toldAt = performance.now()
      log.warn({ database: placeOf(url), error: failure.message }, 'waiting for the database')
    }
    await delay(againMs)
  }
}

async function tryToConnect(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectWithinMs })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return asDatabaseAway(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Host, port and database, without user and password. */
function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url)
  return `${host || searchParams.get('host') || ''}${pathname}`
}

const missingDatabase = '3D000'
const wrongUser = ['28P01', '28000']

function explained(url: string, error: unknown): StartError {
  const place = placeOf(url)
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === missingDatabase)
    return new StartError(
      `PostgreSQL 里没有 WISP_DATABASE_URL 所指的数据库（${place}）：请先建立它，例如 createdb。`,
      `PostgreSQL has no such database as WISP_DATABASE_URL names (${place}): make it first, for example with createdb.`,
    )
  if (wrongUser.includes(code))
    return new StartError(
      `PostgreSQL 不接受 WISP_DATABASE_URL 里的用户名或密码（${place}）：${message}`,
      `PostgreSQL does not take the user or password of WISP_DATABASE_URL (${place}): ${message}`,
    )
  return new StartError(
    `连不上 WISP_DATABASE_URL 所指的数据库（${place}）：${message}`,
    `The database of WISP_DATABASE_URL (${place}) cannot be used: ${message}`,
  )
}

function silent(url: string, waitMs: number, { message }: Error): StartError {
  const [place, seconds] = [placeOf(url), waitMs / 1000]
  return new StartError(
    `等了 ${seconds} 秒，WISP_DATABASE_URL 所指的数据库（${place}）仍然没有应答：${message}`,
    `The database of WISP_DATABASE_URL (${place}) did not answer for ${seconds} s: ${message}`,
  )
}
