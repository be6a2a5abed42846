import { get } from 'node:http'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { addCorp } from '../../organisation/corps/corps.ts'
import { moveAddress } from '../app-sign-in/addresses.ts'
import { consentOf } from '../app-sign-in/consent-store.ts'
import { setSignIn } from '../app-sign-in/set-sign-in.ts'
import { setApp } from '../apps/apps.ts'
import { addCasApp, casAt, open } from './browser.fixture.ts'

let world: World
let base: string
let cas: ReturnType<typeof casAt>
let appId: string
let zhangsan: SignedInClient
const service = 'https://lib.example.com/portal/?x=1'

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  appId = await addCasApp(world, '图书馆', { services: ['https://lib.example.com/portal/'] })
  base = world.ctx.appSignIns.addressesOf(world.corpId).casBase
  cas = casAt(base)
  zhangsan = await signIn(world, { userId: 'zhangsan' })
})
afterAll(() => world.close())

const returnOf = (location: string) => new URL(location).searchParams.get('to') ?? ''
const signInLog = () =>
  world.ctx.signInLog
    .settled()
    .then(() => world.ctx.db.selectFrom('sign_in_log').selectAll().orderBy('id').execute())

describe('signing in to an application', () => {
  it('leads on with a ticket behind the query that was there', async () => {
    const { status, location, headers } = await cas.login(zhangsan.cookie, { service })
    expect(status).toBe(303)
    expect(location).toMatch(/^https:\/\/lib\.example\.com\/portal\/\?x=1&ticket=ST-[0-9a-f]{48}$/)
    expect(headers.get('cache-control')).toBe('no-store')
    const plain = await cas.login(zhangsan.cookie, { service: 'https://lib.example.com/portal/#/home' })
    expect(plain.location).toMatch(/^https:\/\/lib\.example\.com\/portal\/\?ticket=ST-[0-9a-f]{48}#\/home$/)
    const log = (await signInLog()).at(-1)
    expect(log).toMatchObject({ way: 'cas', app_id: appId, user_id: 'zhangsan', reason: '', acr: 2 })
  })

  it('asks who it is first, and comes back to it', async () => {
    const { status, location } = await cas.login('', { service, method: 'POST' })
    expect([status, location.split('?')[0]]).toEqual([303, `${world.ctx.publicUrl()}/signin`])
    const to = returnOf(location)
    expect(to).toMatch(new RegExp(`^/cas/${world.corpId}/login\\?service=`))
    expect(world.ctx.offered.returnTo(to.split('?')[0] ?? '')).toBe(true)
    const again = await open(world.server.url + to, zhangsan.cookie)
    expect(again.status).toBe(200)
  })

  it('asks nothing within WeCom', async () => {
    const { location } = await cas.login('', { service }, { 'user-agent': 'Mozilla/5.0 wxwork/4.1' })
    expect(location).toMatch(`${world.ctx.publicUrl()}/signin/wecom?corpId=${world.corpId}&to=`)
  })

  it('posts the ticket where that is asked for', async () => {
    const { text, headers } = await cas.login(zhangsan.cookie, { service, method: 'POST' })
    expect(text).toContain(`<form method="post" action="https://lib.example.com/portal/?x=1">`)
    expect(text).toMatch(/<input type="hidden" name="ticket" value="ST-[0-9a-f]{48}">/)
    const nonce = /<script nonce="([^"]+)">/.exec(text)?.[1]
    expect(headers.get('content-security-policy')).toContain(`script-src 'nonce-${nonce}'`)
    expect(headers.get('content-security-policy')).not.toContain('form-action')
  })

  it('says that somebody is signed in where no application asks', async () => {
    expect((await cas.login(zhangsan.cookie, {})).text).toContain('张三 (zhangsan)')
    expect((await open(base, '')).location).toBe(`${base}/login`)
    expect(returnOf((await cas.login('', {})).location)).toMatch(/\/login\?begun=/)
  })

  it('does without asking by gateway', async () => {
    expect((await cas.login('', { service, gateway: 'true' })).location).toBe(service)
    expect((await cas.login(zhangsan.cookie, { service, gateway: 'true' })).location).toContain('ticket=ST-')
    const renewed = await cas.login('', { service, gateway: 'true', renew: 'true' })
    expect(renewed.location).toContain('/signin?')
  })

  it('is not moved by what a request says of its host', async () => {
    const headers = { host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com' }
    const answer = await new Promise<string>((resolve, reject) => {
      get(cas.address('login', { service }), { headers }, response =>
        resolve(response.headers.location ?? ''),
      ).on('error', reject)
    })
    expect(answer.startsWith(`${world.ctx.publicUrl()}/signin?`)).toBe(true)
  })
})

