import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Apps, createApps } from './apps/catalog.ts'
import { createWorkbench, type Workbench } from './apps/workbench/workbench.ts'
import type { Config } from './config.ts'
import { type Corps, createCorps } from './corps/corps.ts'
import { createDevelopers, type Developers } from './developers/developers.ts'
import { createMirrors, type Mirrors } from './directory/mirror/mirrors.ts'
import { avatarLinks } from './directory/read/avatars.ts'
import { createDispatcher, type Dispatcher } from './messages/deliver/dispatcher.ts'
import { createMessages, type Messages } from './messages/fate/status.ts'
import { createMessageSettings, type MessageSettingsOfCorps } from './messages/settings/settings.ts'
import { createJobs, type Jobs } from './operation/jobs.ts'
import { createLog, describeError, type Log } from './operation/log.ts'
import { createMetrics, type Metrics } from './operation/metrics.ts'
import { createRoles, type Roles } from './people/roles.ts'
import { createSessions, type Sessions } from './people/sessions.ts'
import { createOutbound, type Outbound } from './security/outbound.ts'
import { createSeal, type Seal } from './security/seal.ts'
import { checkSecretKey } from './security/secret-key.ts'
import { persistently } from './storage/bus.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { createInbox, type Inbox } from './sync/events/inbox.ts'
import { createSync, type Sync } from './sync/sync.ts'
import { createWecomPool, type WecomPool } from './upstream/wecom/pool.ts'

const lastCallsMs = 3000

/** What features share. Built in this order; a part uses only what stands before it, or is asked later. */
export type Context = {
  config: Config
  log: Log
  /** Milliseconds since the epoch. */
  now(): number
  /** Unguessable and URL-safe. */
  newId(): string
  nodeId: string
  /** Aborted when the node stops. */
  stopping: AbortSignal
  seal: Seal
  database: Database
  db: Database['db']
  metrics: Metrics
  jobs: Jobs
  wecomPool: WecomPool
  outbound: Outbound
  /** Only for tests: how patient the client is. */
  wecomOptions: { retries?: number; timeoutMs?: number; concurrency?: number }
  corps: Corps
  roles: Roles
  sessions: Sessions
  workbench: Workbench
  developers: Developers
  apps: Apps
  mirrors: Mirrors
  inbox: Inbox
  sync: Sync
  messageSettings: MessageSettingsOfCorps
  messages: Messages
  dispatcher: Dispatcher
  publicUrl(): string
  /** Corps, agents, developers and secrets are few: all nodes read them anew when one changes. */
  reloadConfig(): Promise<void>
  close(): Promise<void>
}

export type Overrides = Partial<Pick<Context, 'log' | 'now' | 'wecomOptions' | 'nodeId'>>

export async function createContext(config: Config, overrides: Overrides = {}): Promise<Context> {
  const stop = new AbortController()
  const log = overrides.log ?? createLog(config.logLevel)
  const secretKey = config.secretKey || embeddedKey(config.dataDir)
  const seal = createSeal(secretKey, config.secretKeyOld)
  const database = await openDatabase(config, log)
  const ctx = {
    config,
    log,
    now: Date.now,
    newId: () => randomBytes(24).toString('base64url'),
    nodeId: randomBytes(6).toString('hex'),
    stopping: stop.signal,
    seal,
    database,
    db: database.db,
    metrics: createMetrics(),
    wecomPool: createWecomPool(config.outboundProxy ? { proxyUrl: config.outboundProxy } : {}),
    wecomOptions: {},
    outbound: createOutbound(config),
    publicUrl: () => config.publicUrl,
    ...overrides,
  } as Context
  try {
    await checkSecretKey(ctx)
    await addFeatures(ctx)
  } catch (error) {
    await database.close()
    throw error
  }
  ctx.close = async () => {
    stop.abort()
    await ctx.sync.stop()
    await ctx.dispatcher.stop()
    await ctx.jobs.stop()
    await ctx.developers.flush()
    // Upstream may keep a call open for longer than anybody waits for the end.
    await Promise.race([Promise.all([ctx.wecomPool.close(), ctx.outbound.close()]), delay(lastCallsMs)])
    await database.close()
  }
  return ctx
}

async function addFeatures(ctx: Context): Promise<void> {
  const { config, database, log, db, seal } = ctx
  ctx.jobs = await createJobs(config, database, log)
  ctx.corps = createCorps(ctx)
  ctx.roles = createRoles(ctx)
  ctx.developers = createDevelopers({ db, seal, now: () => ctx.now() })
  ctx.apps = createApps(ctx)
  const links = avatarLinks(ctx)
  ctx.mirrors = await createMirrors({
    db,
    bus: database.bus,
    log,
    nodeId: ctx.nodeId,
    capacity: config.memberCache,
    links,
    stopping: ctx.stopping,
  })
  ctx.inbox = createInbox(ctx)
  ctx.sync = createSync(ctx)
  ctx.messageSettings = createMessageSettings(ctx)
  ctx.messages = createMessages(ctx)
  ctx.dispatcher = createDispatcher(ctx)
  ctx.sessions = await createSessions(ctx)
  ctx.workbench = await createWorkbench(ctx)
  // One after the other: an older reading must not be the last to arrive.
  let reloading: Promise<void> = Promise.resolve()
  const reload = async () => {
    await Promise.all([
      ctx.corps.reload(),
      ctx.roles.reload(),
      ctx.developers.reload(),
      ctx.messageSettings.reload(),
      ctx.apps.reload(),
    ])
    for (const corp of ctx.corps.all()) await ctx.mirrors.load(corp.corpId)
    for (const mirror of ctx.mirrors.loaded()) {
      if (!ctx.corps.find(mirror.corpId)) ctx.mirrors.drop(mirror.corpId)
    }
  }
  ctx.reloadConfig = () => {
    reloading = reloading.then(reload, reload)
    return reloading
  }
  const reloadSoon = persistently(() => ctx.reloadConfig(), {
    stopping: ctx.stopping,
    onFailure: error => log.error(describeError(error), 'configuration not reloaded'),
  })
  await database.bus.listen('wisp_config', reloadSoon, reloadSoon)
  await ctx.reloadConfig()
}

/** With the embedded database the key is made once and kept beside it. */
function embeddedKey(dataDir: string): string {
  const path = join(dataDir, 'secret.key')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (!existsSync(path))
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return readFileSync(path, 'utf8').trim()
}
