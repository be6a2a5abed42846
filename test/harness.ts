import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import type { DeveloperSettings } from '../server/callers/developers/admin/settings.ts'
import { addDeveloper } from '../server/callers/developers/developer-admin.ts'
import type { Context, Overrides } from '../server/context.ts'
import {
  callbackSettings as agentCallbackSettings,
  setUpCallback,
} from '../server/features/agents/callbacks/set-callback.ts'
import type { Account, AccountKind } from '../server/features/official/accounts/accounts.ts'
import {
  bindAccount,
  type NewAccount,
  callbackSettings as officialCallback,
} from '../server/features/official/accounts/bind.ts'
import { addCorp, callbackSettings, putAgent } from '../server/organisation/corps/corps.ts'
import { switchAllOn } from '../server/organisation/corps/features/switch.ts'
import { requestSync } from '../server/organisation/sync/request.ts'
import { readConfig } from '../server/platform/config.ts'
import { checkBody } from '../server/platform/http/shape.fixture.ts'
import { createLog } from '../server/platform/operation/log.ts'
import { taskState } from '../server/platform/queue/queue-store.ts'
import { type Server, startServer } from '../server/server.ts'
import { declaredEvents } from './declared-events.ts'
import { removeLater, worldClosed, worldOpened } from './leftovers.ts'
import { createDatabaseAt, dropDatabaseAt } from './postgres.ts'
import { until } from './until.ts'

export type Body = Record<string, unknown>
export type Answer = {
  status: number
  headers: Headers
  retCode: string
  retMessage: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any
}

/** wisp with a sandbox, used over HTTP as anybody would use them. */
export type World = {
  sandbox: Sandbox
  server: Server
  ctx: Context
  /** Environment of the server, for starting a second node or starting again. */
  env: Record<string, string>
  /** Offset of the server's clock from real time, in ms; changed by hand only. */
  clock: { offsetMs: number }
  corpId: string
  dev: Caller
  addDeveloper(settings?: Partial<DeveloperSettings>): Promise<Caller>
  sync(kind?: 'full' | 'reconcile' | 'dry-run'): Promise<number>
  /** Makes the sandbox send its callbacks to this server. */
  connectCallback(): Promise<void>
  /** Resolves when all callbacks and hints have been applied. */
  settle(): Promise<void>
  /**
   * Binds one of the sandbox's official accounts and has it push to this server: a verified 服务号, an unverified 公众号, or with
   * `verified` a verified one.
   */
  bindOfficial(kind?: AccountKind, settings?: Partial<NewAccount>): Promise<Account>
  /** Resolves when every push of the account has been delivered and acted on. */
  settleOfficial(account: Account): Promise<void>
  /** Adds an agent of the sandbox, the first unless another is named, and has WeCom push what it hears to this server. */
  connectAgent(agentId?: number): Promise<number>
  /** Resolves when every push to the agent has been delivered and acted on. */
  settleAgent(agentId: number): Promise<void>
  control(path: string, body?: unknown, method?: string): Promise<Body>
  /** Makes a change in WeCom's own console, which triggers callbacks. */
  admin(operation: string, body: Body): Promise<Body>
  close(): Promise<void>
}

/** Makes calls as one developer; a devToken is added to paths without one. */
export type Caller = {
  devId: string
  devSecret: string
  token(): Promise<string>
  get(path: string, query?: Record<string, string | number>): Promise<Answer>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
}

