import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { type Config, ConfigError } from '../config.ts'
import type { Log } from '../operation/log.ts'
import { asDatabaseAway } from './availability.ts'
import { type Bus, createPostgresBus } from './bus.ts'
import { openEmbedded } from './embedded/embedded.ts'
import { maxConnections } from './embedded/postmaster.ts'
import { listMigrations, migrate } from './migrate.ts'
import { Pool } from './pool.ts'
import type { Tables } from './tables.ts'

export type Database = {
  db: Kysely<Tables>
  bus: Bus
  pool: pg.Pool
  /** For components that connect by themselves. */
  url: string
  close(): Promise<void>
}

/**
 * A `command` takes two connections, so that many can run beside a node; `restore` may start a new database beside a key.
 */
export type DatabaseUse = 'node' | 'command' | 'restore'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)
const int8Array = 1016
pg.types.setTypeParser(int8Array as never, text =>
  text === '{}' ? [] : text.slice(1, -1).split(',').map(Number),
)

/** Opens and migrates the configured database. Throws EmbeddedError and ConfigError. */
export async function openDatabase(config: Config, log: Log, use: DatabaseUse = 'node'): Promise<Database> {
  const embedded = config.databaseUrl ? undefined : await openEmbedded(embeddedOptions(config, log, use))
  let database: Database | undefined
  try {
    const url = embedded?.url ?? config.databaseUrl
    const size = use === 'node' ? config.databasePool : 1
    if (embedded && use === 'node') await refuseTooMany(url, size)
    database = openPostgres(url, size, log, embedded?.close)
    await refuseOldPostgres(database.db)
    // A restore runs the migrations itself, first only those that its backup knows.
    if (use !== 'restore') await database.db.transaction().execute(tx => migrate(tx, listMigrations()))
    return database
  } catch (error) {
    await (database ?? embedded)?.close()
    throw error
  }
}

function embeddedOptions(config: Config, log: Log, use: DatabaseUse) {
  return { dataDir: config.dataDir, log, makesKey: !config.secretKey, isRestore: use === 'restore' }
}

async function refuseOldPostgres(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    select current_setting('server_version_num')::int as version`.execute(db)
  const version = rows[0]?.version ?? 0
  if (version < 150_000) throw new Error(`PostgreSQL 15 or later is needed, this is ${version}`)
}

class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    // A checked-out client has no error listener; without this one, a dropped connection would end the process. The next
    // statement on it fails with the error.
    this.on('error', () => undefined)
  }

  override query = ((query: unknown, ...rest: unknown[]) => {
    const run = super.query.bind(this) as (...args: unknown[]) => unknown
    if (typeof query !== 'string' || rest.some(one => typeof one === 'function')) return run(query, ...rest)
    return (run(query, ...rest) as Promise<unknown>).catch(error => {
      throw asDatabaseAway(error)
    })
  }) as pg.Client['query']
}

/** Names the connections of a node's pool in pg_stat_activity, where at least one of them always shows. */
function poolName(size: number): string {
  return `wisp ${size} ${randomUUID()}`
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
    throw new ConfigError(
      `environment: WISP_DATABASE_POOL is ${size}, but the embedded database has ${maxConnections} connections, ` +
        `of which ${Math.max(left - besidePool, 0)} are left for this node's pool (${others.length} other nodes); ` +
        'take fewer, or a PostgreSQL of your own (WISP_DATABASE_URL)',
    )
  } finally {
    await client.end()
  }
}

function openPostgres(
  url: string,
  size: number,
  log: Log,
  leave: () => Promise<void> = async () => {},
): Database {
  const pool = new Pool({
    Client,
    connectionString: url,
    max: size,
    min: 1,
    // A command's calls share one connection, so a call must be able to wait as long as the longest one takes.
    ...(size === 1 && { connectionTimeoutMillis: 120_000 }),
    application_name: poolName(size),
  })
  // Without a listener, an idle connection closed by the server would end the process.
  pool.on('error', error => log.warn({ error: error.message }, 'database connection lost'))
  const bus = createPostgresBus(url, log, () => pool.cut())
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    bus,
    pool,
    url,
    async close() {
      await bus.close()
      await db.destroy()
      await leave()
    },
  }
}
