import { join, resolve } from 'node:path'
import { compatBase } from '../server/features/compat-wecom/names.ts'
import { type Config, ConfigError, readConfig } from '../server/platform/config.ts'
import { createLog } from '../server/platform/operation/log.ts'
import { StartError } from '../server/platform/operation/start-error.ts'
import { type EmbeddedUse, openEmbedded } from '../server/platform/storage/embedded/embedded.ts'
import { buildCommands } from './build-commands.ts'
import { buildPages } from './build-pages.ts'
import { buildSdk } from './build-sdk.ts'
import { Administrator } from './demo/administrator.ts'
import {
  type Child,
  ChildFailed,
  firstMessage,
  isRunning,
  orEnd,
  startChild,
  stopChild,
  tail,
} from './demo/children.ts'
import { AlreadyStarted, backupsBeside, ownDataDirectory } from './demo/data-directory.ts'
import { openDemoDatabase } from './demo/demo-database.ts'
import { type Demo, type DemoCas, type DemoOidc, readDemo, writeDemo } from './demo/demo-file.ts'
import type { SetupResult } from './demo/fill/sample-corp.ts'
import { followSample, followSignIns, followVisitor } from './demo/follow-tour.ts'
import { watchOwner } from './demo/owner.ts'
import { claimNamed, claimPort, claimSpare, portOf } from './demo/ports.ts'
import {
  allowLoopbackNotices,
  connectAgents,
  connectCallback,
  connectOfficialAccounts,
  type SandboxInfo,
  sandboxInfo,
  tellTour,
} from './demo/sandbox-control.ts'
import { startSmallOa } from './demo/small-oa.ts'
import { alreadyStarted, greeting } from './demo/words.ts'

/**
 * `npm start` (README.md#the-two-commands) starts wisp, a sandbox WeCom and a sample application, each in a process of its own,
 * and connects and syncs them.
 */
const startedAt = Date.now()
const sandboxPortDefault = 3001
const smtpPortDefault = 3025

type Plan = {
  config: Config
  dataDir: string
  wispUrl: string
  sandboxUrl: string
  smtpPort: number
  samplePort: number
  oidcPort: number
  casPort: number
  oaPort: number
  secondUrl: string
  ldapUrl: string
  wispEnv: Record<string, string>
  sandboxEnv: Record<string, string>
}

class Stopped extends Error {}

const children: Child[] = []
let embedded: EmbeddedUse | undefined
let database: ReturnType<typeof openDemoDatabase> | undefined
let stopping: string | undefined
const stopped = new AbortController()

function start(name: string, script: string, env: Record<string, string>, log: string): Child {
  // After a request to stop no further process must be started.
  if (stopping) throw new Stopped()
  const child = startChild({ name, script, env, logPath: log })
  children.push(child)
  return child
}

async function plan(config: Config): Promise<Plan> {
  const { dataDir, host } = config
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const port = await claimNamed('WISP_PORT', claimPort(host, config.port))
  const wanted = portOf('WISP_SANDBOX_PORT', sandboxPortDefault)
  const sandboxPort = await claimNamed('WISP_SANDBOX_PORT', claimPort('127.0.0.1', wanted))
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const smtpPort = await claimSpare('WISP_SANDBOX_SMTP_PORT', smtpPortDefault)
  const taken = [port, smtpPort]
  const beside = async (name: string, n: number) => {
    const claimed = await claimSpare(name, wanted === 0 ? 0 : sandboxPort + n, taken)
    taken.push(claimed)
    return claimed
  }
  const samplePort = await beside('WISP_SAMPLE_PORT', 1)
  const secondPort = await beside('WISP_SANDBOX_SECOND_PORT', 2)
  const secondUrl = `http://127.0.0.1:${secondPort}`
  const oidcPort = await beside('WISP_SAMPLE_OIDC_PORT', 3)
  const casPort = await beside('WISP_SAMPLE_CAS_PORT', 4)
  const oaPort = await beside('WISP_OA_PORT', 5)
  const ldapPort = await beside('WISP_LDAP_PORT', 6)
  return {
    config,
    dataDir,
    ldapUrl: `ldap://127.0.0.1:${ldapPort}`,
    wispUrl: `http://${local.includes(':') ? `[${local}]` : local}:${port}`,
    sandboxUrl,
    smtpPort,
    samplePort,
    oidcPort,
    casPort,
    oaPort,
    secondUrl,
    wispEnv: {
      WISP_PORT: String(port),
      WISP_DATA_DIR: dataDir,
      WISP_LDAP_PORT: String(ldapPort),
      WISP_LDAP_PLAIN: '127.0.0.1',
      WISP_DRAIN_SECONDS: process.env['WISP_DRAIN_SECONDS'] ?? '0',
      WISP_WECOM_URL: sandboxUrl,
      WISP_WECOM_AUTHORIZE_URL: sandboxUrl,
      WISP_WECOM_QR_URL: sandboxUrl,
      WISP_OFFICIAL_URL: `${sandboxUrl}/official`,
      WISP_OFFICIAL_AUTHORIZE_URL: `${sandboxUrl}/official`,
      WISP_PAY_URL: sandboxUrl,
      WISP_WEIXIN_SCRIPT_URL: `${sandboxUrl}/official/open/js/jweixin-1.6.0.js`,
      WISP_BACKUP_DIR: config.backupDir || backupsBeside(dataDir),
      WISP_OUTBOUND_ALLOW: [...config.outboundAllow, '127.0.0.1'].join(','),
    },
    sandboxEnv: {
      WISP_SANDBOX_PORT: String(sandboxPort),
      WISP_SANDBOX_SMTP_PORT: String(smtpPort),
      WISP_SANDBOX_SECOND_PORT: String(secondPort),
      WISP_SANDBOX_DATA_DIR: join(dataDir, 'sandbox'),
    },
  }
}

