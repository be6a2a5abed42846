import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { createApp } from './app.ts'
import { type Context, createContext, type Overrides } from './context.ts'
import { allFeatures } from './features.ts'
import type { Config } from './platform/config.ts'
import { quietMs } from './platform/operation/draining.ts'
import { describeError } from './platform/operation/log.ts'
import { followConnections } from './platform/upkeep/connections.ts'
import { listen } from './platform/upkeep/listen.ts'
import { pruneAll } from './platform/upkeep/retention.ts'
import { writeUpstreams } from './platform/upkeep/upstreams-file.ts'

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
    await ctx.database.presence?.begin({
      outdated(newer) {
        ctx.log.error({ newer }, 'a newer wisp has migrated the database: this node stops')
        onOutdated?.(newer)
      },
      failure: error => ctx.log.warn(describeError(error), 'node not recorded as alive'),
      trouble: problem => ctx.log.warn({ problem }, 'a node needs attention'),
      silence: ctx.missed.silentNode,
    })
    const refuse = () => {
      if (draining.isRefusing) return
      draining.refuse()
      connections.keepFor(quietMs)
      for (const one of allFeatures) one.drain?.(ctx as never)
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
        ctx.database.presence?.leave()
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

/** What a node does beside answering. Returns what ends that; the rest ends with the context. */
async function beginWork(ctx: Context, jobsByHand: boolean): Promise<() => void> {
  ctx.queue.start()
  const ends: (() => void)[] = []
  for (const { start } of allFeatures) {
    const end = await start?.(ctx as never)
    if (end) ends.push(end)
  }
  for (const { schedule } of allFeatures) schedule?.(ctx as never)
  // After the nightly reconcile and before people start to work.
  ctx.jobs.schedule('retention', '15 3 * * *', () => pruneAll(ctx, ctx.offered.retention))
  if (!jobsByHand) await ctx.jobs.start()
  if (!jobsByHand && ctx.database.isFirst) ctx.missed.started()
  return () => {
    for (const end of ends) end()
  }
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
