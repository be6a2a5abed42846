import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { createApp } from './app.ts'
import { type Context, createContext, type Overrides } from './context.ts'
import { scheduleAlerts } from './features/alerts/jobs.ts'
import { scheduleMessageJobs } from './features/messages/jobs.ts'
import { followNodeTests } from './features/official/accounts/doctor/nodes.ts'
import { scheduleReconciliation } from './features/payments/reconciliation/days.ts'
import { noteAddressRegularly } from './organisation/corps/doctor/addresses.ts'
import { scheduleNightly } from './organisation/sync/nightly.ts'
import type { Config } from './platform/config.ts'
import { quietMs } from './platform/operation/draining.ts'
import { describeError } from './platform/operation/log.ts'
import { followConnections } from './platform/upkeep/connections.ts'
import { listen } from './platform/upkeep/listen.ts'
import { pruneAll } from './platform/upkeep/retention.ts'
import { writeUpstreams } from './platform/upkeep/upstreams-file.ts'
import { retention } from './registry/retention.ts'

export type Server = {
  url: string
  ctx: Context
  app: FastifyInstance
  /**
   * Leaves the callers: for `graceSeconds` only readiness fails, then what begins is refused until nobody asks any more. `close`
   * comes after it.
   */
  drain(graceSeconds: number): Promise<void>
  /** Refuses what begins and finishes what is under way. */
  close(): Promise<void>
}

const flushMs = 5000
const secondMs = 1000
const sweepMs = 50

export type StartOptions = {
  /** Ends before anybody is let in. */
  prepare?(ctx: Context): Promise<void>
  /** A newer wisp has changed the schema, so that this node must not work on. */
  onOutdated?(newer: string[]): void
  /** Scheduled jobs wait until somebody runs or starts them, as tests do. */
  jobsByHand?: boolean
}

/**
 * Starts wisp. Closing it drains: calls under way are answered, and events being applied are finished. When the start fails,
 * nothing of it is left running.
 */
export async function startServer(
  config: Config,
  overrides: Overrides = {},
  options: StartOptions = {},
): Promise<Server> {
  const ctx = await createContext(config, overrides)
  try {
    await options.prepare?.(ctx)
    return await serve(ctx, options)
  } catch (error) {
    await ctx.close()
    throw error
  }
}

async function serve(ctx: Context, { onOutdated, jobsByHand = false }: StartOptions): Promise<Server> {
  const app = await createApp(ctx)
  const { config, draining } = ctx
  const connections = followConnections(app.server)
  try {
    const url = await listen(app, config)
    config.publicUrl ||= url
    writeUpstreams(config, ctx.log)
    const endWork = await beginWork(ctx, jobsByHand)
    ctx.database.presence?.begin({
      outdated(newer) {
        ctx.log.error({ newer }, 'a newer wisp has migrated the database: this node stops')
        onOutdated?.(newer)
      },
      failure: error => ctx.log.warn(describeError(error), 'node not recorded as alive'),
    })
    const refuse = () => {
      if (draining.isRefusing) return
      draining.refuse()
      connections.keepFor(quietMs)
      ctx.workbench.unread.stopWaiting()
      ctx.talk.stopWaiting()
      ctx.streams.close()
    }
    const closeAll = async () => {
      refuse()
      endWork()
      await closeApp(app, connections.dropUnused)
      await ctx.close()
    }
    let closing: Promise<void> | undefined
    return {
      url,
      ctx,
      app,
      async drain(graceSeconds) {
        draining.leave()
        await delay(graceSeconds * 1000)
        refuse()
        await draining.quiet(connections.any)
      },
      close() {
        closing ??= closeAll()
        return closing
      },
    }
  } catch (error) {
    await app.close()
    throw error
  }
}

/** What a node does beside answering. Returns what ends its timers; the rest ends with the context. */
async function beginWork(ctx: Context, jobsByHand: boolean): Promise<() => void> {
  ctx.queue.start()
  noteAddressRegularly(ctx)
  await followNodeTests(ctx)
  ctx.dispatcher.start()
  scheduleJobs(ctx)
  if (!jobsByHand) await ctx.jobs.start()
  const timers = [
    setInterval(() => {
      ctx.developers.flush().catch(error => ctx.log.error(describeError(error), 'usage not written'))
    }, flushMs),
    regularly(
      secondMs,
      () => ctx.limits.share(),
      error => ctx.log.error(describeError(error), 'use of limits not shared'),
    ),
    setInterval(() => ctx.database.room.problem(), flushMs),
    regularly(
      secondMs,
      () => ctx.requests.flush(),
      error => ctx.log.error(describeError(error), 'request log not written'),
    ),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

function scheduleJobs(ctx: Context): void {
  scheduleNightly(ctx)
  scheduleMessageJobs(ctx)
  scheduleAlerts(ctx)
  scheduleReconciliation(ctx)
  // After the nightly reconcile and before people start to work.
  ctx.jobs.schedule('retention', '15 3 * * *', () => pruneAll(ctx, retention))
}

/** Begins `work` at each interval, unless it is still under way. */
function regularly(ms: number, work: () => Promise<void>, onFailure: (error: unknown) => void) {
  let isBusy = false
  return setInterval(() => {
    if (isBusy) return
    isBusy = true
    work()
      .catch(onFailure)
      .finally(() => {
        isBusy = false
      })
  }, ms)
}

/** Node closes idle connections once, and waits for the others; one over which nothing is ever asked would delay the end. */
async function closeApp(app: FastifyInstance, dropUnused: () => void): Promise<void> {
  const sweeping = setInterval(dropUnused, sweepMs)
  try {
    await app.close()
  } finally {
    clearInterval(sweeping)
  }
}
