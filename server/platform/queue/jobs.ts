/**
 * A time of a scheduled job belongs to one node. Each node computes the times by itself. When one has come, it asks for the
 * job's row of `timer`, which names the next time and has a lease while the job runs. A run that failed or was killed waits for
 * its next time, and so does a time at which no node was running.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import { nextTime } from '../cron-line.ts'
import { describeError } from '../operation/log.ts'
import { usualZone } from '../time-zone.ts'
import type { Queue } from './queue.ts'
import { renewEveryMs } from './queue-store.ts'
import * as store from './timer-store.ts'

/** Runs work at fixed times, on only one of all nodes each time. */
export type Jobs = {
  /**
   * Runs `work` at the times of the cron line in the zone of the installation (time-zone.ts), once the jobs are started. A run that fails or is interrupted is
   * not repeated before the next time, and a time that comes while the previous run still works is skipped. Throws for a name
   * that another job has.
   */
  schedule(name: string, cron: string, work: () => Promise<void>, options?: JobOptions): void
  /** Runs work once when this node's jobs are started. A failure is logged. */
  atStart(name: string, work: () => Promise<void>): void
  /** The names of all scheduled jobs. */
  names(): string[]
  /** Runs a job now on this node, as the clock would. Throws what the work throws. */
  run(name: string): Promise<void>
  /** Lets the queue's loop run the jobs by the clock. Call it once everything is scheduled. */
  start(): Promise<void>
  /** Waits for what runs, but not for long. Call it when the queue has stopped. */
  stop(): Promise<void>
}

export type JobOptions = {
  /** Runs once instead when a time has passed and no node was there for it: soon, whatever the hour. */
  madeUpFor?: () => Promise<void>
}

type Job = { cron: string; work(): Promise<void>; nextAt: Date; running?: Promise<void> } & JobOptions

/**
 * A time that passed longer ago than this is skipped: a node that starts in the morning must not begin with the work of the
 * night, which is done at night because it would disturb people by day. Jobs that say how are made up for.
 */
const lateAtMostMs = 60_000
const stopWithinMs = 10_000

/**
 * Each node computes the times by itself and asks the database only when one has come, so that the jobs cost nothing in between. The
 * rows of `timer` decide which node gets it.
 */
export function createJobs(ctx: Core & { queue: Queue }): Jobs {
  const jobs = new Map<string, Job>()
  const atStart = new Map<string, () => Promise<void>>()
  const timerOf = (name: string, { cron, nextAt }: Job) => ({ name, cron: `${cron} ${usualZone}`, nextAt })

  async function run(name: string, work = jobs.get(name)?.work): Promise<void> {
    if (!work) throw new Error(`no job ${name}; there are: ${[...jobs.keys()].join(', ')}`)
    try {
      await work()
    } catch (error) {
      ctx.log.error({ job: name, ...describeError(error) }, 'job failed')
      throw error
    }
  }

  /** Runs the job if the time that has come is this node's. When the database does not answer, the next look asks again. */
  async function take(name: string, job: Job): Promise<void> {
    const [at, now] = [job.nextAt, new Date(ctx.now())]
    const nextAt = nextTime(job.cron, now, usualZone)
    const isLate = now.getTime() - at.getTime() > lateAtMostMs
    const work = isLate ? job.madeUpFor : job.work
    if (!work) ctx.log.warn({ job: name, at }, 'time of a job passed over')
    else if (!job.running) {
      const lease = ctx.newId()
      const turn = { ...timerOf(name, { ...job, nextAt }), at, lease, nodeId: ctx.nodeId }
      if (await store.claimTimer(ctx.db, turn)) {
        job.running = hold(name, lease, work).finally(() => {
          delete job.running
        })
      }
    }
    job.nextAt = nextAt
  }

  /** Runs the job under its lease. Never rejects: what fails is logged. */
  async function hold(name: string, lease: string, work: Job['work']): Promise<void> {
    const warn = (error: unknown) =>
      ctx.log.warn({ job: name, ...describeError(error) }, 'lease of a job not kept')
    const renewing = setInterval(() => store.renewTimer(ctx.db, name, lease).catch(warn), renewEveryMs)
    // A failure is logged there.
    await run(name, work).catch(() => undefined)
    clearInterval(renewing)
    await store.releaseTimer(ctx.db, name, lease).catch(warn)
  }

  async function look(): Promise<number> {
    let sleepMs = Number.POSITIVE_INFINITY
    for (const [name, job] of jobs) {
      if (job.nextAt.getTime() <= ctx.now()) await take(name, job)
      sleepMs = Math.min(sleepMs, job.nextAt.getTime() - ctx.now())
    }
    return sleepMs
  }

  return {
    schedule(name, cron, work, options = {}) {
      if (jobs.has(name)) throw new Error(`there are two jobs ${name}`)
      jobs.set(name, { cron, work, nextAt: nextTime(cron, new Date(ctx.now()), usualZone), ...options })
    },
    atStart: (name, work) => void atStart.set(name, work),
    names: () => [...jobs.keys()],
    run: name => run(name),
    async start() {
      await store.putTimers(
        ctx.db,
        [...jobs].map(([name, job]) => timerOf(name, job)),
      )
      for (const { name, nextAt } of await store.passedTimers(ctx.db, new Date(ctx.now() - lateAtMostMs))) {
        const job = jobs.get(name)
        if (job?.madeUpFor) job.nextAt = nextAt
      }
      for (const [name, work] of atStart) await run(name, work).catch(() => undefined)
      ctx.queue.alongside(look)
    },
    async stop() {
      const running = [...jobs.values()].map(job => job.running)
      await Promise.race([Promise.all(running), delay(stopWithinMs, undefined, { ref: false })])
    },
  }
}