export type WorldOptions = {
  members?: number
  departments?: number
  tags?: number
  seed?: number
  env?: Record<string, string>
  overrides?: Overrides
  /** Whether the corp is connected and synced; true by default. */
  synced?: boolean
  /** The sandbox's clock is moved with the server's; otherwise WeCom stays in real time. */
  isOneClock?: boolean
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { members = 60, departments = 12, tags = 4, seed = 1 } = options
  const clock = { offsetMs: 0 }
  const now = () => Date.now() + clock.offsetMs
  const sandbox = await startSandbox({
    members,
    departments,
    tags,
    seed,
    ...(options.isOneClock ? { now } : {}),
  })
  const env = {
    ...(await databaseEnv()),
    WISP_WECOM_URL: sandbox.url,
    WISP_WECOM_AUTHORIZE_URL: sandbox.url,
    WISP_WECOM_QR_URL: sandbox.url,
    WISP_OFFICIAL_URL: sandbox.official.url,
    WISP_OFFICIAL_AUTHORIZE_URL: sandbox.official.url,
    WISP_PAY_URL: sandbox.url,
    WISP_WEIXIN_SCRIPT_URL: sandbox.pay.scriptUrl,
    ...options.env,
  }
  const overrides = { log: createLog('silent'), now, ...options.overrides }
  const server = await startServer(readConfig(env), overrides, { jobsByHand: true })
  worldOpened()
  const { ctx } = server
  const { corpId } = sandbox
  if (options.synced !== false) {
    await addCorp(ctx, 'test', { corpId, name: '测试企业', contactSecret: sandbox.contactSecret })
    await switchAllOn(ctx, 'test', corpId)
    await requestSync(ctx, 'test', corpId, 'full')
    await ctx.sync.drain(corpId)
  }
  const checkEvents = declaredEvents(ctx.offered)
  const newCaller = async (settings: Partial<DeveloperSettings> = {}) =>
    callerOf(
      server.url,
      await addDeveloper(ctx, 'test', corpId, { name: '测试', ownAgents: false, ...settings }),
    )
  const control = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
    fetchJson(`${sandbox.url}/_sandbox/${path}`, method, body)
  return {
    sandbox,
    server,
    ctx,
    env,
    clock,
    corpId,
    dev: options.synced === false ? (undefined as unknown as Caller) : await newCaller(),
    addDeveloper: newCaller,
    async sync(kind = 'full') {
      const id = await requestSync(ctx, 'test', corpId, kind)
      await ctx.sync.drain(corpId)
      return id
    },
    async connectCallback() {
      const saved = await control('callback', callbackSettings(ctx, ctx.corps.get(corpId)))
      if (saved['error']) throw new Error(String(saved['error']))
      // It is noted after the answer, and must not be dated by a clock that a test sets next.
      await until('the verification', () => ctx.corps.get(corpId).callbackVerifiedAt !== null)
    },
    async settle() {
      await until('all callbacks', async () => (await control('callback'))['pending'] === 0, 60_000)
      await ctx.sync.drain(corpId)
    },
    async bindOfficial(kind = 'service', settings = {}) {
      const verified = settings.verified ?? kind === 'service'
      const found = sandbox.official.accounts.find(one => one.kind === kind && one.verified === verified)
      if (!found) throw new Error('the sandbox has no such official account')
      const account = await bindAccount(ctx, 'test', corpId, { ...found, ...settings })
      const { originalId } = account
      const { callbackUrl: url, ...callback } = officialCallback(ctx, account)
      const connected = await control('official/configure', { originalId, url, ...callback })
      if (connected['ok'] !== true) throw new Error(JSON.stringify(connected))
      await until('the verification', () => ctx.accounts.get(corpId, originalId).callbackVerifiedAt !== null)
      return ctx.accounts.get(corpId, originalId)
    },
    async settleOfficial({ originalId }) {
      const isPushed = async () => (await control(`official/state?originalId=${originalId}`))['pending'] === 0
      await until('all pushes', isPushed, 60_000)
      await actedOn(ctx, { corpId, stream: 'official', key: originalId })
    },
    async connectAgent(agentId = sandbox.agents[0]?.agentId ?? 0) {
      const agent = sandbox.agents.find(one => one.agentId === agentId)
      if (!agent) throw new Error('the sandbox has no such agent')
      await putAgent(ctx, 'test', corpId, { ...agent, uses: ['messages'] })
      const callback = await setUpCallback(ctx, 'test', corpId, agentId)
      const saved = await control('agents/callback', { agentId, ...agentCallbackSettings(ctx, callback) })
      if (saved['error']) throw new Error(String(saved['error']))
      await until('the verification', () => ctx.agents.callbackOf(corpId, agentId)?.verifiedAt !== null)
      return agentId
    },
    async settleAgent(agentId) {
      await until('all pushes', async () => (await control('agents'))['pending'] === 0, 60_000)
      await actedOn(ctx, { corpId, stream: 'agent', key: String(agentId) })
    },
    control,
    admin: (operation, body) => control(`admin/${operation}`, body),
    async close() {
      await server.close()
      await sandbox.close()
      await worldClosed()
      checkEvents()
    },
  }
}

async function actedOn(ctx: Context, task: Parameters<typeof taskState>[1]): Promise<void> {
  await until('the pushes acted on', async () => {
    const state = await taskState(ctx.db, task)
    return !state || (state.nodeId === null && state.dueAt.getTime() > ctx.now())
  })
}

/** Environment for a server on a new, migrated database in this run's PostgreSQL. */
export async function databaseEnv(): Promise<Record<string, string>> {
  const postgresUrl = inject('postgresUrl')
  const url = await createDatabaseAt(postgresUrl, inject('template'))
  removeLater(() => dropDatabaseAt(postgresUrl, url))
  return {
    ...embeddedEnv(),
    ...waysTo(url),
    WISP_SECRET_KEY: 'a key for tests only, 32 characters',
  }
}

function waysTo(url: string): Record<string, string> {
  const port = inject('poolerPort')
  if (port === 0) return { WISP_DATABASE_URL: url }
  const through = new URL(url)
  through.port = String(port)
  return { WISP_DATABASE_URL: through.href, WISP_DATABASE_DIRECT_URL: url }
}

/** Environment for a server on an embedded PostgreSQL that does not exist yet, as without any settings. */
export function embeddedEnv(): Record<string, string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wisp-test-'))
  removeLater(async () => rmSync(dataDir, { recursive: true, force: true }))
  return { WISP_PORT: '0', WISP_DATA_DIR: dataDir, WISP_OUTBOUND_ALLOW: '127.0.0.1' }
}

export function callerOf(url: string, developer: { devId: string; devSecret: string }): Caller {
  let cached: Promise<string> | undefined
  const token = () => {
    cached ??= call(`${url}/api/token/getDevToken?${new URLSearchParams(developer)}`).then(answer =>
      String(answer.body.devToken),
    )
    return cached
  }
  return {
    ...developer,
    token,
    async get(path, query = {}) {
      const all = new URLSearchParams({ devToken: await token() })
      for (const [name, value] of Object.entries(query)) all.set(name, String(value))
      return call(`${url}${path}?${all}`)
    },
    async post(path, body, headers = {}) {
      return call(`${url}${path}?devToken=${await token()}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    },
  }
}

export async function call(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const parsed = (await response.json()) as Omit<Answer, 'status' | 'headers'>
  if (parsed.retCode === '0') checkBody(new URL(url).pathname, parsed.body)
  return { ...parsed, status: response.status, headers: response.headers }
}

async function fetchJson(url: string, method: string, body: unknown): Promise<Body> {
  const init =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, init)
  return (await response.json()) as Body
}
