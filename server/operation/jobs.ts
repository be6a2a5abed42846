import { PgBoss } from 'pg-boss'
import type { Database } from '../storage/database.ts'
import { describeError, type Log } from './log.ts'

/** Work by the clock, once among all nodes. */
export type Jobs = {
  /** Runs `work` at the times of the cron line (local time); a failure is retried by the next turn. */
  schedule(name: string, cron: string, work: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** The job queue is started by what is scheduled first: commands schedule nothing. */
export function createJobs({ pool }: Database, log: Log): Jobs {
  // On wisp's own pool, which gives up connections that went silent: pg-boss would wait on its own for a quarter of an hour.
  const boss = new PgBoss({ db: { executeSql: (text, values) => pool.query(text, values) } })
  boss.on('error', error => log.error(describeError(error), 'job queue'))
  let started: Promise<unknown> | undefined
  return {
    async schedule(name, cron, work) {
      started ??= boss.start()
      await started
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
    async stop() {
      if (started) await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}
