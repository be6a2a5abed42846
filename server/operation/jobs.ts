import type { PGlite } from '@electric-sql/pglite'
import { fromPglite, PgBoss } from 'pg-boss'
import type { Database } from '../storage/database.ts'
import { describeError, type Log } from './log.ts'

/** Work by the clock, once among all nodes. */
export type Jobs = {
  /** Runs `work` at the times of the cron line (local time); a failure is retried by the next turn. */
  schedule(name: string, cron: string, work: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

export async function createJobs(database: Database, log: Log): Promise<Jobs> {
  const { pglite, pool } = database
  // On wisp's own pool, which gives up connections that went silent: pg-boss would wait on its own for a quarter of an hour.
  const boss = pool
    ? new PgBoss({ db: { executeSql: (text, values) => pool.query(text, values) } })
    : new PgBoss({ db: fromPglite(pglite as PGlite), backend: 'pglite' })
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