type DemoParts = { demo: Demo; info: SandboxInfo; sampleUrl: string; password: string | undefined }

async function startAll(plan: Plan): Promise<DemoParts> {
  const known = readDemo(plan.dataDir)
  const built = Promise.all([buildPages(), buildSdk(), buildCommands()])
  // An earlier error is reported first; this one is awaited below.
  built.catch(() => undefined)
  const sandboxLog = join(plan.dataDir, 'sandbox.log')
  const startSandbox = () => start('沙箱', 'sandbox/main.ts', plan.sandboxEnv, sandboxLog)
  let info: SandboxInfo | undefined
  let filled: SetupResult | undefined
  if (!known) {
    console.log('首次启动：创建数据库，生成并同步示例企业…')
    const sandbox = startSandbox()
    await orEnd(sandbox, openDatabase(plan.config))
    filled = await orEnd(sandbox, fill(plan))
    info = await orEnd(sandbox, sandboxInfo(plan.sandboxUrl))
  }
  await Promise.all([built, openDatabase(plan.config)])
  const wisp = start('wisp', 'server/main.ts', plan.wispEnv, join(plan.dataDir, 'wisp.log'))
  await firstMessage(wisp)
  const { pay, compat, ldap, ...rest } = known ?? (filled as SetupResult)
  const demo: Demo = {
    ...rest,
    platformUrl: plan.wispUrl,
    sandboxUrl: plan.sandboxUrl,
    ...(rest.second && { second: { ...rest.second, sandboxUrl: plan.secondUrl } }),
    ...(pay && { pay: { ...pay, appUrl: `${plan.wispUrl}/pay` } }),
    ...(compat && { compat: { ...compat, base: `${plan.wispUrl}${compatBase}` } }),
    ...(ldap && { ldap: { ...ldap, url: plan.ldapUrl } }),
  }
  // wisp is already listening, so that events which the sandbox had not delivered before it was stopped
  // arrive now.
  const [sandbox, sampleUrl] = await Promise.all([
    info ?? orEnd(startSandbox(), bothCorps(plan)),
    startSample(plan, demo),
  ])
  if (!demo.agents || !demo.official || !demo.pay || !demo.second || !demo.compat || !demo.ldap)
    await catchUp(plan, demo)
  await Promise.all([connectCallback(demo, demo), demo.second && connectCallback(demo, demo.second)])
  await connectAgents(demo)
  await connectOfficialAccounts(demo)
  await allowLoopbackNotices(demo)
  const isEntered = await enterSampleApps(plan, demo, sampleUrl)
  Object.assign(demo, await startSignInSamples(plan, demo), await startOa(plan, demo))
  const written = { ...demo, ...(isEntered && { sampleUrl }) }
  writeDemo(plan.dataDir, written)
  if (!demo.hasHistory && (await fillHistory(plan))) writeDemo(plan.dataDir, { ...written, hasHistory: true })
  database = openDemoDatabase(embedded?.url ?? plan.config.databaseUrl)
  const administrator = new Administrator(database, demo.admin)
  const password = await administrator.password()
  await tellTour(demo, sampleUrl, password)
  void followVisitor({ db: database, demo, sampleUrl, administrator }, stopped.signal)
  return { demo, info: sandbox, sampleUrl, password }
}

/** The first corp, once the second one answers too. */
async function bothCorps({ sandboxUrl, secondUrl }: Plan): Promise<SandboxInfo> {
  const [first] = await Promise.all([sandboxInfo(sandboxUrl), sandboxInfo(secondUrl)])
  return first
}

