import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../test/admin-token.ts'
import { call, startWorld, type World } from '../../../test/harness.ts'
import {
  administratorPassword,
  callerWith,
  type SignedInClient,
  signIn,
  signInAs,
} from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { shownWecom, useWecom } from '../../features/messages/messages.fixture.ts'
import { applySettings, exportSettings, readSettings } from '../../features/settings-file/apply-settings.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { resetAdministratorPassword } from '../sign-in/administrator.ts'
import { setCorpProtection, setInstallationProtection } from './set-protection.ts'
import { standardOfCorp, standardOfInstallation } from './settings.ts'

let world: World
let as: SignedInClient
let manager: Manager
beforeAll(async () => {
  world = await startWorld({ members: 12, env: { WISP_TRUSTED_PROXIES: '127.0.0.1' } })
  const { agentId, secret } = world.sandbox.agents[0]!
  const agent = { agentId, name: '工作台', secret, uses: ['signin', 'names', 'messages'] }
  await putAgent(world.ctx, 'test', world.corpId, agent)
  as = await signInAs(world, 'super', 'zhangsan')
  manager = await managerBy(world)
})
afterAll(() => world.close())

const ofCorp = () => world.ctx.protection.ofCorp(world.corpId)
const setCorp = (change: Partial<typeof standardOfCorp>) =>
  setCorpProtection(world.ctx, 'test', world.corpId, change)
const setInstallation = (change: Partial<typeof standardOfInstallation>) =>
  setInstallationProtection(world.ctx, 'test', change)
const from = ({ cookie }: { cookie: string }, path: string, address: string) =>
  call(`${world.server.url}${path}`, { headers: { cookie, 'x-forwarded-for': address } })
const forget = async () => {
  await setCorp(standardOfCorp)
  await setInstallation(standardOfInstallation)
}

describe('the settings', () => {
  it('of a corp are set by every way, and what is not given stays', async () => {
    const { version, address, settings } = (await as.get('/web/console/protection')).body
    expect([address, settings]).toEqual(['127.0.0.1', standardOfCorp])
    const form = { sessionsAtMost: 3, watermark: '1', newDevice: 'administrators' }
    expect((await as.post('/web/console/protection/save', { version, ...form })).retCode).toBe('0')
    const stale = await as.post('/web/console/protection/save', { version, ...form })
    expect([stale.status, stale.retCode]).toEqual([409, '1000'])
    const path = '/api/admin/protection'
    await manager.post(`${path}/set`, { protection: { adminIdleMinutes: 30, sessionsFull: 'refuse' } })
    expect((await manager.get(path)).body.protection).toEqual({
      ...standardOfCorp,
      sessionsAtMost: 3,
      sessionsFull: 'refuse',
      watermark: true,
      newDevice: 'administrators',
      adminIdleMinutes: 30,
    })
    const file = JSON.parse(await exportSettings(world.ctx, world.corpId))
    file.protection.idleMinutes = 60
    await applySettings(world.ctx, 'test', readSettings(world.ctx, JSON.stringify(file), undefined))
    const words = ['sign-in', 'protection', '--new-device', 'everyone', '--sessions-full', 'end-oldest']
    expect((await runCommand(world.ctx, words)).text).toContain('60 分钟')
    expect(ofCorp()).toMatchObject({ newDevice: 'everyone', sessionsFull: 'endOldest', idleMinutes: 60 })
    const audit = world.ctx.db.selectFrom('audit').select('actor').where('act', '=', 'sign-in.protection')
    expect((await audit.execute()).map(one => one.actor)).toContain('zhangsan')
    await forget()
  })

  it('of the installation are set by every way', async () => {
    const system = await signInAs(world, 'system')
    const { version } = (await system.get('/web/installation/protection')).body
    await system.post('/web/installation/protection/save', { version, passwordKinds: 3 })
    const path = '/api/admin/installation/protection'
    await manager.post('/api/admin/installation/protection/set', { protection: { passwordDays: 90 } })
    const set = await runCommand(world.ctx, ['admin', 'protection', '--password-length', '12'])
    expect(set.text).toContain('12 个字符，3 类')
    expect((await manager.get(path)).body.protection).toEqual({
      ...standardOfInstallation,
      passwordKinds: 3,
      passwordDays: 90,
      passwordLength: 12,
    })
    await forget()
  })
})

