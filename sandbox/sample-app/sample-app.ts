import Fastify, { type FastifyInstance } from 'fastify'
import { CallLog } from './call-log.ts'
import { runLeaveDesk } from './leave-desk.ts'
import { routeOwnCalls } from './own-calls.ts'
import { routePages } from './pages.ts'
import type { Parts, Step } from './parts.ts'
import { Visits } from './visits.ts'
import { type WispAccount, WispApi } from './wisp-api.ts'

export interface SampleAppOptions extends WispAccount {
  /** With 0, the default, a free port is chosen. */
  port?: number
  host?: string
  /** How long wisp's answer about a visitor is used before asking again; half a minute by default. */
  askAgainMs?: number
  /** Its id at wisp and who decides about leaves; without it nobody asks for leave. */
  leaves?: { appId: string; approver: string }
  /** Called when somebody opened the application or its popup, wisp fetched its menu, or a leave was decided. */
  onStep?: (step: Step) => void
}

/** A running third-party application. It uses nothing of wisp but the documented API and the SDK's browser part. */
export interface SampleApp {
  /** Without a slash at the end. */
  url: string
  close(): Promise<void>
}

/** Rejects when the port is taken. */
export async function startSampleApp(options: SampleAppOptions): Promise<SampleApp> {
  const log = new CallLog()
  const wispUrl = new URL(options.url).origin
  const api = new WispApi({ ...options, url: options.url.replace(/\/+$/, '') }, log)
  let url = ''
  const onStep = options.onStep ?? (() => undefined)
  const app = buildApp({
    api,
    visits: new Visits(api, options.askAgainMs ?? 30_000),
    log,
    wispUrl,
    onStep,
    url: () => url,
  })
  url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  const closing = new AbortController()
  const desk = options.leaves
    ? runLeaveDesk({
        ...options.leaves,
        api,
        url,
        signal: closing.signal,
        onDecided: () => onStep('approve'),
      })
    : undefined
  return {
    url,
    async close() {
      closing.abort()
      await desk
      await app.close()
    },
  }
}

function buildApp(parts: Parts): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 64 * 1024 })
  routeOwnCalls(app, parts)
  routePages(app, parts)
  return app
}
