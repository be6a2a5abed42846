import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite, types as pgliteTypes } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Config } from '../config.ts'
import type { Log } from '../operation/log.ts'
import { asDatabaseAway } from './availability.ts'
import { type Bus, createEmbeddedBus, createPostgresBus } from './bus.ts'
import { CopyIn, copyIn, withCopy } from './copy-query.ts'
import { listMigrations, migrate } from './migrate.ts'
import { Pool } from './pool.ts'
import type { Tables } from './tables.ts'

export type Database = {
  db: Kysely<Tables>
  bus: Bus
  /** Set with the embedded database: its own handle, for pg-boss. */
  pglite: PGlite | undefined
  pool: pg.Pool | undefined
  close(): Promise<void>
}

/** Another process owns the embedded database. */
export class DataDirectoryBusy extends Error {}

pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)
const int8Array = 1016
pg.types.setTypeParser(int8Array as never, text =>
  text === '{}' ? [] : text.slice(1, -1).split(',').map(Number),
)

/** A node finds the database at the newest migration; `restore` runs them itself. */
export type DatabaseUse = 'node' | 'restore'

/** Opens the database that the configuration names. */
export async function openDatabase(config: Config, log: Log, use: DatabaseUse = 'node'): Promise<Database> {
  const database = config.databaseUrl ? openPostgres(config, log) : await openEmbedded(config)
  try {
    await refuseOldPostgres(database.db)
    if (use !== 'restore') await database.db.transaction().execute(tx => migrate(tx, listMigrations()))
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

async function refuseOldPostgres(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number }>`
    select current_setting('server_version_num')::int as version`.execute(db)
  const version = rows[0]?.version ?? 0
  if (version < 150_000) throw new Error(`PostgreSQL 15 or later is needed, this is ${version}`)
}

const preparedMark = '/* prepared */'

/**
 * In front of a statement that runs for each message: PostgreSQL plans it once per connection, not each time. Only for
 * inserts: the plan of a join that was made for an empty table reads all of a large one.
 */
export const prepared = sql.raw(preparedMark)

class Client extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    // The pool hears an idle connection end. One that is lent and between two statements has no listener otherwise, and
    // its end would be the process's; the next statement on it fails, and says so.
    this.on('error', () => undefined)
  }

  override query = ((query: unknown, ...rest: unknown[]) => {
    const run = super.query.bind(this) as (...args: unknown[]) => unknown
    if (typeof query !== 'string' || rest.some(one => typeof one === 'function')) return run(query, ...rest)
    const config = query.includes(preparedMark) ? { name: nameOf(query), text: query } : query
    const copied = copyIn(query, rest[0])
    const copy = copied && new CopyIn(copied.statement, copied.parts)
    // Without a callback pg makes one in V8's old space, where it keeps the query and all its values until the next full
    // collection, and brings that on.
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: unknown) => {
        if (error) reject(copy?.failure ?? asDatabaseAway(error))
        else resolve(result)
      }
      if (copy) run(copy, done)
      else run(config, rest[0], done)
    })
  }) as pg.Client['query']
}

function nameOf(statement: string): string {
  return createHash('sha1').update(statement).digest('base64')
}

function openPostgres(config: Config, log: Log): Database {
  const pool = new Pool({
    Client,
    connectionString: config.databaseUrl,
    max: config.databasePool,
    application_name: 'wisp',
  })
  // Without a listener an idle connection that the server closes would end the process.
  pool.on('error', error => log.warn({ error: error.message }, 'database connection lost'))
  const bus = createPostgresBus(config.databaseUrl, log, () => pool.cut())
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    bus,
    pool,
    pglite: undefined,
    async close() {
      await bus.close()
      await db.destroy()
    },
  }
}

async function openEmbedded(config: Config): Promise<Database> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const release = ownDirectory(config.dataDir)
  try {
    const pglite = await PGlite.create({
      dataDir: join(config.dataDir, 'database'),
      parsers: { [pgliteTypes.INT8]: Number, [pgliteTypes.DATE]: (text: string) => text },
    })
    const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: withCopy(pglite) }) })
    return {
      db,
      bus: createEmbeddedBus(pglite),
      pglite,
      pool: undefined,
      async close() {
        if (!pglite.closed) await pglite.close()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/**
 * The embedded database must have one owner. SQLite's file lock is the operating system's: it is atomic and goes
 * with the process however that ends, which neither a pid file nor a socket gives.
 */
function ownDirectory(dataDir: string): () => void {
  const lock = new DatabaseSync(join(dataDir, 'lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch {
    lock.close()
    throw new DataDirectoryBusy(`another wisp is running on ${dataDir}`)
  }
  return () => lock.close()
}