describe('the networks of the console', () => {
  it('bind administrators of the corp, and no member in what is their own', async () => {
    const lisi = await signIn(world, { userId: 'lisi' })
    await setCorp({ consoleNetworks: ['10.0.0.0/8', '2001:db8::/32'] })
    const read = '/web/console/protection'
    for (const [address, status] of [
      ['10.9.8.7', 200],
      ['::ffff:10.9.8.7', 200],
      ['2001:db8::1', 200],
      ['203.0.113.9', 403],
      ['2001:db9::1', 403],
    ] as const)
      expect([address, (await from(as, read, address)).status]).toEqual([address, status])
    expect((await from(as, read, '203.0.113.9')).retMessage).toContain('203.0.113.9')
    expect((await from(as, '/web/sessions', '203.0.113.9')).status).toBe(200)
    expect((await from(lisi, '/web/sessions', '203.0.113.9')).status).toBe(200)
    expect((await from(as, '/web/session', '203.0.113.9')).body.outside).toBe('203.0.113.9')
    expect((await from(as, '/web/session', '10.1.1.1')).body.outside).toBe('')
    await forget()
  })

  it('are for the system super administrator those of the installation, from signing in on', async () => {
    const system = await signInAs(world, 'system')
    await setInstallation({ consoleNetworks: ['192.0.2.0/24'] })
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' }
    const body = JSON.stringify({ name: 'admin', password: administratorPassword })
    const url = `${world.server.url}/web/sign-in/password`
    const refused = await call(url, { method: 'POST', headers, body })
    expect([refused.status, refused.retMessage]).toEqual([403, expect.stringContaining('203.0.113.9')])
    const inside = { ...headers, 'x-forwarded-for': '192.0.2.7' }
    expect((await call(url, { method: 'POST', headers: inside, body })).retCode).toBe('0')
    expect((await from(system, '/web/sessions', '203.0.113.9')).status).toBe(403)
    expect((await from(system, '/web/installation/protection', '192.0.2.7')).status).toBe(200)
    // The corps' own administrators are not meant.
    expect((await from(as, '/web/console/protection', '203.0.113.9')).status).toBe(200)
    await forget()
  })

  it('hold the address of whoever sets them by a page or a call, and the command line is the way back', async () => {
    const { version } = (await as.get('/web/console/protection')).body
    const networks = { consoleNetworks: ['10.0.0.0/8'] }
    const page = await as.post('/web/console/protection/save', { version, ...networks })
    expect([page.retCode, page.retMessage]).toEqual(['1000', expect.stringContaining('127.0.0.1')])
    const called = await manager.post('/api/admin/protection/set', { protection: networks })
    expect(called.retCode).toBe('1000')
    expect(ofCorp().consoleNetworks).toEqual([])
    const own = { consoleNetworks: ['127.0.0.0/8'] }
    expect((await as.post('/web/console/protection/save', { version, ...own })).retCode).toBe('0')
    await runCommand(world.ctx, ['sign-in', 'protection', '--console-networks', '10.0.0.0/8'])
    expect((await as.get('/web/console/protection')).status).toBe(403)
    await runCommand(world.ctx, ['sign-in', 'protection', '--console-networks', ''])
    expect((await as.get('/web/console/protection')).status).toBe(200)
  })
})

const browser = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36'

/** Signs a member in by WeCom in a browser with these cookies. */
async function enter(userId: string, cookie = '') {
  const visit = async (path: string, cookies: string) => {
    const headers = { cookie: cookies, 'user-agent': browser }
    const response = await fetch(`${world.server.url}${path}`, { redirect: 'manual', headers })
    const set = response.headers.getSetCookie().map(line => line.split(';', 1)[0] ?? '')
    const location = new URL(response.headers.get('location') ?? '/', world.server.url)
    return { location, cookie: set.filter(one => !one.endsWith('=')).join('; ') }
  }
  const begun = await visit('/signin/wecom', cookie)
  const code = String((await world.control('code', { userId, scope: 'snsapi_base' }))['code'])
  const state = begun.location.searchParams.get('state') ?? ''
  return visit(`/signin/callback?code=${code}&state=${state}`, `${begun.cookie}; ${cookie}`)
}
const isIn = async (cookie: string) =>
  (await call(`${world.server.url}/web/session`, { headers: { cookie } })).body.signedIn

