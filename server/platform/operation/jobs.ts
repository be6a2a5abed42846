import { PgBoss } from 'pg-boss'
import type { Database } from '../storage/database.ts'
import { describeError, type Log } from './log.ts'

/** Runs work at fixed times, on only one of all nodes each time. */
export type Jobs = {
  /** Runs `work` at the times of the cron line (local time). A failed run is not retried before the next time. */
  schedule(name: string, cron: string, work: () => Promise<void>): Promise<void>
  /** The names of all scheduled jobs. */
  names(): string[]
  /** Runs a job now on this node, as the clock would. Throws what the work throws. */
  run(name: string): Promise<void>
  /** Removes schedules that earlier versions left behind. Call it once everything is scheduled. */
  dropForgotten(): Promise<void>
  stop(): Promise<void>
}

/** A failed job waits for its next time. The limit is long, because the first pruning of a large database may take hours. */
const turn = { retryLimit: 0, expireInSeconds: 6 * 3600 }

/**
 * Scheduling the first job starts the job queue, so commands, which schedule nothing, do not start it. `clockSeconds`: how
 * often pg-boss checks the time, 1 to 45. Tests shorten the default of half a minute.
 */
export function createJobs({ pool }: Database, log: Log, clockSeconds?: number): Jobs {
  const clock = clockSeconds
    ? { cronMonitorIntervalSeconds: clockSeconds, cronWorkerIntervalSeconds: clockSeconds }
    : {}
  // wisp's own pool drops silent connections; a pool of pg-boss would wait on them for a quarter of an hour.
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

/** Only one node starts at a time: on an empty database two would both create pg-boss's schema, and one would fail. */
async function startAlone(boss: PgBoss, pool: Database['pool']): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('wisp jobs'))")
    await boss.start()
    await client.query("select pg_advisory_unlock(hashtext('wisp jobs'))")
    client.release()
  } catch (error) {
    // Destroying the connection also releases the lock.
    client.release(true)
    throw error
  }
}
