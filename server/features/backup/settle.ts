import type { Config } from '../../platform/config.ts'
import type { SettleStep } from '../../platform/manifest/unopened.ts'
import type { Log } from '../../platform/operation/log.ts'
import { signal } from '../../platform/storage/bus.ts'
import { openDatabase } from '../../platform/storage/database.ts'
import { appliedMigrations, listMigrations } from '../../platform/storage/migrate.ts'
import { livingNodes } from '../../platform/storage/nodes/node-store.ts'
import { BackupError } from './backup-error.ts'
import { inWords } from './in-words.ts'

/**
 * What a restore of wisp's own backup does at its end, for a database that PostgreSQL brought back to an earlier moment: what was under way then
 * may have happened since, so that nothing of it is done again. Before any node is started, which would begin at once. Throws BackupError.
 */
export async function settleRestored(
  config: Config,
  log: Log,
  settles: readonly SettleStep[],
): Promise<void> {
  const database = await openDatabase(config, log, 'restore')
  try {
    await database.direct.transaction().execute(async tx => {
      const applied = await appliedMigrations(tx)
      if (listMigrations().join() !== [...applied].sort().join())
        throw new BackupError(
          '数据库的结构与本版本不同：请用恢复到的那一刻所用的版本执行',
          'the schema is not that of this version: run this with the version of the moment that was restored',
        )
      const alive = (await livingNodes(tx)).map(one => one.place)
      if (alive.length > 0)
        throw new BackupError(
          `还有节点在使用这个数据库，或 15 秒内使用过：${alive.join('、')}。请先停止所有节点，再执行，之后才启动`,
          `nodes use this database, or did within the last 15 seconds: ${alive.join(', ')}; stop all nodes, run this, and start them after it`,
        )
      for (const settle of settles) await settle(tx, new Date(database.clock.now()))
      await signal(tx, 'wisp_config', '')
    })
  } catch (error) {
    throw inWords(error)
  } finally {
    await database.close()
  }
}