describe('renew', () => {
  const prove = (sessionId: string, acr: 1 | 2 = 2) =>
    world.ctx.sessions.prove(sessionId, { acr, amr: ['qr'] })

  it('is never satisfied by the session, and once by somebody who proves themselves anew', async () => {
    const wangwu = await signIn(world, { userId: 'wangwu' })
    const { location } = await cas.login(wangwu.cookie, { service, renew: 'true' })
    const { searchParams } = new URL(location)
    expect([searchParams.get('acr'), searchParams.get('fresh')]).toEqual(['2', '1'])
    const to = world.server.url + returnOf(location)
    expect((await open(to, wangwu.cookie)).location).toContain('/signin?')
    world.clock.offsetMs += 1000
    await prove(wangwu.sessionId, 1)
    expect((await open(to, wangwu.cookie)).location).toContain('/signin?')
    await prove(wangwu.sessionId)
    const done = await open(to, wangwu.cookie)
    const ticket = /ticket=(.*)$/.exec(done.location)?.[1] ?? ''
    const { text } = await cas.ask('p3/serviceValidate', { service, ticket, renew: 'true' })
    expect(text).toContain('<cas:isFromNewLogin>true</cas:isFromNewLogin>')
    expect((await open(to, wangwu.cookie)).location).toContain('/signin?')
  })

  it('cannot be had by what wisp has not signed, nor by what is old', async () => {
    const wangwu = await signIn(world, { userId: 'wangwu' })
    const { location } = await cas.login(wangwu.cookie, { service, renew: 'true' })
    const to = new URL(returnOf(location), world.server.url)
    world.clock.offsetMs += 1000
    await prove(wangwu.sessionId)
    const begun = to.searchParams.get('begun') ?? ''
    const forged = new URL(to)
    forged.searchParams.set('begun', begun.replace(/^\w+/, '1'))
    expect((await open(forged.href, wangwu.cookie)).location).toContain('/signin?')
    world.clock.offsetMs += 16 * 60_000
    expect((await open(to.href, wangwu.cookie)).location).toContain('/signin?')
    world.clock.offsetMs = 0
  })

  it('is what an app with a minimum asks for, as far as it needs it', async () => {
    const strict = 'https://strict.example.com/'
    await addCasApp(world, '严格', { services: [strict] }, { leastAcr: 2 })
    const quiet = await signIn(world, { userId: 'zhaomin' })
    await prove(quiet.sessionId, 1)
    const { location } = await cas.login(quiet.cookie, { service: strict })
    expect(new URL(location).searchParams.get('acr')).toBe('2')
    expect((await cas.login(zhangsan.cookie, { service: strict })).location).toContain('ticket=')
  })
})

describe('a service', () => {
  it.each([
    ['https://lib.example.com/portal/../admin'],
    ['https://lib.example.com/portal/%2e%2e/admin'],
    ['https://lib.example.com/portal/..%2fadmin'],
    ['https://lib.example.com:8443/portal/'],
    ['http://lib.example.com/portal/'],
    ['https://lib.example.com@evil.com/portal/'],
    ['https://evil.com/?https://lib.example.com/portal/'],
    ['javascript:alert(1)//lib.example.com/portal/'],
    ['//lib.example.com/portal/'],
    [`https://lib.example.com/portal/${'x'.repeat(2000)}`],
    [`https://lib.example.com/portal/${'图'.repeat(400)}`],
    ['https://lib.example.com/portal\\..\\admin'],
    [' '],
  ])('that is not registered is refused on a page: %s', async given => {
    const { status, location, text } = await cas.login(zhangsan.cookie, { service: given })
    expect([status, location]).toEqual([403, ''])
    expect(text).toContain('没有登记')
    // Whoever writes an address does not write on the page.
    if (given.trim()) expect(text).not.toContain(given.slice(0, 40))
    for (const call of ['login', 'logout'])
      expect((await open(cas.address(call, { service: given, gateway: 'true' }), '')).location).toBe('')
  })

  it('that is given twice is refused', async () => {
    const { status, location } = await open(`${cas.address('login', { service })}&service=x`, zhangsan.cookie)
    expect([status, location]).toEqual([403, ''])
  })

  it('may be of any script and hold what has to be encoded', async () => {
    const odd = 'https://lib.example.com/portal/图书?书名=<a>&b=%26&c=a+b'
    const { location } = await cas.login(zhangsan.cookie, { service: odd })
    const ticket = /ticket=(.*)$/.exec(location)?.[1] ?? ''
    expect(location).toMatch(/^[\x21-\x7e]+$/)
    expect((await cas.ask('serviceValidate', { service: odd, ticket })).text).toContain('<cas:user>')
  })
})