/** Keeps the database open for as long as everything runs, also while the processes that use it come and go. */
async function openDatabase({ databaseUrl, dataDir, secretKey }: Config): Promise<void> {
  if (databaseUrl || embedded) return
  const log = createLog('silent')
  embedded = await openEmbedded({ dataDir, log, makesKey: !secretKey, fallbackUser: 'nobody' })
}

async function startSample(plan: Plan, demo: Demo): Promise<string> {
  const env = {
    WISP_SAMPLE_PORT: String(plan.samplePort),
    WISP_SAMPLE_WISP_URL: demo.platformUrl,
    WISP_SAMPLE_DEV_ID: demo.devId,
    WISP_SAMPLE_DEV_SECRET: demo.devSecret,
    WISP_SAMPLE_APP_ID: demo.appId,
  }
  const log = join(plan.dataDir, 'sample-app.log')
  const sample = start('示例应用', 'sandbox/sample-app/main.ts', env, log)
  const { sampleUrl } = await firstMessage<{ sampleUrl: string }>(sample)
  followSample(demo, sample)
  return sampleUrl
}

/** wisp works without them too, so a failure is only reported, and the next start tries again. */
async function startSignInSamples(plan: Plan, demo: Demo): Promise<Pick<Demo, 'oidc' | 'cas'>> {
  const { dataDir, wispEnv, oidcPort, casPort } = plan
  const env = {
    ...wispEnv,
    WISP_DEMO_CORP: demo.corpId,
    WISP_DEMO_OIDC_URL: `http://127.0.0.1:${oidcPort}`,
    WISP_DEMO_CAS_URL: `http://127.0.0.1:${casPort}`,
  }
  try {
    const binding = start(
      '绑定登录示例',
      'scripts/demo/fill/sign-in-samples.ts',
      env,
      join(dataDir, 'sign-in-setup.log'),
    )
    const { oidc, cas } = await firstMessage<{ oidc: DemoOidc; cas: DemoCas }>(binding)
    await binding.exited
    const sampleEnv = {
      WISP_SAMPLE_OIDC_PORT: String(oidcPort),
      WISP_SAMPLE_OIDC_ISSUER: oidc.issuer,
      WISP_SAMPLE_OIDC_CLIENT_ID: oidc.clientId,
      WISP_SAMPLE_OIDC_CLIENT_SECRET: oidc.clientSecret,
      WISP_SAMPLE_CAS_PORT: String(casPort),
      WISP_SAMPLE_CAS_BASE: cas.base,
    }
    const log = join(dataDir, 'sign-in-samples.log')
    const samples = start('登录示例', 'sandbox/sign-in-samples/main.ts', sampleEnv, log)
    await firstMessage(samples)
    followSignIns(demo, samples)
    return { oidc, cas }
  } catch (error) {
    if (stopping) throw error
    console.warn(`注意：登录示例没有启动（${(error as Error).message}）`)
    return {}
  }
}

/** wisp works without it too, so a failure is only reported, and the next start tries again. */
async function startOa(plan: Plan, demo: Demo): Promise<Pick<Demo, 'todoSource' | 'oaUrl'>> {
  try {
    return await startSmallOa(start, plan, demo)
  } catch (error) {
    if (stopping) throw error
    console.warn(`注意：小 OA 没有启动（${(error as Error).message}）`)
    return {}
  }
}

/** What an earlier version did not do at its first start. */
async function catchUp(plan: Plan, demo: Demo): Promise<void> {
  const env = {
    ...plan.wispEnv,
    WISP_DEMO_DEV_ID: demo.devId,
    WISP_DEMO_SECOND_URL: plan.secondUrl,
    WISP_DEMO_KNOWS_COMPAT: demo.compat ? 'yes' : 'no',
    WISP_DEMO_KNOWS_LDAP: demo.ldap ? 'yes' : 'no',
  }
  const adding = start(
    '绑定公众号和商户号',
    'scripts/demo/fill/catch-up.ts',
    env,
    join(plan.dataDir, 'catch-up.log'),
  )
  const { agents, official, pay, second, compat, ldap } =
    await firstMessage<Pick<SetupResult, 'agents' | 'official' | 'pay' | 'second' | 'compat' | 'ldap'>>(
      adding,
    )
  await adding.exited
  if (agents) demo.agents = agents
  if (official) demo.official = official
  if (second) demo.second = second
  if (compat) demo.compat = { ...compat, base: `${demo.platformUrl}${compatBase}` }
  if (ldap) demo.ldap = { ...ldap, url: plan.ldapUrl }
  if (pay) demo.pay = { ...pay, appUrl: `${demo.platformUrl}/pay` }
}

