import { fromPglite, PgBoss } from 'pg-boss'
import type { Config } from '../config.ts'
import type { Database } from '../storage/database.ts'
import { describeError, type Log } from './log.ts'

/** Work by the clock, once among all nodes. */
export type Jobs = {
  /** Runs `work` at the times of the cron line (local time); a failure is retried by the next turn. */
  schedule(name: string, cron: string, work: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

export async function createJobs(config: Config, database: Database, log: Log): Promise<Jobs> {
  const boss = database.pglite
    ? new PgBoss({ db: fromPglite(database.pglite), backend: 'pglite' })
    : new PgBoss({ connectionString: config.databaseUrl, max: 2, application_name: 'wisp jobs' })
  boss.on('error', error => log.error(describeError(error), 'job queue'))
  await boss.start()
  return {
    async schedule(name, cron, work) {
      await boss.createQueue(name)
      await boss.schedule(name, cron, null, { tz: Intl.DateTimeFormat().resolvedOptions().timeZone })
      await boss.work(name, async () => {
        try {
          await work()
        } catch (error) {
          log.error({ job: name, ...describeError(error) }, 'job failed')
          throw error
        }
      })
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}