describe('who may not enter', () => {
  it('is told why and whom to ask, with a number that the help desk finds', async () => {
    const lisi = await signIn(world, { userId: 'lisi' })
    const memberIds = [world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!.id]
    const nobodyElse = { everyone: false, departments: [], memberIds, tags: [] }
    await setApp(world.ctx, 'test', world.corpId, appId, { visibility: nobodyElse })
    const { status, location, text, headers } = await cas.login(lisi.cookie, { service })
    expect([status, location]).toEqual([403, ''])
    expect(text).toContain('不能进入「图书馆」')
    expect(text).toContain('李四 (lisi)')
    const number = headers.get('x-request-id') ?? ''
    expect(text).toContain(number)
    await world.ctx.strangers.settled()
    const helpDesk = await signIn(world, { admin: 'desk' })
    const found = await helpDesk.get('/web/help-desk/find', { q: number, corpId: world.corpId })
    expect(found.body.refusal).toMatchObject({ number, place: '图书馆 · CAS', what: '应用没有对此人开放' })
    expect((await signInLog()).at(-1)).toMatchObject({ reason: 'not-visible', user_id: 'lisi', number })
    const english = await cas.login(lisi.cookie, { service }, { 'accept-language': 'en' })
    expect(english.text).toContain('the application is not open to this person')
    const gateway = await cas.login(lisi.cookie, { service, gateway: 'true' })
    expect(gateway.location).toBe(service)
    const everyone = { everyone: true, departments: [], memberIds: [], tags: [] }
    await setApp(world.ctx, 'test', world.corpId, appId, { visibility: everyone })
  })

  it('is refused at validation when they lost the app meanwhile, or left', async () => {
    const lisi = await signIn(world, { userId: 'lisi' })
    const ticket = await cas.ticket(lisi.cookie, service)
    const another = await cas.ticket(lisi.cookie, service)
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: false })
    expect((await cas.ask('serviceValidate', { service, ticket })).text).toContain('INVALID_TICKET')
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: true })
    await world.connectCallback()
    await world.admin('user/delete', { userid: 'lisi' })
    await world.settle()
    expect((await cas.ask('serviceValidate', { service, ticket: another })).text).toContain('INVALID_TICKET')
    expect((await cas.login(lisi.cookie, { service })).location).toContain('/signin?')
  })

  it('is the local administrator, who is nobody’s member', async () => {
    const admin = await signIn(world, { admin: 'admin2' })
    const { status, text } = await cas.login(admin.cookie, { service })
    expect([status, text.includes('本机账号')]).toEqual([403, true])
  })

  it('is somebody whose name two people have, or nobody', async () => {
    const by = { actor: 'test', approves: true }
    const id = await addCasApp(world, '教务', { services: ['https://jw.example.com/'] }, {})
    await setSignIn(world.ctx, by, world.corpId, id, { kind: 'cas', userNameField: 'employeeNumber' })
    const asked = () => cas.login(zhangsan.cookie, { service: 'https://jw.example.com/' })
    expect((await asked()).text).toContain('没有这个应用用来认人的信息')
    const put = (userId: string) => {
      const attributes = sql<never>`${JSON.stringify([{ name: '工号', value: '7', url: '' }])}::jsonb`
      return world.ctx.db.updateTable('member').set({ attributes }).where('user_key', '=', userId).execute()
    }
    await put('zhangsan')
    const { location } = await asked()
    expect(location).toContain('ticket=')
    await put('wangwu')
    expect((await asked()).text).toContain('另一个人有相同的')
    const ticket = /ticket=(.*)$/.exec(location)?.[1] ?? ''
    const { text } = await cas.ask('serviceValidate', { service: 'https://jw.example.com/', ticket })
    expect(text).toContain('INVALID_TICKET')
  })
})

