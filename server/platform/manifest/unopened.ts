import type { Config } from '../config.ts'
import type { Db } from '../storage/db.ts'
import type { ConfigCheck } from '../upkeep/check-config.ts'

/** Settles what was under way when a backup was written, in the transaction that restores it. */
export type SettleStep = (tx: Db, at: Date) => Promise<void>

/** What a feature finds right or wrong in a configuration; undefined when that says nothing about it. */
export type CheckOfConfig = (config: Config) => Promise<ConfigCheck | undefined>

/** What is there before the database is opened, for commands that open it themselves. */
export type OfflineContext = {
  config: Config
  settles: readonly SettleStep[]
  configChecks: readonly CheckOfConfig[]
}