describe('sessions of a person', () => {
  it('end from the one that was unused for longest, where there are more than they may have', async () => {
    await setCorp({ sessionsAtMost: 2 })
    const [first, second] = [await enter('lisi'), await enter('lisi')]
    world.clock.offsetMs += 120_000
    expect(await isIn(first.cookie)).toBe(true)
    const third = await enter('lisi')
    expect(await Promise.all([first, second, third].map(one => isIn(one.cookie)))).toEqual([
      true,
      false,
      true,
    ])
    expect(await isIn((await enter('wangwu')).cookie)).toBe(true)
    await forget()
  })

  it('are refused beyond that, where the corp wants it so, until another ends', async () => {
    await setCorp({ sessionsAtMost: 3, sessionsFull: 'refuse' })
    const [one] = [await enter('wangwu'), await enter('wangwu'), await enter('wangwu')]
    const refused = await enter('wangwu')
    expect(refused.location.searchParams.get('refused')).not.toBeNull()
    expect(await isIn(refused.cookie)).toBe(false)
    // The same browser comes again: its session gives way to the new one.
    expect(await isIn((await enter('wangwu', one.cookie)).cookie)).toBe(true)
    await forget()
  })

  it('of 8 sign-ins at a time are never more than they may be', async () => {
    await setCorp({ sessionsAtMost: 2 })
    const all = await Promise.all(Array.from({ length: 8 }, () => enter('lisi')))
    const alive = await Promise.all(all.map(one => isIn(one.cookie)))
    expect(alive.filter(Boolean)).toHaveLength(2)
    await forget()
  })

  it('end by idleness after the time of their corp, earlier for who has a role', async () => {
    const lisi = await signIn(world, { userId: 'lisi' })
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const system = await signInAs(world, 'system')
    await setCorp({ idleMinutes: 60, adminIdleMinutes: 20 })
    await setInstallation({ adminIdleMinutes: 10 })
    const signedIn = async () => [
      await isIn(lisi.cookie),
      await isIn(zhangsan.cookie),
      await isIn(system.cookie),
    ]
    const start = world.clock.offsetMs
    world.clock.offsetMs = start + 9 * 60_000
    await world.ctx.sessions.forget()
    const peek = async (id: string) => (await world.ctx.sessions.readVisitor(id)) !== undefined
    const all = async () => [
      await peek(lisi.sessionId),
      await peek(zhangsan.sessionId),
      await peek(system.sessionId),
    ]
    expect(await all()).toEqual([true, true, true])
    world.clock.offsetMs = start + 11 * 60_000
    expect(await all()).toEqual([true, true, false])
    world.clock.offsetMs = start + 21 * 60_000
    expect(await all()).toEqual([true, false, false])
    world.clock.offsetMs = start + 61 * 60_000
    expect(await signedIn()).toEqual([false, false, false])
    await forget()
    as = await signInAs(world, 'super', 'zhangsan')
  })
})

describe('a new device', () => {
  const notices = async () =>
    (await shownWecom(world)).filter(one => JSON.stringify(one).includes('新设备登录提醒'))

  it('is told to its person, with time, browser and address, and no second time', async () => {
    await useWecom(world, {})
    await setCorp({ newDevice: 'everyone' })
    const known = await enter('wangwu')
    await until('the notice', async () => (await notices()).length === 1)
    const [notice] = (await notices()).map(one => JSON.stringify(one))
    expect(notice).toContain('Chrome 130 · Windows')
    expect(notice).toContain('127.0.0.1')
    await enter('wangwu', known.cookie)
    await setCorp({ newDevice: 'administrators' })
    await enter('wangwu')
    await enter('zhangsan')
    await until('the second notice', async () => (await notices()).length === 2)
    expect(JSON.stringify(await notices())).toContain('zhangsan')
    await forget()
  })
})

describe('a watermark', () => {
  it('has the name and the last digits of the mobile, where it is on', async () => {
    const text = async (client: SignedInClient) => (await client.get('/web/session')).body.watermark
    expect(await text(as)).toBe('')
    await setCorp({ watermark: true })
    expect(await text(as)).toMatch(/^\S+ \d{4}$/)
    const system = await signInAs(world, 'system')
    expect(await text(system)).toBe('')
    await setInstallation({ watermark: true })
    expect(await text(system)).toBe('admin')
    await forget()
  })
})

describe('the password of the system super administrator', () => {
  const url = () => `${world.server.url}/web/sign-in/password`
  const enterBy = async (password: string) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'admin', password })
    const answer = await call(url(), { method: 'POST', headers, body })
    const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? ''
    const session = (await call(`${world.server.url}/web/session`, { headers: { cookie } })).body
    return { session, client: callerWith(world.server.url, cookie, '', session.csrf) }
  }
  const change = async (current: string, next: string) =>
    (await enterBy(current)).client.post('/web/password', { current, next })

  it('must be changed after so many days, and cannot be one of those before', async () => {
    const [a, b, c] = ['the tea is cold again', 'seven bees on a roof', 'a lamp without a wick'] as const
    await resetAdministratorPassword(world.ctx, 'test', a)
    await setInstallation({ passwordDays: 30, passwordHistory: 2 })
    expect((await enterBy(a)).session.mustChangePassword).toBe(false)
    world.clock.offsetMs += 31 * 86_400_000
    const { session, client } = await enterBy(a)
    expect(session.mustChangePassword).toBe(true)
    expect((await client.get('/web/installation/protection')).status).toBe(403)
    expect((await change(a, b)).retCode).toBe('0')
    expect((await enterBy(b)).session.mustChangePassword).toBe(false)
    expect((await change(b, c)).retCode).toBe('0')
    for (const old of [a, b]) {
      const again = await change(c, old)
      expect([again.retCode, again.retMessage]).toEqual(['1000', expect.stringContaining('之前的 2 个')])
    }
    const reset = resetAdministratorPassword(world.ctx, 'test', c)
    await expect(reset).rejects.toThrow('当前密码')
    await setInstallation({ passwordHistory: 1 })
    expect((await change(c, a)).retCode).toBe('0')
    await forget()
  })

  it('is made by wisp as the rules ask', async () => {
    await setInstallation({ passwordKinds: 4, passwordLength: 30 })
    const { password } = await resetAdministratorPassword(world.ctx, 'test')
    expect(password).toMatch(/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)(?=.*[-+=@%]).{30}$/)
    await forget()
  })
})