describe('a third party’s app', () => {
  it('asks each person once, and again when it gets more', async () => {
    const third = 'https://third.example.org/'
    const claims = [{ name: 'profile', purpose: '显示姓名' }]
    const id = await addCasApp(world, '外卖', { services: [third] }, { relation: 'third-party', claims })
    const page = await cas.login(zhangsan.cookie, { service: third })
    expect(page.status).toBe(200)
    expect(page.text).toContain('姓名、账号和头像：显示姓名')
    expect((await cas.login(zhangsan.cookie, { service: third, gateway: 'true' })).location).toBe(third)
    const fields = (text: string) =>
      Object.fromEntries(
        [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(match => [
          match[1] ?? '',
          (match[2] ?? '').replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
        ]),
      )
    const post = (body: Record<string, string>, cookie = zhangsan.cookie) =>
      fetch(`${world.server.url}/signin/consent`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(body).toString(),
      })
    const given = fields(page.text)
    expect((await post({ ...given, answer: 'agree', csrf: 'x' })).status).toBe(400)
    expect((await post({ ...given, answer: 'agree', to: 'https://evil.com/' })).status).toBe(400)
    expect((await post({ ...given, answer: 'agree' }, '')).status).toBe(400)
    expect((await post({ ...given, answer: 'refuse' })).status).toBe(403)
    const agreed = await post({ ...given, answer: 'agree' })
    expect([agreed.status, agreed.headers.get('location')]).toEqual([303, given['to']])
    const member = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
    expect(await consentOf(world.ctx.db, world.corpId, id, member.id)).toMatchObject({ claims: ['profile'] })
    expect((await cas.login(zhangsan.cookie, { service: third })).location).toContain('ticket=')
    const more = [...claims, { name: 'email', purpose: '通知' }]
    const by = { actor: 'test', approves: true }
    await setSignIn(world.ctx, by, world.corpId, id, { kind: 'cas', claims: more })
    expect((await cas.login(zhangsan.cookie, { service: third })).text).toContain('邮箱：通知')
    expect((await post({ ...given, answer: 'agree' })).status).toBe(200)
  })
})

describe('the end', () => {
  it('comes with the sign-out, and leads on only to a registered address', async () => {
    const wangwu = await signIn(world, { userId: 'wangwu' })
    const { location } = await open(
      cas.address('logout', { service, url: 'https://evil.com' }),
      wangwu.cookie,
    )
    expect(location).toBe(service)
    expect((await cas.login(wangwu.cookie, { service })).location).toContain('/signin?')
    const stays = await open(cas.address('logout', { service: 'https://evil.com/' }), '')
    expect([stays.status, stays.location]).toEqual([200, ''])
  })

  it('is asked of somebody whom another site leads there, and comes when they agree', async () => {
    const leaving = await signIn(world, { userId: 'wangwu' })
    const from = (site: string) => ({ 'sec-fetch-site': site })
    const address = cas.address('logout', { service })
    const asked = await open(address, leaving.cookie, from('cross-site'))
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('退出登录？')])
    expect((await cas.login(leaving.cookie, { service })).location).toContain('ticket=')
    const agree = /class="main" href="([^"]+)"/.exec(asked.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const done = await open(new URL(agree, world.server.url).href, leaving.cookie, from('same-origin'))
    expect(done.location).toBe(service)
    expect((await cas.login(leaving.cookie, { service })).location).toContain('/signin?')
    // Nobody is signed in any more, so there is nothing to ask.
    expect((await open(address, leaving.cookie, from('cross-site'))).location).toBe(service)
  })

  it('cannot be asked below another corp’s address, nor above it', async () => {
    const corpId = 'ww0000000000000008'
    await addCorp(world.ctx, 'test', { corpId, name: '丙', contactSecret: 'x'.repeat(43) })
    const move = (to: string) => moveAddress(world.ctx, 'test', corpId, 'casBase', to)
    for (const path of ['/p3', '/login', '/deep/er'])
      await expect(move(`${base}${path}`)).rejects.toMatchObject({
        code: '1000',
        message: expect.stringContaining('上下级'),
      })
    await expect(move(base.slice(0, base.lastIndexOf('/')))).rejects.toMatchObject({ code: '1000' })
    expect(world.ctx.appSignIns.addressesOf(corpId).casBase).toBe('')
    await move(`${base}2`)
    expect(world.ctx.appSignIns.addressesOf(corpId).casBase).toBe(`${base}2`)
  })

  it('is told at an address of the corp’s choice', async () => {
    const own = `${world.ctx.publicUrl()}/authserver/sso`
    await moveAddress(world.ctx, 'test', world.corpId, 'casBase', own)
    expect((await casAt(own).login(zhangsan.cookie, { service })).location).toContain('ticket=')
    expect((await cas.login(zhangsan.cookie, { service })).status).toBe(404)
    await moveAddress(world.ctx, 'test', world.corpId, 'casBase', base)
    await until('the old address', async () => (await cas.login('', { service })).status === 303)
  })
})
