import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { admin, type Caller, callerOf, control } from '../test-caller.ts'

let sandbox: Sandbox
let agent: Caller
let now = Date.now()
beforeAll(async () => {
  sandbox = await startSandbox({ members: 120, now: () => now })
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.reset({ members: 120 }))

const back = 'https://wisp.example/signin/callback'

function address(path: string, change: Record<string, string | undefined> = {}): string {
  const given = {
    appid: sandbox.corpId,
    agentid: String(sandbox.agents[0]!.agentId),
    redirect_uri: back,
    state: 'State1',
    ...change,
  }
  const query = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${key === 'state' ? value : encodeURIComponent(value)}`],
  )
  return `${path}?${query.join('&')}`
}
const oauth = (change: Record<string, string | undefined> = {}) =>
  address('/connect/oauth2/authorize', { response_type: 'code', scope: 'snsapi_base', ...change })
const qr = (change: Record<string, string | undefined> = {}) =>
  address('/wwlogin/sso/login', { login_type: 'CorpApp', ...change })

const choose = (url: string, answer: object) => control(sandbox, 'POST', 'sign-in/choose', { url, ...answer })
const people = async (url: string, search = '') => {
  const query = new URLSearchParams({ url, search })
  const { body } = await control(sandbox, 'GET', `sign-in/people?${query}`)
  return body['people'] as { userid: string; why: string; asks: boolean; recent: boolean }[]
}

test('a choice leads back with a code for that member, once, and the state as it was', async () => {
  const url = `${oauth({ state: 'a%20b+c' })}#wechat_redirect`
  expect((await fetch(sandbox.url + url)).status).toBe(200)
  const { body } = await choose(url, { userid: 'ZhangSan' })
  const location = String(body['location'])
  expect(location).toMatch(/^https:\/\/wisp\.example\/signin\/callback\?code=[\w-]{40,512}&state=a%20b\+c$/)
  const code = new URL(location).searchParams.get('code')!
  expect(await agent.get('auth/getuserinfo', { code })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    userid: 'zhangsan',
  })
  expect((await agent.get('auth/getuserinfo', { code })).errcode).toBe(40029)
})

test('a query and a fragment of redirect_uri stay', async () => {
  const { body } = await choose(oauth({ redirect_uri: `${back}?to=%2Fportal#part` }), { refuse: true })
  expect(body).toEqual({ location: `${back}?to=%2Fportal&state=State1#part` })
})

test('who refuses comes back without a code, a stranger with an openid', async () => {
  expect((await choose(oauth(), { refuse: true })).body).toEqual({ location: `${back}?state=State1` })
  const { body } = await choose(oauth(), { external: true })
  const code = new URL(String(body['location'])).searchParams.get('code')!
  expect(await agent.get('auth/getuserinfo', { code })).toMatchObject({
    openid: expect.stringMatching(/^oe/),
  })
  expect((await choose(qr(), { external: true })).status).toBe(400)
})

test.each([
  ['another corp', () => oauth({ appid: 'wwother' }), '没有企业 wwother', '40013'],
  ['no corp', () => qr({ appid: undefined }), 'appid 为空', '40013'],
  ['no response_type', () => oauth({ response_type: undefined }), 'response_type 必须是 code', ''],
  ['an unknown scope', () => oauth({ scope: 'snsapi_login' }), 'scope 必须是', ''],
  ['an unknown agent', () => oauth({ agentid: '5' }), '企业没有应用 5', '40056'],
  [
    'consent without agent',
    () => oauth({ scope: 'snsapi_privateinfo', agentid: undefined }),
    '缺少 agentid',
    '41011',
  ],
  ['a code without agent', () => qr({ agentid: undefined }), '缺少 agentid', '41011'],
  ['no address', () => oauth({ redirect_uri: undefined }), '缺少 redirect_uri', ''],
  [
    'a script for an address',
    () => oauth({ redirect_uri: 'javascript:alert(1)' }),
    'redirect_uri 不是网址',
    '',
  ],
  ['a long state', () => oauth({ state: 'x'.repeat(129) }), 'state 超过 128 字节', ''],
  ['a third party login', () => qr({ login_type: 'ServiceApp' }), 'login_type 必须是 CorpApp', ''],
])('%s gets a page that says so, and no code', async (_name, url, words, code) => {
  const answer = await fetch(sandbox.url + url())
  const page = await answer.text()
  expect([answer.status, page]).toEqual([400, expect.stringContaining(words)])
  expect(page).toContain('不是真的企业微信')
  if (code) expect(page).toContain(`错误码：${code}`)
  expect((await choose(url(), { userid: 'zhangsan' })).status).toBe(400)
})

test('what the address says never becomes markup', async () => {
  const page = await (await fetch(sandbox.url + oauth({ appid: '<img src=x onerror=alert(1)>' }))).text()
  expect(page).toContain('&lt;img src=x')
  expect(page).not.toContain('<img')
})

test('the host must be the trusted domain, port included', async () => {
  const [{ agentId } = { agentId: 0 }] = sandbox.agents
  await control(sandbox, 'POST', 'agents', { agentId, trustedDomain: 'wisp.example' })
  expect((await fetch(sandbox.url + oauth())).status).toBe(200)
  for (const redirect_uri of ['https://wisp.example:8443/x', 'https://evil.example/?wisp.example'])
    expect(await (await fetch(sandbox.url + oauth({ redirect_uri }))).text()).toContain('错误码：50001')
  await control(sandbox, 'POST', 'agents', { agentId, disabled: true })
  expect(await (await fetch(sandbox.url + oauth())).text()).toContain('错误码：50003')
})

