import { PgBoss } from 'pg-boss'
import type { Database } from '../storage/database.ts'
import { describeError, type Log } from './log.ts'

/** Work by the clock, once among all nodes. */
export type Jobs = {
  /** Runs `work` at the times of the cron line (local time); a failure is retried by the next turn. */
  schedule(name: string, cron: string, work: () => Promise<void>): Promise<void>
  /** The names of what is scheduled. */
  names(): string[]
  /** Does the work of one now and on this node, as the clock would. Throws what the work throws. */
  run(name: string): Promise<void>
  /** Takes schedules of earlier versions from the clock; called once everything is scheduled. */
  dropForgotten(): Promise<void>
  stop(): Promise<void>
}

/** A job that failed waits for its next turn; the first pruning of a large database may take hours. */
const turn = { retryLimit: 0, expireInSeconds: 6 * 3600 }

/**
 * The job queue is started by what is scheduled first: commands schedule nothing. `clockSeconds`: how often pg-boss looks at
 * the clock, 1 to 45; half a minute unless a test is in a hurry.
 */
export function createJobs({ pool }: Database, log: Log, clockSeconds?: number): Jobs {
  const clock = clockSeconds
    ? { cronMonitorIntervalSeconds: clockSeconds, cronWorkerIntervalSeconds: clockSeconds }
    : {}
  // On wisp's own pool, which gives up connections that went silent: pg-boss would wait on its own for a quarter of an hour.
  const boss = new PgBoss({ db: { executeSql: (text, values) => pool.query(text, values) }, ...clock })
  boss.on('error', error => log.error(describeError(error), 'job queue'))
  const works = new Map<string, () => Promise<void>>()
  let started: Promise<unknown> | undefined

  async function run(name: string): Promise<void> {
    const work = works.get(name)
    if (!work) throw new Error(`no job ${name}; there are: ${[...works.keys()].join(', ')}`)
    try {
      await work()
    } catch (error) {
      log.error({ job: name, ...describeError(error) }, 'job failed')
      throw error
    }
  }

  return {
    async schedule(name, cron, work) {
      started ??= startAlone(boss, pool)
      await started
      works.set(name, work)
      await boss.createQueue(name, turn)
      await boss.updateQueue(name, turn)
      await boss.schedule(name, cron, null, { tz: Intl.DateTimeFormat().resolvedOptions().timeZone })
      await boss.work(name, () => run(name))
    },
    names: () => [...works.keys()],
    run,
    async dropForgotten() {
      for (const { name } of await boss.getSchedules()) {
        if (!works.has(name)) await boss.unschedule(name)
      }
    },
    async stop() {
      if (started) await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

/** One node at a time: two that begin on an empty database would both make pg-boss's schema, and one of them fail. */
async function startAlone(boss: PgBoss, pool: Database['pool']): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('wisp jobs'))")
    await boss.start()
    await client.query("select pg_advisory_unlock(hashtext('wisp jobs'))")
    client.release()
  } catch (error) {
    // With its connection goes the lock.
    client.release(true)
    throw error
  }
}
