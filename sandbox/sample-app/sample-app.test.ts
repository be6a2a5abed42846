import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { syncMenu } from '../../server/features/apps/menus/menu-sync.ts'
import { setChannel } from '../../server/features/channels/settings/settings.ts'
import { shownWecom } from '../../server/features/messages/messages.fixture.ts'
import { putAgent } from '../../server/organisation/corps/corps.ts'
import { memberPerson } from '../../server/organisation/directory/permissions/person.ts'
import { memberOf, setRole } from '../../server/organisation/people/administrators.ts'
import { startWorld, type World } from '../../test/harness.ts'
import { until } from '../../test/until.ts'
import { messagesOf } from '../test-caller.ts'
import { type SampleApp, startSampleApp } from './sample-app.ts'

let world: World
let sample: SampleApp
let appId: string
let other: SampleApp
beforeAll(async () => {
  world = await startWorld({ members: 80 })
  const { ctx, corpId, sandbox, server } = world
  const agent = sandbox.agents[0]!
  await putAgent(ctx, 'test', corpId, { ...agent, uses: ['messages'] })
  await setChannel(ctx, 'test', corpId, 'wecom', { agentId: agent.agentId })
  const developer = await world.addDeveloper({ scopes: ['directory:read', 'message:send', 'ticket:issue'] })
  sample = await startSampleApp({ url: server.url, ...developer, askAgainMs: 300 })
  const foreign = await world.addDeveloper()
  other = await startSampleApp({ url: server.url, ...foreign })
  const settings = {
    name: '示例应用',
    devId: developer.devId,
    agentId: agent.agentId,
    homeUrl: `${sample.url}/`,
    syncMenu: true,
    syncUrl: `${sample.url}/menu?from=test`,
  }
  appId = (await addApp(ctx, 'test', corpId, settings)).id
  ticketFor = async userId => {
    const { body } = await developer.post('/api/ticket/issue', { userId, appId })
    return body.jessionId
  }
  await setRole(ctx, 'test', corpId, 'zhangsan', { level: 2, departments: [] })
})
afterAll(async () => {
  await sample?.close()
  await other?.close()
  await world?.close()
})

let ticketFor: (userId: string) => Promise<string>

/** Opens the application as the portal's frame does: with a ticket, following the redirect to the session. */
async function open(userId: string, path = '/') {
  const jessionId = await ticketFor(userId)
  const answer = await fetch(`${sample.url}${path}?a=1&jessionId=${jessionId}`, { redirect: 'manual' })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const ask = async (way: string, init: RequestInit = {}) => {
    const got = await fetch(`${sample.url}/app/${way}`, {
      ...init,
      headers: { cookie, 'content-type': 'application/json', ...init.headers },
    })
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return { status: got.status, body: (await got.json()) as any }
  }
  return { jessionId, answer, cookie, ask }
}

test('a visitor with a ticket is signed in, the ticket leaves the address, and the server knows who came', async () => {
  const { answer, cookie, ask } = await open('zhangsan', '/people')
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/people?a=1'])
  expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax$/)
  expect(cookie).toMatch(/^sample_visit=[\w-]{22}$/)
  expect((await ask('me')).body).toMatchObject({
    userId: 'zhangsan',
    userName: '张三',
    roleLevel: 2,
    orgList: [expect.objectContaining({ orgName: expect.any(String) })],
  })
})