test('only active members sign in', async () => {
  await admin(sandbox, 'user/update', { userid: 'lisi', status: 2 })
  await admin(sandbox, 'user/update', { userid: 'wangwu', status: 4 })
  const found = await people(oauth())
  expect(found.find(one => one.userid === 'lisi')?.why).toBe('已禁用')
  expect(found.find(one => one.userid === 'zhangsan')?.why).toBe('')
  for (const userid of ['lisi', 'wangwu', 'nobody'])
    expect((await choose(oauth(), { userid })).status).toBe(400)
})

test('on a desktop only those whom the application is visible to; consent is asked of those alone', async () => {
  const { agentId } = sandbox.agents[1]!
  const zhangsan = { departments: [], users: ['zhangsan'], tags: [] }
  await control(sandbox, 'POST', 'agents', { agentId, visible: zhangsan })
  const agentid = String(agentId)
  expect((await choose(qr({ agentid }), { userid: 'lisi' })).body['error']).toContain('不在应用的可见范围内')
  expect((await choose(qr({ agentid }), { userid: 'zhangsan' })).body['location']).toContain('code=')
  const url = oauth({ agentid, scope: 'snsapi_privateinfo' })
  const found = await people(url)
  expect(found.find(one => one.userid === 'zhangsan')?.asks).toBe(true)
  expect(found.find(one => one.userid === 'lisi')).toMatchObject({ asks: false, why: '' })
  const { body } = await choose(url, { userid: 'lisi' })
  const branch = await callerOf(sandbox, sandbox.agents[1]!.secret)
  const code = new URL(String(body['location'])).searchParams.get('code')!
  const info = await branch.get('auth/getuserinfo', { code })
  expect(info).toMatchObject({ userid: 'lisi' })
  expect(info).not.toHaveProperty('user_ticket')
})

test('what the member unticked is not given', async () => {
  const url = oauth({ scope: 'snsapi_privateinfo' })
  const ticketFor = async (answer: object) => {
    const { body } = await choose(url, { userid: 'zhangsan', ...answer })
    const code = new URL(String(body['location'])).searchParams.get('code')!
    return (await agent.get('auth/getuserinfo', { code }))['user_ticket']
  }
  const all = await agent.post('auth/getuserdetail', { user_ticket: await ticketFor({}) })
  expect(all).toMatchObject({ userid: 'zhangsan', mobile: expect.stringMatching(/^1\d{10}$/) })
  const some = await agent.post('auth/getuserdetail', { user_ticket: await ticketFor({ fields: ['email'] }) })
  expect(Object.keys(some).sort()).toEqual(['email', 'errcode', 'errmsg', 'gender', 'userid'])
  expect(some['gender']).toBe('0')
})

test('people are found by name, account and department, those of late first', async () => {
  await choose(oauth(), { userid: 'wangwu' })
  const [first] = await people(oauth())
  expect(first).toMatchObject({ userid: 'wangwu', recent: true })
  expect((await people(oauth(), '李四'))[0]?.userid).toBe('lisi')
  expect((await people(oauth(), 'ZHANGSAN'))[0]?.userid).toBe('zhangsan')
  expect((await people(oauth(), '人力资源')).map(one => one.userid)).toContain('lisi')
  expect(await people(oauth(), '没有这个人')).toEqual([])
})

test('a code on the screen: scanned, confirmed on the phone, good once and for five minutes', async () => {
  const open = async () => (await control(sandbox, 'POST', 'sign-in/qr', { url: qr() })).body
  const state = async (id: unknown) => (await control(sandbox, 'GET', `sign-in/qr/${id}`)).body
  const { id, link } = await open()
  expect(link).toBe(`${sandbox.url}/sign-in/confirm/${id}`)
  const picture = await fetch(`${sandbox.url}/_sandbox/sign-in/qr/${id}/picture`)
  expect(picture.headers.get('content-type')).toContain('image/svg+xml')
  expect(await picture.text()).toMatch(/^<svg/)
  expect(await state(id)).toEqual({ state: 'waiting' })
  await control(sandbox, 'POST', `sign-in/qr/${id}/scan`, {})
  expect(await state(id)).toEqual({ state: 'scanned' })
  const confirm = () => control(sandbox, 'POST', 'sign-in/choose', { qr: id, userid: 'lisi' })
  expect((await confirm()).body).toEqual({ done: true })
  expect(await state(id)).toMatchObject({ state: 'done', location: expect.stringContaining('code=') })
  expect((await confirm()).status).toBe(400)
  const late = await open()
  now += 300_000
  expect(await state(late['id'])).toEqual({ state: 'expired' })
  expect((await control(sandbox, 'POST', `sign-in/qr/${late['id']}/scan`, {})).status).toBe(400)
})

test('the old address of the QR page', async () => {
  const url = address('/wwopen/sso/qrConnect')
  expect((await fetch(sandbox.url + url)).status).toBe(200)
  expect((await choose(url, { userid: 'zhangsan' })).body['location']).toContain('code=')
})
