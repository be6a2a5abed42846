import type { FastifyInstance } from 'fastify'
import { scheduleAlerts } from './alerts/jobs.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { type Context, createContext, type Overrides } from './context.ts'
import { noteAddressRegularly } from './corps/doctor/addresses.ts'
import { scheduleMessageJobs } from './messages/jobs.ts'
import { describeError } from './operation/log.ts'
import { scheduleRetention } from './operation/retention.ts'
import { scheduleReconciliation } from './payments/reconciliation/days.ts'
import { retention } from './registry/retention.ts'
import { scheduleNightly } from './sync/nightly.ts'

export type Server = { url: string; ctx: Context; app: FastifyInstance; close(): Promise<void> }

const flushMs = 5000
const secondMs = 1000
const sweepMs = 50

/** Starts wisp. Closing it drains: calls under way are answered, and events being applied are finished. */
export async function startServer(config: Config, overrides: Overrides = {}): Promise<Server> {
  const ctx = await createContext(config, overrides)
  try {
    const app = await createApp(ctx)
    const url = await app.listen({ host: config.host, port: config.port })
    config.publicUrl ||= url
    ctx.queue.start()
    noteAddressRegularly(ctx)
    ctx.dispatcher.start()
    await scheduleNightly(ctx)
    await scheduleMessageJobs(ctx)
    await scheduleAlerts(ctx)
    await scheduleReconciliation(ctx)
    await scheduleRetention(ctx, retention)
    await ctx.jobs.dropForgotten()
    const flushing = setInterval(() => {
      ctx.developers.flush().catch(error => ctx.log.error(describeError(error), 'usage not written'))
    }, flushMs)
    const sharing = regularly(
      secondMs,
      () => ctx.limits.share(),
      error => ctx.log.error(describeError(error), 'use of limits not shared'),
    )
    const logging = regularly(
      secondMs,
      () => ctx.requests.flush(),
      error => ctx.log.error(describeError(error), 'request log not written'),
    )
    const closeAll = async () => {
      clearInterval(flushing)
      clearInterval(logging)
      clearInterval(sharing)
      ctx.workbench.unread.stopWaiting()
      ctx.talk.stopWaiting()
      ctx.streams.close()
      await closeApp(app)
      await ctx.close()
    }
    let closing: Promise<void> | undefined
    const close = () => {
      closing ??= closeAll()
      return closing
    }
    return { url, ctx, app, close }
  } catch (error) {
    await ctx.close()
    throw error
  }
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

/** A connection that is busy when the server closes becomes idle after its answer; kept alive, it would delay the end. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const sweeping = setInterval(() => app.server.closeIdleConnections(), sweepMs)
  try {
    await app.close()
  } finally {
    clearInterval(sweeping)
  }
}
