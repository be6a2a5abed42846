/**
 * The folders of storage/: embedded/ starts PostgreSQL; nodes/ has the running nodes; ways/ lead to the server that takes
 * writes, for the pool and past a pooler; months/ has the tables that lie by month.
 */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { type Config, ConfigError } from '../config.ts'
import { describeError, type Log } from '../operation/log.ts'
import { StartError } from '../operation/start-error.ts'
import { asDatabaseAway } from './availability.ts'
import { type Bus, createPostgresBus } from './bus.ts'
import type { Db } from './db.ts'
import { openEmbedded } from './embedded/embedded.ts'
import { maxConnections } from './embedded/postmaster.ts'
import { awaitMigrations, listMigrations, migrate, neededMigrations } from './migrate.ts'
import { createUsualMonths } from './months/months.ts'
import { type Clock, createClock } from './nodes/clock.ts'
import { anyAlive, type Node, putNode } from './nodes/node-store.ts'
import { refuseBesideOlder } from './nodes/older-nodes.ts'
import { createPresence, nodeOf, type Presence } from './nodes/presence.ts'
import { Pool } from './pool.ts'
import { createRoom, type Room } from './room.ts'
import type { Tables } from './tables.ts'
import { reachDatabase, waitForDatabaseMs } from './ways/reach.ts'
import { clientTelling } from './ways/telling-client.ts'
import { type DatabaseWay, type Ways, waysOf } from './ways/way.ts'

export type Database = {
  db: Kysely<Tables>
  bus: Bus
  pool: pg.Pool
  room: Room
  clock: Clock
  /** Only for a node. */
  presence: Presence | undefined
  /** Whether no other node was alive when this one came. */
  isFirst: boolean
  /** Past the pooler, where there is one: for what keeps a connection to itself for long, as backups and migrations do. */
  direct: Kysely<Tables>
  /** For components that connect by themselves. */
  url: string
  close(): Promise<void>
}

/**
 * A `command` takes two connections, so that many can run beside a node; `restore` may start a new database beside a key;
 * `look` leaves everything as it is.
 */
export type DatabaseUse = 'node' | 'command' | 'restore' | 'look'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)
const int8Array = 1016
pg.types.setTypeParser(int8Array as never, text =>
  text === '{}' ? [] : text.slice(1, -1).split(',').map(Number),
)

/**
 * Opens and migrates the configured database; a node waits for one that is away. `wall` is this machine's clock. Throws StartError,
 * ConfigError and, for a command, DatabaseAway.
 */
export async function openDatabase(
  config: Config,
  log: Log,
  use: DatabaseUse = 'node',
  nodeId: string = randomUUID(),
  wall: () => number = Date.now,
): Promise<Database> {
  const embedded = config.databaseUrl ? undefined : await openEmbedded(embeddedOptions(config, log, use))
  let database: Database | undefined
  try {
    const url = embedded?.url ?? config.databaseUrl
    const size = use === 'node' ? config.databasePool : 1
    const clock = createClock(wall)
    const ways = waysOf(url, embedded ? '' : config.databaseDirectUrl, clock)
    if (!embedded) await reachDatabase(ways, log, use === 'node' ? waitForDatabaseMs : 0)
    if (embedded && use === 'node') await refuseTooMany(url, size)
    const node = use === 'node' ? nodeOf(nodeId, config) : undefined
    database = openPostgres({
      url,
      ways,
      size,
      log,
      clock,
      ...(node && { node }),
      ...(embedded && { embedded, dataDir: config.dataDir }),
    })
    await refuseOldPostgres(database.db)
    // A restore runs the migrations itself, first only those that its backup knows.
    const { direct } = database
    if (use === 'node' || use === 'command')
      database.isFirst = await whenUnlocked(log, use === 'node' ? waitForDatabaseMs : 0, () =>
        direct.transaction().execute(tx => bringUp(tx, node, clock)),
      )
    return database
  } catch (error) {
    await (database ?? embedded)?.close()
    throw asNoRight(error) ?? error
  }
}

/**
 * All in one transaction, in which nobody else begins: two nodes that start at once must not overlook each other. Returns whether no
 * other node is alive.
 */
async function bringUp(tx: Db, node: Node | undefined, clock: Clock): Promise<boolean> {
  await awaitMigrations(tx)
  await refuseBesideOlder(tx, neededMigrations())
  await sql`set local lock_timeout = ${sql.lit(lockWait)}`.execute(tx)
  await migrate(tx, listMigrations())
  await sql`set local lock_timeout to default`.execute(tx)
  if (!node) return false
  await createUsualMonths(tx, new Date(clock.now()))
  const isFirst = !(await anyAlive(tx))
  await putNode(tx, node)
  return isFirst
}

/** While a migration waits for a lock, whoever comes to the table after it waits too: also those who only read. */
const lockWait = '2s'

/**
 * Begins again when a table that a migration changes is in use, as by a backup, which holds all of them for as long as it takes. Throws StartError
 * when that is so after `waitMs`.
 */