test('a dead ticket, one of another developer, or none: 请重新登录', async () => {
  const answer = await fetch(`${sample.url}/?jessionId=nonsense`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null])
  const me = await fetch(`${sample.url}/app/me`)
  expect([me.status, await me.json()]).toEqual([401, { error: '请重新登录' }])
  const jessionId = await ticketFor('lisi')
  const signIn = (url: string) =>
    fetch(`${url}/app/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jessionId }),
    })
  expect((await signIn(other.url)).status).toBe(401)
  expect((await signIn(sample.url)).status).toBe(200)
})

test('the address book as far as the visitor may see it, and a search', async () => {
  const { ask } = await open('zhangsan')
  const { list } = (await ask('tree')).body
  expect(list.length).toBeGreaterThan(5)
  const { body } = await ask(`members?orgId=${list[1].orgId}`)
  expect(body).toMatchObject({ total: expect.any(Number), list: expect.any(Array) })
  expect((await ask('search?name=zs')).body.list[0]).toMatchObject({ userId: 'zhangsan' })
  const wangwu = await open('wangwu')
  expect((await wangwu.ask('tree')).body.list.length).toBeLessThan(list.length)
  expect((await ask('members?orgId=99999')).body.error).toContain('无效的部门')
})

test('a message to the visitor arrives on the phone; from another site nothing is sent', async () => {
  const { ask } = await open('zhangsan')
  const body = JSON.stringify({ kind: 'card', title: '您好', content: '来自示例应用', url: sample.url })
  expect((await ask('message', { method: 'POST', body })).body).toMatchObject({ status: 'sent' })
  const [message] = await messagesOf(world.sandbox, { to: 'zhangsan' })
  expect(message).toMatchObject({ msgtype: 'textcard', content: { title: expect.stringContaining('您好') } })
  const evil = await ask('message', { method: 'POST', body, headers: { origin: 'https://evil.example' } })
  expect(evil.status).toBe(400)
  expect(await messagesOf(world.sandbox, { to: 'zhangsan' })).toHaveLength(1)
})

test('the menu comes in the single quotes of the document, to wisp alone, and wisp takes it over in order', async () => {
  const { ctx, corpId } = world
  const asked = await fetch(`${sample.url}/menu?id=1&userId=zhangsan&jessionId=nonsense`)
  expect(asked.status).toBe(403)
  const raw = await fetch(`${sample.url}/menu?id=1&userId=zhangsan&jessionId=${await ticketFor('zhangsan')}`)
  expect(await raw.text()).toMatch(/^\{'menuList': \[\{'name': '帮助','path': 'http/)
  const person = memberPerson(ctx, corpId, memberOf(ctx, corpId, 'zhangsan'))
  const outcome = await syncMenu(ctx, { ...person, actor: 'zhangsan' }, ctx.apps.get(corpId, appId))
  expect(outcome).toMatchObject({ outcome: 'new', items: 11, error: '' })
  const menu = await ctx.apps.menuOf(ctx.apps.get(corpId, appId))
  expect(menu.map(item => item.name)).toEqual(['首页', '平台能力', '我的工作', '帮助'])
  expect(menu[2]?.children[1]?.children.map(item => item.name)).toEqual(['月报', '年报'])
})

test('the log names the calls of this visitor, and no secret', async () => {
  const { ask, jessionId } = await open('zhangsan')
  await ask('tree')
  const { calls } = (await ask('calls')).body
  expect(calls.map((call: { path: string }) => call.path)).toEqual(['/api/org/list', '/api/user/getInfo'])
  expect(JSON.stringify(calls)).not.toContain(jessionId)
  expect(JSON.stringify(calls)).toContain('jessionId=…')
})

test('only wisp may frame the pages', async () => {
  const answer = await fetch(`${sample.url}/popup`)
  const policy = answer.headers.get('content-security-policy')!
  expect(policy).toContain(`frame-ancestors ${new URL(world.server.url).origin}`)
  expect(policy).toContain("script-src 'self'")
  expect((await fetch(`${sample.url}/pages/sdk.js`)).status).toBe(200)
  for (const path of ['/pages/..%2fmain.ts', '/pages/main.ts', '/nothing'])
    expect((await fetch(sample.url + path)).status).toBe(404)
})

test('an address that names another host leads nowhere else', async () => {
  const jessionId = await ticketFor('zhangsan')
  // A plain request is used because fetch would normalise the path.
  const location = await new Promise<string | undefined>(resolve => {
    const { port } = new URL(sample.url)
    request({ port, path: `//evil.example/people?jessionId=${jessionId}` }, answer =>
      resolve(answer.headers.location),
    ).end()
  })
  expect(location).toBeUndefined()
})

test('when the app is disabled its visitors are out', async () => {
  const { ctx, corpId } = world
  const { ask } = await open('lisi')
  expect((await ask('me')).status).toBe(200)
  await setApp(ctx, 'test', corpId, appId, { enabled: false })
  await expect.poll(async () => (await ask('me')).status).toBe(401)
  await setApp(ctx, 'test', corpId, appId, { enabled: true })
})

test('asks for leave by a to-do and a card, and a press on the card finishes the to-do', async () => {
  const { server } = world
  await world.connectAgent()
  const dev = await world.addDeveloper({
    scopes: ['message:send', 'todo:read', 'todo:write', 'webhook:manage'],
  })
  const settings = { name: '请假', homeUrl: 'https://leave.example.com/', devId: dev.devId }
  const { id } = await addApp(world.ctx, 'test', world.corpId, settings)
  const steps: string[] = []
  const leaves = { appId: id, approver: 'zhangsan' }
  const start = () =>
    startSampleApp({ url: server.url, ...dev, leaves, onStep: step => void steps.push(step) })
  const card = () =>
    until('the card', async () =>
      (await shownWecom(world)).find(one => JSON.stringify(one.content).includes('李四申请请假 2 天')),
    )
  const open = async () => {
    const { list } = (await dev.get('/api/todo/list', { agentId: id, state: 'open' })).body
    return list.map((one: { title: string }) => one.title)
  }
  let desk = await start()
  const { msgId } = await card()
  expect(await open()).toEqual(expect.arrayContaining(['李四申请请假 2 天', '新版员工手册']))
  await desk.close()
  // What is pressed while it is away is found at its next start.
  await world.control('cards/press', { msgId, userid: 'zhangsan', key: 'agree' })
  desk = await start()
  await until('the step', async () => steps.includes('approve'))
  expect(await open()).toEqual(['新版员工手册'])
  await desk.close()
})
