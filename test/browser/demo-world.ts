import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { connectMessageCentre } from '../../scripts/demo/fill/message-centre.ts'
import { connectPayments } from '../../scripts/demo/fill/payments.ts'
import { sandboxInfo } from '../../scripts/demo/sandbox-control.ts'
import { addDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { insertSession } from '../../server/callers/sessions/session-store.ts'
import { absoluteMs } from '../../server/callers/sessions/sessions.ts'
import { ensureAdministrator } from '../../server/callers/sign-in/administrator.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { addCorp, agentUses, callbackSettings, putAgent } from '../../server/organisation/corps/corps.ts'
import { switchAllOn } from '../../server/organisation/corps/features/switch.ts'
import { memberOf, setRole } from '../../server/organisation/people/administrators.ts'
import { requestSync } from '../../server/organisation/sync/request.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { type Server, startServer } from '../../server/server.ts'

const actor = 'demo'
const demoApps = [
  ['请假审批', '办公'],
  ['会议室预订', '办公'],
  ['公文流转', '办公'],
  ['考勤', '人事'],
  ['工资条', '人事'],
  ['费用报销', '财务'],
  ['一码通', '后勤'],
  ['报修', '后勤'],
] as const

/** wisp beside a sandbox outside of tests: for people who look at pages, and for pictures of them. */
export type DemoWorld = {
  server: Server
  sandbox: Sandbox
  admin: { user: string; password: string }
  /** `name=value` of a member's session. */
  cookieOf(userId: string): Promise<string>
  close(): Promise<void>
}

export type DemoOptions = {
  /** No corp is connected. */
  isEmpty?: boolean
  /** A corp is connected and synced, and nobody has done anything yet. */
  isBare?: boolean
  members?: number
  /** Where browsers reach it, when something stands in front. */
  publicUrl?: string
  /** As soon as it listens: WeCom's callback comes through what stands in front. */
  onListening?: (url: string) => void
}

export async function startDemoWorld(options: DemoOptions = {}): Promise<DemoWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wisp-demo-'))
  const sandbox = await startSandbox({ members: options.members ?? 120, departments: 16, tags: 5, seed: 1 })
  const admin = { user: 'admin', password: 'admin-password-1' }
  const config = readConfig({
    WISP_PORT: '0',
    WISP_DATA_DIR: dataDir,
    WISP_ADMIN_PASSWORD: admin.password,
    WISP_OUTBOUND_ALLOW: '127.0.0.1',
    WISP_WECOM_URL: sandbox.url,
    WISP_WECOM_AUTHORIZE_URL: sandbox.url,
    WISP_WECOM_QR_URL: sandbox.url,
    WISP_PAY_URL: sandbox.url,
    WISP_WEIXIN_SCRIPT_URL: sandbox.pay.scriptUrl,
    ...(options.publicUrl ? { WISP_PUBLIC_URL: options.publicUrl } : {}),
  })
  const server = await startServer(config, { log: createLog('warn') })
  options.onListening?.(server.url)
  await ensureAdministrator(server.ctx)
  if (options.isBare) await connect(server, sandbox)
  else if (!options.isEmpty) await fill(server, sandbox)
  return {
    server,
    sandbox,
    admin,
    cookieOf: userId => cookieOf(server, sandbox.corpId, userId),
    async close() {
      await server.close()
      await sandbox.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Connected and synced, with all features on. */
async function connect({ ctx }: Server, sandbox: Sandbox) {
  const { corpId, contactSecret } = sandbox
  const info = await sandboxInfo(sandbox.url)
  await addCorp(ctx, actor, { corpId, name: '示例企业', contactSecret })
  await switchAllOn(ctx, actor, corpId)
  const agent = info.agents[0]
  if (!agent) throw new Error('the sandbox has no agent')
  await putAgent(ctx, actor, corpId, { ...agent, uses: [...agentUses] })
  await requestSync(ctx, actor, corpId, 'full')
  await ctx.sync.drain(corpId)
  return { info, agent }
}

/** With messages, an app and administrators. */
async function fill(server: Server, sandbox: Sandbox): Promise<void> {
  const { ctx } = server
  const { corpId } = sandbox
  const { info, agent } = await connect(server, sandbox)
  await connectMessageCentre(ctx, actor, info, agent.agentId)
  const developer = await addDeveloper(ctx, actor, corpId, { name: '示例开发者', owners: ['zhangsan'] })
  const { devId } = developer
  for (const [name, category] of demoApps)
    await addApp(ctx, actor, corpId, { name, category, homeUrl: 'https://app.example/', devId })
  await addApp(ctx, actor, corpId, { name: '示例应用', devId, agentId: agent.agentId })
  await connectPayments(ctx, actor, info, devId)
  await setRole(ctx, actor, corpId, 'zhangsan', { level: 2, departments: [] })
  const departmentId = memberOf(ctx, corpId, 'lisi').departments[0] ?? 1
  await setRole(ctx, actor, corpId, 'lisi', { level: 3, departments: [{ departmentId, manage: true }] })
  await post(`${sandbox.url}/_sandbox/callback`, callbackSettings(ctx, ctx.corps.get(corpId)))
  await sendSome(server.url, developer)
}

/** Messages of each kind, some to somebody who is not there. */
async function sendSome(url: string, developer: { devId: string; devSecret: string }): Promise<void> {
  const asked = await fetch(`${url}/api/token/getDevToken?${new URLSearchParams(developer)}`)
  const { body } = (await asked.json()) as { body: { devToken: string } }
  const send = (message: object) =>
    post(`${url}/api/message/send?devToken=${body.devToken}`, {
      agentName: '示例应用',
      title: '周报提醒',
      url: 'https://app.example/',
      ...message,
    })
  for (let n = 1; n <= 6; n++)
    await send({ toUser: 'zhangsan|lisi', sendType: '0', msgType: '01', content: `第 ${n} 次提醒` })
  await send({ toParty: '1', sendType: '2', content: '请在周五前提交周报。' })
  await send({ toUser: 'zhangsan|nobody', sendType: '0', msgType: '03', content: '收到请回复' })
  await send({ toUser: 'lisi', sendType: '0', msgType: '02', content: '没有图片' })
}

function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** A session as signing in makes it. */
async function cookieOf({ ctx }: Server, corpId: string, userId: string): Promise<string> {
  const value = ctx.newId()
  const createdAt = new Date(ctx.now())
  await insertSession(ctx.db, {
    id: createHash('sha256').update(value).digest('hex'),
    corpId,
    memberId: memberOf(ctx, corpId, userId).id,
    adminName: null,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + absoluteMs),
    acr: 2,
    amr: ['qr'],
  })
  return `wisp_session=${value}`
}
