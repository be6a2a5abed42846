import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { administratorPassword, callerWith, signIn, signInAs } from '../../../test/sign-in.ts'
import { addApp } from '../../features/apps/apps.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { startServer } from '../../server.ts'
import { issueTicket } from '../tickets/tickets.ts'
import { putAdminAccount } from './account-store.ts'
import { resetAdministratorPassword } from './administrator.ts'
import { hashPassword } from './passwords.ts'

const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  call(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const cookieOf = (headers: Headers) => (headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''

describe('sessions', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    await signIn(world, { admin: 'admin' })
  })
  afterAll(() => world.close())
  const signInUrl = () => `${world.server.url}/web/sign-in/password`
  const right = { name: 'admin', password: administratorPassword }

  it('begin with the right password, in a cookie that scripts and other sites cannot use', async () => {
    const answer = await post(signInUrl(), right)
    expect(answer.retCode).toBe('0')
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^wisp_session=[\w-]{20,}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/,
    )
    const session = await call(`${world.server.url}/web/session`, {
      headers: { cookie: cookieOf(answer.headers) },
    })
    expect(session.body).toMatchObject({ signedIn: true, person: { userId: 'admin', roleLevel: 1 } })
    expect(session.headers.get('cache-control')).toBe('no-store')
    const headers = { cookie: cookieOf(answer.headers), 'accept-language': 'en' }
    const english = await call(`${world.server.url}/web/session`, { headers })
    expect(session.body.person.userName).toBe('系统超级管理员')
    expect(english.body.person.userName).toBe('System super administrator')
  })

  it('do not begin with a wrong one; ten of these lock out the network, not the account', async () => {
    const wrong = { name: 'admin', password: 'wrong' }
    const first = await post(signInUrl(), wrong)
    expect([first.retCode, first.retMessage]).toEqual(['1009', '无权限: 用户名或密码错误，还可以尝试 9 次'])
    for (let n = 0; n < 9; n++) await post(signInUrl(), wrong)
    const locked = await post(signInUrl(), right)
    expect([locked.status, locked.retCode]).toEqual([429, '1010'])
    const seconds = Number(locked.headers.get('retry-after'))
    expect(seconds > 600 && seconds <= 900).toBe(true)
    world.clock.offsetMs += 16 * 60_000
    expect((await post(signInUrl(), right)).retCode).toBe('0')
  })

  it('take an unknown name as long as a wrong password, and say the same', async () => {
    const known = await post(signInUrl(), { name: 'admin', password: 'x' })
    const unknown = await post(signInUrl(), { name: 'nobody', password: 'x' })
    expect(unknown.retMessage).toBe(known.retMessage)
  })

  it('end by idleness, by age, at sign-out, and when their person ends them', async () => {
    const idle = await signIn(world, { userId: 'zhangsan' })
    const busy = await signIn(world, { userId: 'zhangsan' })
    const isIn = async (as: typeof idle) => (await as.get('/web/session')).body.signedIn
    for (let hours = 0; hours < 10; hours++) {
      world.clock.offsetMs += 3_600_000
      expect(await isIn(busy)).toBe(true)
    }
    expect(await isIn(idle)).toBe(false)
    world.clock.offsetMs += 2.1 * 3_600_000
    expect(await isIn(busy)).toBe(false)

    const one = await signIn(world, { userId: 'zhangsan' })
    const two = await signIn(world, { userId: 'zhangsan' })
    const other = await signIn(world, { userId: 'lisi' })
    const { list } = (await one.get('/web/sessions')).body
    expect(list).toHaveLength(2)
    expect((await other.post('/web/sessions/end', { id: two.sessionId })).retCode).toBe('1000')
    expect(await isIn(two)).toBe(true)
    expect((await one.post('/web/sessions/end', { id: two.sessionId })).retCode).toBe('0')
    expect(await isIn(two)).toBe(false)
    expect((await one.post('/web/sign-out-everywhere')).body).toEqual({ ended: 1 })
    expect(await isIn(one)).toBe(false)
    expect(await isIn(other)).toBe(true)
    await other.post('/web/sign-out')
    expect(await isIn(other)).toBe(false)
  })

  it('are not kept alive by a page that refreshes itself', async () => {
    const { cookie } = await signIn(world, { userId: 'zhangsan' })
    const overview = async (headers: Record<string, string> = {}) =>
      (await call(`${world.server.url}/web/sessions`, { headers: { cookie, ...headers } })).status
    for (let hours = 0; hours < 3; hours++) {
      world.clock.offsetMs += 3_600_000
      expect(await overview({ 'x-wisp-unattended': '1' })).toBe(200)
    }
    world.clock.offsetMs += 3_600_001
    expect(await overview({ 'x-wisp-unattended': '1' })).toBe(401)
  })

  it('act only for our own page', async () => {
    const as = await signIn(world, { userId: 'zhangsan' })
    const act = (headers: Record<string, string>) => as.post('/web/sign-out', {}, headers)
    expect((await act({ 'x-wisp-csrf': 'forged' })).status).toBe(403)
    expect((await act({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await act({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await post(signInUrl(), right, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await act({ origin: world.server.url, 'sec-fetch-site': 'same-origin' })).retCode).toBe('0')
  })

  it('let nobody act before the password that was given out is changed', async () => {
    const { password } = await resetAdministratorPassword(world.ctx, 'test')
    const answer = await post(signInUrl(), { name: 'admin', password })
    const cookie = cookieOf(answer.headers)
    const { body } = await call(`${world.server.url}/web/session`, { headers: { cookie } })
    expect(body.mustChangePassword).toBe(true)
    const as = callerWith(world.server.url, cookie, '', body.csrf)
    expect((await as.get('/web/sessions')).status).toBe(403)
    const change = (next: string) => as.post('/web/password', { current: password, next })
    expect((await change('short')).retCode).toBe('1000')
    const meter = async (next: string) => (await as.post('/web/password/strength', { next })).body
    expect(await meter('adminadmin')).toEqual({ score: 0, problem: expect.stringContaining('账号名 admin') })
    expect(await meter(administratorPassword)).toEqual({ score: 4, problem: '' })
    expect((await change(password ?? '')).retCode).toBe('1000')
    expect((await change(administratorPassword)).retCode).toBe('0')
    expect((await as.get('/web/sessions')).retCode).toBe('0')
  })

  it('begin with a password from before the rules, which only a new one has to meet', async () => {
    const password = await hashPassword('12345678')
    await putAdminAccount(world.ctx.db, { name: 'admin', password, mustChange: false }, new Date())
    expect((await post(signInUrl(), { name: 'admin', password: '12345678' })).retCode).toBe('0')
    await resetAdministratorPassword(world.ctx, 'test', administratorPassword)
  })

  it('of a member end when the member is disabled, and their tickets with them', async () => {
    const { ctx, corpId } = world
    const { devId } = await world.addDeveloper()
    const { id: appId } = await addApp(ctx, 'test', corpId, { name: '审批', devId })
    const as = await signIn(world, { userId: 'wangwu' })
    const memberId = ctx.mirrors.of(corpId).members.byKey('wangwu')?.id ?? 0
    await issueTicket(ctx.db, ctx, { corpId, appId, sessionId: as.sessionId, memberId })
    expect((await as.get('/web/session')).body.signedIn).toBe(true)
    await world.admin('user/update', { userid: 'wangwu', enable: 0 })
    await world.sync()
    expect((await as.get('/web/session')).body.signedIn).toBe(false)
  })

  it('know a role that was given a moment ago', async () => {
    const as = await signInAs(world, 'super', 'lisi')
    expect((await as.get('/web/session')).body.person.roleLevel).toBe(2)
  })
})

describe('sessions of two nodes', () => {
  it('that end on one are over on the other within a second', async () => {
    const world = await startWorld()
    const second = await startServer(readConfig(world.env), { log: createLog('silent') })
    try {
      const as = await signIn(world, { userId: 'zhangsan' })
      const there = callerWith(second.url, as.cookie, as.sessionId, '')
      expect((await there.get('/web/session')).body.signedIn).toBe(true)
      await as.post('/web/sign-out')
      await expect
        .poll(async () => (await there.get('/web/session')).body.signedIn, { timeout: 1000 })
        .toBe(false)
    } finally {
      await second.close()
      await world.close()
    }
  })
})
