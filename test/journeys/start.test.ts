import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { commandLine as builtCommands } from '../../bin/built.mjs'
import { Browser } from '../../sandbox/sign-in-samples/browser.fixture.ts'
import type { Demo } from '../../scripts/demo/demo-file.ts'
import { callerOf } from '../harness.ts'
import { programEnv } from '../program-env.ts'
import { isSoak, soak } from '../soak.ts'
import { until } from '../until.ts'
import { ready, type Start, start as startProcess, stop } from './start-process.ts'
import { asZhangsan, cookieOf } from './visitor.ts'

let base: string
let dataDir: string
const running: ChildProcess[] = []
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'wisp-start-'))
  dataDir = join(base, 'data')
})
afterEach(async () => {
  for (const child of running.splice(0)) await stop(child)
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

function start(env: Record<string, string> = {}): Start {
  const one = startProcess(dataDir, env)
  running.push(one.child)
  return one
}

/** The process id of the child that runs this script. */
function childOf(parent: ChildProcess, script: string): number {
  const pids = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(' ')
  const found = pids.find(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script))
  if (!found) throw new Error(`no ${script} among ${pids}`)
  return Number(found)
}

// biome-ignore lint/suspicious/noExplicitAny: each command answers in its own shape
async function commandLine(...words: string[]): Promise<any> {
  // `npm start` has built it.
  const argv = [builtCommands(), '--json', ...words]
  const env = { ...programEnv, WISP_DATA_DIR: dataDir }
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env })
  return JSON.parse(stdout)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function nameOf(demo: Demo, userId: string): Promise<string> {
  const { body } = await callerOf(demo.platformUrl, demo).get('/api/user/get', { userId })
  return body.userName
}

const account = {
  originalId: expect.stringMatching(/^gh_/),
  appId: expect.stringMatching(/^wx/),
  secret: expect.stringMatching(/./),
  token: expect.stringMatching(/^\w{3,32}$/),
  encodingAesKey: expect.stringMatching(/^\w{43}$/),
  mode: 'secure',
}

