import { setTimeout as delay } from 'node:timers/promises'
import { placeOf } from '../../database-addresses.ts'
import type { Log } from '../../operation/log.ts'
import { StartError } from '../../operation/start-error.ts'
import { asDatabaseAway, DatabaseAway } from '../availability.ts'
import { askWithinMs, letGo, newClient } from './clients.ts'
import { refuseDeaf } from './hearing.ts'
import type { DatabaseWay, Ways } from './way.ts'

const againMs = 1000
const remindMs = 30_000

/** How long a starting node waits for a database that is away; the supervisor then starts it again. */
export const waitForDatabaseMs = 5 * 60_000

/**
 * Connects once to the configured PostgreSQL on each way, so that one sentence says what is wrong with it. While nobody answers there,
 * it tries again for `waitMs`, and logs that. Throws StartError, and DatabaseAway without waiting.
 */
export async function reachDatabase(ways: Ways, log: Log, waitMs: number): Promise<void> {
  const since = performance.now()
  let toldAt = Number.NEGATIVE_INFINITY
  for (;;) {
    const failure = await tryWays(ways)
    if (!failure) return
    const { name, url, error } = failure
    if (error instanceof StartError) throw error
    if (!(error instanceof DatabaseAway) || isMisconfigured(error)) throw explained(name, url, error)
    const waitedMs = performance.now() - since
    if (waitMs === 0) throw error
    if (waitedMs >= waitMs) throw silent(name, url, waitMs, error)
    if (performance.now() - toldAt >= remindMs) {
      toldAt = performance.now()
      log.warn({ database: placeOf(url), error: error.message }, 'waiting for the database')
    }
    await delay(againMs)
  }
}

type Failure = { name: string; url: string; error: unknown }

const urlName = 'WISP_DATABASE_URL'
const directName = 'WISP_DATABASE_DIRECT_URL'

async function tryWays({ pooled, direct }: Ways): Promise<Failure | undefined> {
  const named: [string, DatabaseWay][] = [[urlName, pooled]]
  if (direct !== pooled) named.push([directName, direct])
  for (const [name, way] of named) {
    const error = await tryToConnect(way)
    if (error) return { name, url: way.url, error }
  }
  const error = await refuseDeaf(direct, pooled).catch((error: unknown) => error)
  return error ? { name: urlName, url: pooled.url, error } : undefined
}

async function tryToConnect(way: DatabaseWay): Promise<unknown> {
  try {
    await way.find()
  } catch (error) {
    return error
  }
  const client = newClient(way, 'wisp reaches', askWithinMs)
  client.on('error', () => undefined)
  try {
    await client.connect()
    await way.check(client)
    return undefined
  } catch (error) {
    way.doubt()
    return asDatabaseAway(error)
  } finally {
    await letGo(client)
  }
}

const missingDatabase = '3D000'
const wrongUser = ['28P01', '28000']

/** PgBouncer has one code for everything, also for what will not pass. */
const poolerTexts = /unsupported startup parameter|no such (database|user)|authentication failed/

function isMisconfigured({ message }: DatabaseAway): boolean {
  return poolerTexts.test(message)
}

function explained(name: string, url: string, error: unknown): StartError {
  const place = placeOf(url)
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === missingDatabase)
    return new StartError(
      `PostgreSQL 里没有 ${name} 所指的数据库（${place}）：请先建立它，例如 createdb。`,
      `PostgreSQL has no such database as ${name} names (${place}): make it first, for example with createdb.`,
    )
  if (wrongUser.includes(code))
    return new StartError(
      `PostgreSQL 不接受 ${name} 里的用户名或密码（${place}）：${message}`,
      `PostgreSQL does not take the user or password of ${name} (${place}): ${message}`,
    )
  if (message.includes('unsupported startup parameter'))
    return new StartError(
      `连接池不接受 ${name} 里的参数（${place}）：${message}。请从地址中去掉，改用 alter role … set …。`,
      `The pooler does not take a parameter of ${name} (${place}): ${message}. Leave it out of the address, and use alter role … set … instead.`,
    )
  return new StartError(
    `连不上 ${name} 所指的数据库（${place}）：${message}`,
    `The database of ${name} (${place}) cannot be used: ${message}`,
  )
}

function silent(name: string, url: string, waitMs: number, { message }: Error): StartError {
  const [place, seconds] = [placeOf(url), waitMs / 1000]
  return new StartError(
    `等了 ${seconds} 秒，${name} 所指的数据库（${place}）仍然没有应答：${message}`,
    `The database of ${name} (${place}) did not answer for ${seconds} s: ${message}`,
  )
}