/** wisp works without the sample apps too, so a failure is only reported, and the next start tries again. */
async function enterSampleApps(plan: Plan, demo: Demo, sampleUrl: string): Promise<boolean> {
  if (demo.sampleUrl === sampleUrl) return true
  const env = {
    ...plan.wispEnv,
    WISP_SAMPLE_URL: sampleUrl,
    WISP_SAMPLE_DEV_ID: demo.devId,
    WISP_SAMPLE_KNOWN: demo.sampleUrl === undefined ? 'no' : 'yes',
  }
  try {
    const log = join(plan.dataDir, 'sample-apps.log')
    const entering = start('登记示例应用', 'scripts/demo/fill/sample-apps.ts', env, log)
    await firstMessage(entering)
    await entering.exited
    return true
  } catch (error) {
    console.warn(`注意：示例应用没有登记到应用中心（${(error as Error).message}）`)
    return false
  }
}

/** wisp works without it too, so a failure is only reported, and the next start goes on with it. */
async function fillHistory(plan: Plan): Promise<boolean> {
  const log = join(plan.dataDir, 'history.log')
  console.log('  填入一个月的消息、账单、会话和调用…')
  try {
    const filling = start('填入示例数据', 'scripts/demo/fill/history/history.ts', plan.wispEnv, log)
    await firstMessage(filling)
    await filling.exited
    return true
  } catch (error) {
    if (stopping) throw error
    console.warn(`注意：示例数据没有填完（${(error as Error).message}）`)
    return false
  }
}

/** Runs in a process of its own, so that its memory is freed afterwards. */
async function fill(plan: Plan): Promise<SetupResult> {
  const log = join(plan.dataDir, 'setup.log')
  const env = { ...plan.wispEnv, WISP_DEMO_SECOND_URL: plan.secondUrl }
  const setup = start('初始化', 'scripts/demo/fill/setup.ts', env, log)
  const done = new Promise<SetupResult>(resolve => {
    setup.process.on('message', (word: { done?: SetupResult; synced?: number; members?: number }) => {
      if (word.done) resolve(word.done)
      else console.log(`  已同步 ${word.synced} / ${word.members} 名成员`)
    })
  })
  const result = await orEnd(setup, done)
  await setup.exited
  return result
}

/** Checks that the developer of demo.json still gets a token, because somebody may have changed it. */
async function checkDeveloper(demo: Demo): Promise<void> {
  const query = new URLSearchParams({ devId: demo.devId, devSecret: demo.devSecret })
  const response = await fetch(`${demo.platformUrl}/api/token/getDevToken?${query}`)
  const { retCode, retMessage } = (await response.json()) as { retCode: string; retMessage: string }
  if (retCode !== '0') {
    console.warn(
      `注意：demo.json 中的开发者不能取得 devToken（${retCode} ${retMessage}）。删除 demo.json 再启动会重新生成。`,
    )
  }
}

async function stopAll(): Promise<void> {
  await Promise.all(children.map(stopChild))
}

async function main(): Promise<number> {
  const config = readConfig(process.env)
  const release = ownDataDirectory(config.dataDir)
  try {
    const planned = await plan(config)
    const { demo, info, sampleUrl, password } = await startAll(planned)
    await checkDeveloper(demo)
    const seconds = (Date.now() - startedAt) / 1000
    const smtp = `smtp://127.0.0.1:${planned.smtpPort}`
    const { dataDir } = config
    console.log(greeting(demo, { dataDir, members: info.members, seconds, smtp, sampleUrl, password }))
    const running = children.filter(isRunning)
    const first = await Promise.race(running.map(async child => ({ child, how: await child.exited })))
    if (stopping) return 0
    console.error(
      `\n${first.child.name} 意外停止（${first.how}），其余的也已停止。日志结尾：\n${tail(first.child)}`,
    )
    return 1
  } finally {
    await stopAll()
    await database?.destroy()
    await embedded?.close()
    release()
  }
}

function stop(why: string): void {
  if (!stopping) console.log('\n正在停止…')
  stopping ??= why
  stopped.abort()
  void stopAll()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
// An error of writing to a closed terminal must not prevent the other processes from being stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
watchOwner(() => stop('npm is gone'))

function explain(error: unknown, dataDir: string): string {
  if (error instanceof AlreadyStarted) return alreadyStarted(dataDir)
  if ([ConfigError, ChildFailed, StartError].some(kind => error instanceof kind))
    return (error as Error).message
  return String((error as Error).stack ?? error)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!stopping) {
    console.error(`\n没有启动：${explain(error, resolve(process.env['WISP_DATA_DIR'] || './data'))}`)
    process.exitCode = 1
  }
}
process.exit()