/** What becomes of the message of a follower of the first official account. */
async function say({ sandboxUrl, official }: Demo): Promise<unknown> {
  const originalId = official?.[0]?.originalId
  const followers = `${sandboxUrl}/_sandbox/official/followers?originalId=${originalId}&limit=1`
  const found = (await (await fetch(followers)).json()) as { followers: { openid: string }[] }
  const act = { originalId, openid: found.followers[0]?.openid, act: 'text', content: '你好', wait: true }
  const response = await fetch(`${sandboxUrl}/_sandbox/official/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(act),
  })
  return ((await response.json()) as { pushed: unknown }).pushed
}

/** The second corp is synced under the restrictions of 2022, and its callback is connected. */
async function expectNewCustomer({ corpId, second }: Demo): Promise<void> {
  if (!second) throw new Error('there is no second corp')
  expect(await commandLine('corp', 'list')).toMatchObject([
    { corpId, regime: 'full' },
    {
      corpId: second.corpId,
      regime: 'restricted',
      members: 39,
      callbackVerifiedAt: expect.any(String),
    },
  ])
  const info = await (await fetch(`${second.sandboxUrl}/_sandbox/info`)).json()
  expect(info).toMatchObject({ regime: 'restricted', trustedIps: { contact: expect.any(Array) } })
}

/** What a month leaves is there, each kind of it, as 张三 sees it. Returns how much. */
async function expectMonth(demo: Demo): Promise<object> {
  const ask = await asZhangsan(demo)
  const sum = (values: number[]) => values.reduce((all, one) => all + one, 0)
  const { whole } = await ask('/web/overview', { days: '30' })
  expect(whole.steps).toEqual([])
  const { list: needs } = await ask('/web/alerts', {})
  const told = needs.filter((one: { alert: unknown }) => one.alert !== null)
  expect(told.map((one: { kind: string }) => one.kind).toSorted()).toEqual([
    'refundAbnormal',
    'scopeEnds',
    'scopeRequested',
  ])
  const { calls, failures, messages, memberChanges } = whole.figures
  for (const values of [calls, failures, memberChanges]) expect(sum(values)).toBeGreaterThan(5)
  expect(calls.filter((n: number) => n > 0).length).toBeGreaterThan(27)
  const channels = messages.filter((one: { values: number[] }) => sum(one.values) > 0)
  expect(channels.map((one: { channel: string }) => one.channel)).toEqual([
    'wecom',
    'email',
    'sms',
    'official',
  ])
  for (const state of ['sent', 'failed', 'recalled', 'unknown', 'queued'])
    expect((await ask('/web/messages/list', { state })).total, state).toBeGreaterThan(0)
  for (const state of ['open', 'overdue', 'paid', 'refunded', 'closed'])
    expect((await ask('/web/payments/bills', { state })).total, state).toBeGreaterThan(0)
  const originalId = demo.official?.[0]?.originalId ?? ''
  const talks = await ask('/web/official/conversations', { originalId })
  const masses = await ask('/web/official/masses', { originalId })
  expect([talks.list.length, masses.list.length]).toEqual([expect.toSatisfy(n => n > 3), 1])
  const announced = (await ask('/web/portal/announcements')).list.length
  expect(announced).toBe(1)
  const [source] = (await ask('/web/directory/sources')).list
  const runs = (await ask('/web/directory/sources/runs', { sourceId: String(source.id) })).list
  expect(runs).toMatchObject([
    { state: 'preview', counts: { joiners: 2, movers: 1, leavers: 1 } },
    { state: 'done', failed: 0, counts: { joiners: 3, movers: 1, leavers: 0 } },
  ])
  const own = await ask('/web/developers/own')
  expect(own.list.map((one: { name: string }) => one.name)).toEqual(
    expect.arrayContaining(['示例开发者', '后勤系统']),
  )
  for (const path of [
    '/web/sign-ins',
    '/web/developers/data-reads',
    '/web/developers/people-read',
    '/web/todos/unrecognised',
    '/web/console/todos/delegations',
  ])
    expect((await ask(path)).total, path).toBeGreaterThan(1)
  const paid = (await ask('/web/payments/bills', { state: 'paid' })).list as { paidAt: string }[]
  expect(new Set(paid.map(one => one.paidAt.slice(0, 10))).size).toBeGreaterThan(3)
  const { total } = await ask('/web/messages/list')
  return { bills: (await ask('/web/payments/bills')).total, talks: talks.list.length, total, announced }
}

/** The steps of the tour that its visitor does in the two applications that know nothing of wisp. */
async function expectOneSignIn(demo: Demo): Promise<void> {
  const [oidcUrl, casUrl] = [demo.oidc?.redirectUri, demo.cas?.service].map(one => new URL(one ?? '').origin)
  const browser = new Browser(demo.platformUrl, await cookieOf(demo, 'zhangsan'))
  const isDone = (step: string) => async () => {
    const tour = await (await fetch(`${demo.sandboxUrl}/_sandbox/tour`)).json()
    return (tour as { done: string[] }).done.includes(step)
  }
  for (const url of [oidcUrl, casUrl]) expect((await browser.open(`${url}/sign-in`)).url).toBe(`${url}/`)
  await until('the sign-ins on the tour', isDone('sso'))
  await browser.open(`${oidcUrl}/sign-out`)
  await until('the sign-outs on the tour', isDone('sso-out'), 20_000)
}

/** Somebody asks 张三 for leave: two to-dos of the sample application, and a card, whose press finishes one of them. */
async function expectLeave(demo: Demo): Promise<void> {
  const ask = await asZhangsan(demo)
  const open = async () => {
    const lists = [await ask('/web/todos', { view: 'todo' }), await ask('/web/todos', { view: 'read' })]
    return lists.flatMap(({ list }) => (list as { title: string }[]).map(one => one.title))
  }
  await until('the to-dos', async () => (await open()).includes('李四申请请假 2 天'), 30_000, 200)
  expect(await open()).toEqual(expect.arrayContaining(['李四申请请假 2 天', '新版员工手册']))
  const card = await until('the card', async () => {
    const url = `${demo.sandboxUrl}/_sandbox/messages?channel=wecom&limit=1000`
    const { messages } = (await (await fetch(url)).json()) as {
      messages: { msgId: string; content: { main_title?: { title: string } } }[]
    }
    return messages.find(one => one.content.main_title?.title === '李四申请请假 2 天')
  })
  await fetch(`${demo.sandboxUrl}/_sandbox/cards/press`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ msgId: card.msgId, userid: 'zhangsan', key: 'agree' }),
  })
  await until('the end of the to-do', async () => !(await open()).includes('李四申请请假 2 天'), 20_000, 200)
}

/** The OA that knows nothing of wisp has sent 张三 something to do, and tells when that is done. */
async function expectOaTodo(demo: Demo): Promise<void> {
  expect(demo.todoSource).toMatchObject({
    kind: 'weaver',
    base: expect.stringContaining('/api/todo/source/'),
  })
  const ask = await asZhangsan(demo)
  const titles = async (view: 'todo' | 'ended') =>
    ((await ask('/web/todos', { view, words: '用印申请' })).list as { appName: string }[]).map(
      one => one.appName,
    )
  await until('the to-do of the OA', async () => (await titles('todo')).includes('小 OA'))
  await fetch(`${demo.oaUrl}/task/OA-2026-0001/done`, { method: 'POST', redirect: 'manual' })
  expect(await titles('ended')).toEqual(['小 OA'])
  const tour = await (await fetch(`${demo.sandboxUrl}/_sandbox/tour`)).json()
  expect((tour as { done: string[] }).done).toContain('oa-done')
}

/** A start may have to build the pages first. */
const startsMs = 180_000

describe('npm start', { timeout: startsMs }, () => {
  let month: object
  it('brings up a connected, synced platform whose printed commands work as they are', async () => {
    const first = await ready(start())
    const demo = first.demo()
    expect(statSync(join(dataDir, 'demo.json')).mode & 0o777).toBe(0o600)
    expect(demo).toMatchObject({
      platformUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      sandboxUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      corpId: expect.stringMatching(/^ww/),
      admin: { user: 'admin', password: expect.stringMatching(/^\S{8,}$/) },
      contactSecret: expect.stringMatching(/./),
      contactCallback: {
        token: expect.stringMatching(/^\w{3,32}$/),
        encodingAesKey: expect.stringMatching(/^\w{43}$/),
      },
      official: [account, account],
      pay: {
        mchId: expect.stringMatching(/^\d+$/),
        appId: expect.stringMatching(/^app/),
        appUrl: `${demo.platformUrl}/pay`,
      },
      second: { corpId: expect.stringMatching(/^ww/), agentId: expect.any(Number) },
      oidc: {
        issuer: `${demo.platformUrl}/oidc/${demo.corpId}`,
        clientId: expect.stringMatching(/^wisp-/),
        clientSecret: expect.stringMatching(/^[\w-]{43}$/),
        redirectUri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      },
      cas: {
        base: `${demo.platformUrl}/cas/${demo.corpId}`,
        service: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      },
      compat: {
        base: `${demo.platformUrl}/compat/wecom`,
        id: demo.corpId,
        secret: expect.stringMatching(/^[\w-]{43}$/),
        agentId: demo.agentId,
      },
      hasHistory: true,
    })
    await expectNewCustomer(demo)
    expect(await say(demo)).toBe('answered')
    expect(first.output()).toContain(demo.admin.password)
    // The log of a demo is shown to others.
    expect(readFileSync(join(dataDir, 'wisp.log'), 'utf8')).not.toContain(demo.admin.password)
    const commands = first
      .output()
      .split('\n')
      .filter(line => /^ {2}(curl|TOKEN=)/.test(line))
    expect(commands.length).toBeGreaterThan(4)
    // After a change in WeCom the script waits for a line, as a person takes longer than a callback needs.
    const pause = (line: string) => (line.includes('/_sandbox/admin/') ? '\nread' : '')
    const script = commands.map(line => `${line}\necho${pause(line)}`).join('\n')
    const typing = promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script])
    await until('the change', async () => (await nameOf(demo, 'zhangsan')) === '张三丰')
    typing.child.stdin?.end('\n')
    const { stdout } = await typing
    const answers = stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
    const refused = answers.filter(one => 'retCode' in one && one.retCode !== '0')
    expect(refused).toEqual([])
    expect(answers.filter(one => 'retCode' in one).length).toBeGreaterThan(3)
    expect(answers.findLast(one => one.body?.userId === 'zhangsan').body.userName).toBe('张三丰')

    const ticket = await callerOf(demo.platformUrl, demo).post('/api/ticket/issue', {
      userId: 'zhangsan',
      appId: demo.appId,
    })
    const { jessionId } = ticket.body
    const info = await callerOf(demo.platformUrl, demo).get('/api/user/getInfo', { jessionId })
    expect(info.body).toMatchObject({ userId: 'zhangsan', roleLevel: 2 })

    // The sample application is in the app centre, with the menu that it provided.
    const { sampleUrl, appId, sandboxUrl } = demo
    const home = await fetch(`${sampleUrl}/?jessionId=${jessionId}`, { redirect: 'manual' })
    const cookie = home.headers.get('set-cookie')?.split(';')[0] ?? ''
    const me = await fetch(`${sampleUrl}/app/me`, { headers: { cookie } })
    expect(await me.json()).toMatchObject({ userId: 'zhangsan', userName: '张三丰' })
    expect(await commandLine('app', 'list', '--corp', demo.corpId)).toMatchObject([
      { id: appId, name: '示例应用', homeUrl: `${sampleUrl}/`, syncMenu: true },
      { name: '统一支付', builtin: 'payments' },
      { name: '示例 LDAP 软件' },
      { name: '审批', homeUrl: `${sampleUrl}/approval` },
      { name: '公告', homeUrl: `${sampleUrl}/notice` },
      { name: '示例 OpenID Connect', homeUrl: demo.oidc?.redirectUri.replace('/callback', '/sign-in') },
      { name: '示例 CAS', homeUrl: `${demo.cas?.service}sign-in` },
      { name: '小 OA', homeUrl: `${demo.oaUrl}/` },
      { name: '校园图书馆', homeUrl: 'https://library.example/' },
    ])
    expect((await commandLine('app', 'menu', appId, '--corp', demo.corpId)).menuList[0]).toMatchObject({
      path: `${sampleUrl}/`,
    })
    expect(first.output().trimEnd()).toMatch(new RegExp(`${sandboxUrl}/tour$`))
    const tour = await (await fetch(`${sandboxUrl}/_sandbox/tour`)).json()
    expect(tour).toMatchObject({ platform: { platformUrl: demo.platformUrl, sampleUrl, appId } })

    await expectOneSignIn(demo)
    await expectOaTodo(demo)
    await expectLeave(demo)
    month = await expectMonth(demo)

    const second = start()
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(`${dataDir} 已有一个 wisp 在运行`)

    const pids = ['sandbox/main.ts', 'server/main.ts', 'sample-app/main.ts'].map(script =>
      childOf(first.child, script),
    )
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])
  })

  it('goes on where it was, on other ports, and after SIGKILL', async () => {
    const before = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as Demo
    // As a version left it that knew no official accounts, no payments, no second corp, and filled in no month.
    const older = { ...before, official: undefined, pay: undefined, second: undefined, hasHistory: undefined }
    writeFileSync(join(dataDir, 'demo.json'), JSON.stringify(older))
    const again = await ready(start())
    const demo = again.demo()
    const { platformUrl, sandboxUrl, sampleUrl, pay, second, oidc, cas, compat, ldap, oaUrl, ...rest } =
      before
    const { todoSource, ...same } = rest
    expect(new URL(demo.todoSource?.base ?? '').pathname).toBe(new URL(todoSource?.base ?? '').pathname)
    expect([oaUrl, demo.oaUrl]).toEqual([expect.any(String), expect.any(String)])
    const { mchId, appId } = pay ?? {}
    expect(demo.second).toMatchObject({ corpId: second?.corpId, contactSecret: second?.contactSecret })
    expect(demo).toMatchObject({ ...same, pay: { mchId, appId, appUrl: `${demo.platformUrl}/pay` } })
    // Their addresses have moved with the platform's; who they are has not.
    expect(demo.oidc).toMatchObject({
      issuer: `${demo.platformUrl}/oidc/${demo.corpId}`,
      clientId: oidc?.clientId,
      clientSecret: oidc?.clientSecret,
    })
    expect([cas?.base, demo.cas?.base]).toEqual(
      [before, demo].map(one => `${one.platformUrl}/cas/${one.corpId}`),
    )
    expect(demo.ldap).toEqual({ ...ldap, url: demo.ldap?.url })
    expect(demo.compat).toEqual({ ...compat, base: `${demo.platformUrl}/compat/wecom` })
    expect(demo.platformUrl).not.toBe(platformUrl)
    expect(demo.sampleUrl).not.toBe(sampleUrl)
    const [app] = await commandLine('app', 'list', '--corp', demo.corpId)
    expect([app.homeUrl, app.syncUrl]).toEqual([`${demo.sampleUrl}/`, `${demo.sampleUrl}/menu`])
    expect(await nameOf(demo, 'zhangsan')).toBe('张三丰')
    expect(await expectMonth(demo)).toEqual(month)
    expect(await say(demo)).toBe('answered')
    await rename(demo, 'lisi', '李四光')

    const orphans = ['sandbox/main.ts', 'server/main.ts'].map(script => childOf(again.child, script))
    again.child.kill('SIGKILL')
    await again.ended
    await expect.poll(() => orphans.filter(isAlive), { timeout: 15_000 }).toEqual([])

    const third = await ready(start())
    expect(await nameOf(third.demo(), 'lisi')).toBe('李四光')
    const wisp = childOf(third.child, 'server/main.ts')
    process.kill(childOf(third.child, 'sandbox/main.ts'), 'SIGKILL')
    expect(await third.ended).toBe(1)
    expect(third.output()).toMatch(/沙箱 意外停止（SIGKILL）/)
    expect(isAlive(wisp)).toBe(false)

    if (!isSoak) return
    const fourth = await ready(start())
    expect(await nameOf(fourth.demo(), 'lisi')).toBe('李四光')
    await rename(fourth.demo(), 'lisi', '李四')
  })

  it('says which port is busy and how to take another', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    for (const name of soak(['WISP_SAMPLE_PORT'], ['WISP_PORT', 'WISP_SANDBOX_PORT', 'WISP_SAMPLE_PORT'])) {
      const one = start({ [name]: String(port) })
      expect(await one.ended).toBe(1)
      expect(one.output()).toContain(`端口 ${port} 已被其他程序占用`)
      expect(one.output()).toContain(`${name}=`)
    }
    server.close()
  })
})

/** Renames a member in WeCom's console; resolves when the callback has brought the change to wisp. */
async function rename(demo: Demo, userid: string, name: string): Promise<void> {
  const answer = await fetch(`${demo.sandboxUrl}/_sandbox/admin/user/update`, {
    method: 'POST',
    body: JSON.stringify({ userid, name }),
  })
  expect(await answer.json()).toMatchObject({ errcode: 0 })
  await expect.poll(() => nameOf(demo, userid), { timeout: 5000 }).toBe(name)
}
