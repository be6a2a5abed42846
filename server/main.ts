import './platform/operation/heap.ts'
import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { ensureAdministrator } from './callers/sign-in/administrator.ts'
import type { Context } from './context.ts'
import { type Config, ConfigError, readConfig } from './platform/config.ts'
import { ApiError } from './platform/http/errors.ts'
import { StartError } from './platform/operation/start-error.ts'
import { SealError } from './platform/security/seal.ts'
import { type Server, startServer } from './server.ts'

/** Of what is under way, after the time for balancers. */
const stopWithinMs = 30_000
/** npm passes on the signal that a terminal has already sent to all its processes. */
const sameSignalMs = 500
const databaseWithinMs = 2000
const endSignals = ['SIGTERM', 'SIGINT'] as const
type EndSignal = (typeof endSignals)[number]

/** Nothing may be left running, whenever the signal comes: a start that has begun the embedded PostgreSQL ends first. */
let stopSignal: EndSignal | undefined
let server: Server | undefined

async function main(): Promise<void> {
  const config = readConfig(process.env)
  for (const name of endSignals) process.on(name, () => onSignal(name, config))
  server = await startServer(config, {}, { prepare, onOutdated })
  const { log } = server.ctx
  if (stopSignal) return stop(server, stopSignal)
  const database = config.databaseUrl ? 'postgresql' : 'embedded'
  log.info({ url: server.url, database }, 'wisp is ready')
  // This comes last, because the receiver may stop this process at once.
  process.send?.({ ready: server.url })
}

async function prepare(ctx: Context): Promise<void> {
  for (const { name, nearest } of ctx.config.unknown)
    ctx.log.warn({ variable: name, ...(nearest && { nearest }) }, 'unknown environment variable')
  const admin = await ensureAdministrator(ctx)
  // It must not get into the log, which is kept and read by others.
  if (admin)
    console.error(
      `系统超级管理员 ${admin.user} 的密码: ${admin.password}（登录之前每次启动都会显示，首次登录须修改）`,
    )
}

/** Ends as at SIGTERM; the exit code tells the supervisor that nobody asked for it. */
function onOutdated(): void {
  if (stopSignal) return
  stopSignal = 'SIGTERM'
  if (server) void stop(server, 'SIGTERM', 1)
}

let signalledAt = 0

function onSignal(name: EndSignal, { databaseUrl }: Config): void {
  const isFirst = stopSignal === undefined
  if (!isFirst && performance.now() - signalledAt < sameSignalMs) return
  signalledAt = performance.now()
  stopSignal = name
  if (!isFirst) void endAtOnce(name)
  else if (server) void stop(server, name)
  // Nobody is served yet, and a transaction that is cut off leaves nothing.
  else if (databaseUrl) process.exit(128 + constants.signals[name])
}

/** A terminal's Ctrl-C leaves no time to balancers: there are none. */
async function stop(server: Server, signal: EndSignal, exitCode = 0): Promise<void> {
  const { log, config } = server.ctx
  const graceSeconds = signal === 'SIGTERM' ? config.drainSeconds : 0
  log.info({ signal, graceSeconds }, 'stopping')
  setTimeout(() => process.exit(1), graceSeconds * 1000 + stopWithinMs).unref()
  await server.drain(graceSeconds)
  await server.close()
  process.exit(exitCode)
}

/** At a second signal. The embedded PostgreSQL is stopped all the same. */
async function endAtOnce(signal: EndSignal): Promise<void> {
  const closing = server?.ctx.config.databaseUrl
    ? undefined
    : server?.ctx.database.close().catch(() => undefined)
  if (closing) await Promise.race([closing, delay(databaseWithinMs)])
  process.exit(128 + constants.signals[signal])
}

/** What the operator can mend is one sentence in both languages; anything else is a fault, with its stack. */
function explain(error: unknown): unknown {
  if (error instanceof ApiError) return `wisp: ${error.message}\n${error.messageIn('en')}`
  const isExpected = [ConfigError, StartError, SealError].some(kind => error instanceof kind)
  return isExpected ? `wisp: ${(error as Error).message}` : error
}

main().catch(error => {
  console.error(explain(error))
  process.exit(1)
})
