import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { StartError } from '../../operation/start-error.ts'
import { asDatabaseAway } from '../availability.ts'
import { askWithinMs, letGo, newClient } from './clients.ts'
import { isSameServer, type ServerIdentity } from './server-identity.ts'
import type { DatabaseWay } from './way.ts'

const againMs = 250
const hearWithinMs = 5000

/**
 * Signals must come, and what comes must be of the database that is written to: a pooler in transaction mode takes LISTEN, and nothing
 * is ever heard. Throws StartError, which says what to set, and DatabaseAway.
 */
export async function refuseDeaf(direct: DatabaseWay, pooled: DatabaseWay): Promise<void> {
  const clients: pg.Client[] = []
  try {
    const [listening, asking] = [await connected(direct, clients), await connected(pooled, clients)]
    const [there, here] = [await direct.check(listening), await pooled.check(asking)]
    if (direct !== pooled && !isSameServer(here, there)) throw differentServers(here, there)
    if (!(await isHeard(listening, asking))) throw direct === pooled ? deaf : deafDirectly
  } catch (error) {
    throw asDatabaseAway(error)
  } finally {
    await Promise.all(clients.map(letGo))
  }
}

async function connected(way: DatabaseWay, clients: pg.Client[]): Promise<pg.Client> {
  await way.find()
  const client = newClient(way, 'wisp hearing', askWithinMs)
  client.on('error', () => undefined)
  clients.push(client)
  await client.connect()
  return client
}

async function isHeard(listening: pg.Client, asking: pg.Client): Promise<boolean> {
  const word = randomUUID()
  const heard = new Promise<true>(resolve => {
    listening.on('notification', ({ payload }) => {
      if (payload === word) resolve(true)
    })
  })
  await listening.query('listen wisp_hearing')
  for (let waitedMs = 0; waitedMs < hearWithinMs; waitedMs += againMs) {
    await asking.query("select pg_notify('wisp_hearing', $1)", [word])
    if (await Promise.race([heard, delay(againMs, false)])) return true
  }
  // Through a pooler this ends for others what was begun for nobody.
  await listening.query('unlisten wisp_hearing').catch(() => undefined)
  return false
}

const deaf = new StartError(
  'WISP_DATABASE_URL 经过连接池（如 PgBouncer 的 transaction 模式），收不到 PostgreSQL 的通知（LISTEN）：请把 WISP_DATABASE_DIRECT_URL 设为 PostgreSQL 自己的地址，WISP_DATABASE_URL 不变。',
  'WISP_DATABASE_URL leads through a pooler, such as PgBouncer in transaction mode, over which no signal of PostgreSQL (LISTEN) is heard: set WISP_DATABASE_DIRECT_URL to the address of PostgreSQL itself, and leave WISP_DATABASE_URL as it is.',
)

const deafDirectly = new StartError(
  'WISP_DATABASE_DIRECT_URL 收不到 PostgreSQL 的通知（LISTEN），大概也经过连接池：请改为 PostgreSQL 自己的地址。',
  'Over WISP_DATABASE_DIRECT_URL no signal of PostgreSQL (LISTEN) is heard, so that it probably leads through a pooler too: set it to the address of PostgreSQL itself.',
)

function differentServers(here: ServerIdentity, there: ServerIdentity): StartError {
  const isOtherDatabase = here.system === there.system && here.startedAt === there.startedAt
  const [zh, en] = isOtherDatabase ? ['数据库', 'databases'] : ['服务器', 'servers']
  return new StartError(
    `WISP_DATABASE_URL 与 WISP_DATABASE_DIRECT_URL 指向不同的${zh}：两者必须是同一个 PostgreSQL 主库里的同一个数据库。`,
    `WISP_DATABASE_URL and WISP_DATABASE_DIRECT_URL lead to different ${en}: both must be the same database of the same PostgreSQL primary.`,
  )
}
