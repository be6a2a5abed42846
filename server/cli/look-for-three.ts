import { separatedScopes } from '../organisation/three/separated-store.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/operation/log.ts'
import { openDatabase } from '../platform/storage/database.ts'
import { findCluster } from '../platform/storage/embedded/cluster.ts'
import { appliedMigrations, listMigrations } from '../platform/storage/migrate.ts'

/**
 * Whether the three administrators are separated anywhere in the configured database, which is left as it is: it may be empty, or of
 * another version. Undefined when they are not. `isCurrent`: its schema is that of this version.
 */
export async function lookForThree(config: Config, log: Log): Promise<{ isCurrent: boolean } | undefined> {
  if (!config.databaseUrl && !findCluster(config.dataDir)) return undefined
  const { db, close } = await openDatabase(config, log, 'look')
  try {
    if ((await separatedScopes(db)).length === 0) return undefined
    const applied = await appliedMigrations(db)
    return { isCurrent: listMigrations().join() === applied.join() }
  } finally {
    await close()
  }
}
