import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Tables } from '../../server/platform/storage/tables.ts'

/** wisp's database, into which `npm start` looks for what wisp tells nobody. The caller must destroy it. */
export function openDemoDatabase(databaseUrl: string): Kysely<Tables> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  // Without a listener, an idle connection closed by the server would end the process.
  pool.on('error', () => undefined)
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