async function whenUnlocked<T>(log: Log, waitMs: number, work: () => Promise<T>): Promise<T> {
  const since = performance.now()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      if (code === undefined || !lockedCodes.includes(code)) throw error
      if (performance.now() - since >= waitMs)
        throw new StartError(
          `数据库的表正被别的事务占用（例如正在备份），无法升级表结构；已撤销，数据没有变化。请等它结束后再启动。PostgreSQL 说：${message}`,
          `Another transaction, such as a backup, uses a table that this version has to change. Nothing was changed: start again when it has ended. PostgreSQL says: ${message}`,
        )
      log.warn({ error: message }, 'waiting for tables that are to be changed')
      await delay(lockedAgainMs)
    }
  }
}
/** Somebody else holds a lock, or waits for one of ours. */
const lockedCodes = ['55P03', '40P01']
const lockedAgainMs = 2000

/** Since PostgreSQL 15 only the owner of a database may make tables in it. */
function asNoRight(error: unknown): StartError | undefined {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== '42501') return undefined
  return new StartError(
    `WISP_DATABASE_URL 里的用户无权在这个数据库里建表：请把数据库交给它（alter database … owner to …）。PostgreSQL 说：${message}`,
    `The user of WISP_DATABASE_URL may not make tables in this database: give it the database (alter database … owner to …). PostgreSQL says: ${message}`,
  )
}

function embeddedOptions(config: Config, log: Log, use: DatabaseUse) {
  return { dataDir: config.dataDir, log, makesKey: !config.secretKey, isRestore: use === 'restore' }
}

async function refuseOldPostgres(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    select current_setting('server_version_num')::int as version`.execute(db)
  const version = rows[0]?.version ?? 0
  if (version >= 150_000) return
  throw new StartError(
    `需要 PostgreSQL 15 或更新，WISP_DATABASE_URL 的是 ${Math.floor(version / 10_000)}。`,
    `PostgreSQL 15 or later is needed, that of WISP_DATABASE_URL is ${Math.floor(version / 10_000)}.`,
  )
}

/**
 * Names the connections of a node's pool in pg_stat_activity, where at least one of them always shows. Releases before 0.3 had
 * a UUID at the end, by which they are told.
 */
function poolName(size: number, node: Node | undefined): string {
  return `wisp ${size} ${node ? `node-${node.id}` : randomUUID()}`
}

/** Beside its pool a node needs one connection that listens, and two for short uses such as the check at its start. */
const besidePool = 3
const forCommands = 20

/** Throws ConfigError when all nodes on the embedded database together might need more connections than it allows. */
async function refuseTooMany(url: string, size: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      "select distinct application_name as name from pg_stat_activity where application_name ~ '^wisp [0-9]+ '",
    )
    const others = rows.map(({ name }) => Number(name.split(' ')[1]) + besidePool)
    const left = maxConnections - others.reduce((sum, one) => sum + one, 0) - forCommands
    if (size + besidePool <= left) return
    const leftOver = Math.max(left - besidePool, 0)
    throw new ConfigError(
      `WISP_DATABASE_POOL 是 ${size}，而内嵌数据库共有 ${maxConnections} 个连接，留给本节点的只有 ${leftOver} 个（另有 ${others.length} 个节点）；` +
        '请改小，或使用自己的 PostgreSQL（WISP_DATABASE_URL）',
      `WISP_DATABASE_POOL is ${size}, but the embedded database has ${maxConnections} connections, ` +
        `of which ${leftOver} are left for this node's pool (${others.length} other nodes); ` +
        'take fewer, or a PostgreSQL of your own (WISP_DATABASE_URL)',
    )
  } finally {
    await client.end()
  }
}

type PostgresOptions = {
  url: string
  ways: Ways
  size: number
  log: Log
  clock: Clock
  node?: Node
  embedded?: { close(): Promise<void> }
  dataDir?: string
}

function openPostgres({ url, ways, size, log, clock, node, embedded, dataDir }: PostgresOptions): Database {
  const room = createRoom(log, dataDir)
  const { pooled, direct } = ways
  const isPooled = pooled !== direct
  const name = poolName(size, node)
  const open = (way: DatabaseWay, options: Omit<pg.PoolConfig, 'connectionString'>) => {
    const onReadOnly = () => {
      way.doubt()
      pool.cut()
    }
    const pool = new Pool(way, {
      Client: clientTelling({ onError: room.note, onReadOnly, keepsPlans: !isPooled }),
      ...options,
    })
    // Without a listener, an idle connection closed by the server would end the process.
    pool.on('error', error => log.warn(describeError(asDatabaseAway(error)), 'database connection lost'))
    return pool
  }
  const pool = open(pooled, {
    max: size,
    min: 1,
    // A command's calls share one connection, so a call must be able to wait as long as the longest one takes.
    ...(size === 1 && { connectionTimeoutMillis: 120_000 }),
    // What a pooler shows of a connection is what its last user was called.
    application_name: isPooled ? 'wisp pooled' : name,
  })
  const beside = isPooled ? open(direct, { max: 1, application_name: 'wisp direct' }) : undefined
  const bus = createPostgresBus({
    direct,
    pooled: isPooled ? pooled : undefined,
    log,
    ...(isPooled && { name }),
    onSilence: () => pool.cut(),
    onDiffer: why => pool.refuse(why),
  })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const directly = beside ? new Kysely<Tables>({ dialect: new PostgresDialect({ pool: beside }) }) : db
  const presence = node && createPresence(db, bus, node, clock)
  return {
    db,
    bus,
    pool,
    room,
    clock,
    presence,
    isFirst: false,
    direct: directly,
    url,
    async close() {
      await presence?.end()
      await bus.close()
      await db.destroy()
      if (directly !== db) await directly.destroy()
      await embedded?.close()
    },
  }
}
