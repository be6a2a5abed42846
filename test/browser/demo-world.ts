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
import { addAnnouncement } from '../../server/features/announcements/announcements.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { toEveryone } from '../../server/features/apps/visibility.ts'
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
  await giveMorning(server, corpId)
}

const hourMs = 3_600_000

/** To-dos of 张三 and announcements, as on the first page of a usual morning. */
async function giveMorning({ ctx, url }: Server, corpId: string): Promise<void> {
  const until = new Date(ctx.now() + 48 * hourMs)
  for (const [title, isImportant] of [
    ['食堂二楼今天检修', false],
    ['国庆放假安排与值班表', true],
  ] as const)
    await addAnnouncement(ctx, actor, corpId, {
      title,
      content: '详见办公室通知。',
      isImportant,
      visibility: toEveryone,
      from: undefined,
      until,
    })
  const oa = await addDeveloper(ctx, actor, corpId, { name: 'OA', scopes: ['todo:write'] })
  const app = { name: 'OA 审批', category: '办公', homeUrl: 'https://app.example/', devId: oa.devId }
  const { id: agentId } = await addApp(ctx, actor, corpId, app)
  const list = (
    [
      ['李四的年假申请（3 天）', 3],
      ['十一月考勤异常确认，涉及您部门的五名同事', -15],
      ['办公用品采购', 75],
      ['出差审批', undefined],
    ] as const
  ).map(([title, hours], n) => ({
    todoNo: `morning-${n}`,
    userId: 'zhangsan',
    agentId,
    title,
    url: 'https://app.example/',
    ...(hours === undefined ? {} : { dueAt: new Date(ctx.now() + hours * hourMs).toISOString() }),
  }))
  await post(`${url}/api/todo/put?devToken=${await tokenOf(url, oa)}`, { list })
}

async function tokenOf(url: string, { devId, devSecret }: { devId: string; devSecret: string }) {
  const asked = await fetch(`${url}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret })}`)
  const { body } = (await asked.json()) as { body: { devToken: string } }
  return body.devToken
}

/** Messages of each kind, some to somebody who is not there. */
async function sendSome(url: string, developer: { devId: string; devSecret: string }): Promise<void> {
  const devToken = await tokenOf(url, developer)
  const send = (message: object) =>
    post(`${url}/api/message/send?devToken=${devToken}`, {
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
