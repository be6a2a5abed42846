import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'

/** Where the three are separated, as `three_scope` says: corps, and '' for the installation. None in a database that does not know them. */
export async function separatedScopes(db: Db): Promise<string[]> {
  const { rows } = await sql<{
    name: string | null
  }>`select to_regclass('three_scope')::text as name`.execute(db)
  if (!rows[0]?.name) return []
  const scopes = await db.selectFrom('three_scope').select('scope').orderBy('scope').execute()
  return scopes.map(one => one.scope)
}
