import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { proveSession } from '../../callers/sessions/session-store.ts'
import { consentOf, withdrawConsent } from '../app-sign-in/consent-store.ts'
import { setApp } from '../apps/apps.ts'
import { browserOf, hiddenFields, openBrowser } from './browser.fixture.ts'
import { addClient, begin, memberNamed, redeem, signInTo, type TestClient } from './client.fixture.ts'

let world: World
let app: TestClient
let other: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  app = await addClient(world, '图书馆', {
    claims: [{ name: 'profile', purpose: '显示姓名' }],
    attributes: [{ name: 'account', field: 'userid', purpose: '对账' }],
    oidc: { redirectUris: ['https://lib.example.com/callback'], refresh: true },
  })
  other = await addClient(world, '教务', {
    claims: [{ name: 'departments', purpose: '按部门排课' }],
    oidc: { isPublic: true, redirectUris: ['http://127.0.0.1/callback'], refresh: true, idTokenAlg: 'ES256' },
  })
})
afterAll(() => world.close())

const logOf = (userId: string) =>
  world.ctx.db.selectFrom('sign_in_log').selectAll().where('user_id', '=', userId).orderBy('id').execute()

describe('signing in', () => {
  it('is silent in every application once somebody is signed in to wisp', async () => {
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    const first = await signInTo(app, browser, { scope: 'openid profile' })
    expect(first.claims()).toMatchObject({
      iss: app.issuer,
      sub: String(memberNamed(world, 'zhangsan').id),
      preferred_username: 'zhangsan',
      account: 'zhangsan',
      acr: 'wisp:2',
      amr: ['qr'],
      sid: expect.any(String),
    })
    const sub = first.claims()?.sub ?? ''
    const info = await client.fetchUserInfo(app.config, first.access_token, sub)
    expect(info).toMatchObject({ sub, preferred_username: 'zhangsan', account: 'zhangsan' })
    // Any port of loopback, and what was approved only.
    const redirect = { redirect_uri: 'http://127.0.0.1:49152/callback' }
    const second = await signInTo(other, browser, { scope: 'openid profile departments', ...redirect })
    expect(second.claims()).toMatchObject({
      sub,
      departments: [expect.objectContaining({ path: expect.any(String) })],
    })
    expect(second.claims()).not.toHaveProperty('name')
    const rows = await until('the log', async () => {
      const found = await logOf('zhangsan')
      return found.length === 2 ? found : undefined
    })
    expect(rows).toMatchObject([
      { app_id: app.appId, way: 'oidc', reason: '', acr: 2, released: ['profile', 'account'] },
      { app_id: other.appId, way: 'oidc', reason: '', released: ['departments'] },
    ])
  })

  it('leads to the sign-in page, and from there to the application', async () => {
    const browser = openBrowser(world.server.url)
    const asked = await begin(app)
    const landed = await browser.get(asked.url.href)
    expect(landed.url.pathname).toBe('/signin')
    const to = landed.url.searchParams.get('to') ?? ''
    expect(to).toMatch(/^\/oidc\/\w+\/interaction\//)
    expect((await browser.get(`/signin/return?to=${encodeURIComponent(to)}`)).url.pathname).toBe('/signin')
    const { cookie } = await signIn(world, { userId: 'lisi' })
    browser.setCookie(`${cookie}; Path=/`)
    const tokens = await redeem(app, await browser.get(to), asked)
    expect(tokens.claims()?.['account']).toBe('lisi')
    // Back on the page of a sign-in that is over.
    const again = await browser.get(to)
    expect([again.status, again.html]).toEqual([400, expect.stringContaining('请从应用重新登录')])
  })

  it('says in a form of its own who cannot enter, and tells the application', async () => {
    const browser = browserOf(world, await signIn(world, { userId: 'lisi' }))
    const { id } = memberNamed(world, 'zhangsan')
    const only = { everyone: false, departments: [], memberIds: [id], tags: [] }
    await setApp(world.ctx, 'test', world.corpId, app.appId, { visibility: only })
    const asked = await begin(app)
    const page = await browser.get(asked.url.href)
    expect(page.status).toBe(403)
    expect(page.html).toContain('不能进入「图书馆」')
    expect(page.html).toContain('不在应用的可见范围内')
    const back = /href="([^"]*\?end=refused)"/.exec(page.html)?.[1] ?? ''
    const landed = await browser.get(back)
    expect(landed.url.searchParams.get('error')).toBe('access_denied')
    expect(landed.url.searchParams.get('state')).toBe(asked.checks.expectedState)
    const rows = await until('the log', async () => {
      const found = (await logOf('lisi')).filter(one => one.reason !== '')
      return found.length ? found : undefined
    })
    expect(rows).toMatchObject([{ reason: 'not-visible', app_name: '图书馆' }])
    const everyone = { everyone: true, departments: [], memberIds: [], tags: [] }
    await setApp(world.ctx, 'test', world.corpId, app.appId, { visibility: everyone })
  })

  it('is begun by a posted form, too', async () => {
    const asked = await begin(app)
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    const form = Object.fromEntries(asked.url.searchParams)
    const landed = await browser.post(`${app.issuer}/auth`, form)
    expect((await redeem(app, landed, asked)).claims()).toMatchObject({ account: 'zhangsan' })
    const twice = await browser.get(`${app.issuer}/auth?${asked.url.searchParams}&scope=openid`)
    const body = new URLSearchParams([...asked.url.searchParams, ['scope', 'openid']])
    const posted = await fetch(`${app.issuer}/auth?state=other`, { method: 'POST', body, redirect: 'manual' })
    const led = new URL(posted.headers.get('location') ?? '')
    expect([led.searchParams.getAll('scope').length, led.searchParams.getAll('state')]).toEqual([
      2,
      [form['state']],
    ])
    expect((await browser.get(led.href)).status).toBe(twice.status)
    const long = await browser.post(`${app.issuer}/auth`, { ...form, state: 'x'.repeat(9000) })
    expect([long.status, long.html]).toEqual([400, expect.stringContaining('pushed authorization request')])
  })

  it('refuses the local administrator, who is nobody’s member', async () => {
    const browser = browserOf(world, await signIn(world, { admin: 'root' }))
    const page = await browser.get((await begin(app)).url.href)
    expect(page.status).toBe(403)
    expect(page.html).toContain('系统超级管理员是本机账号')
  })
})

describe('an application that asks for more', () => {
  const asks = async (parameters: Record<string, string>, session: { cookie: string }) => {
    const browser = browserOf(world, session)
    const asked = await begin(app, parameters)
    return { browser, asked, landed: await browser.get(asked.url.href) }
  }

  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['max_age=0', { max_age: '0' }],
    ['a second factor', { acr_values: 'wisp:3' }],
  ])('by %s is never satisfied silently', async (_name, parameters: Record<string, string>) => {
    const session = await signIn(world, { userId: 'zhangsan' })
    const { browser, asked, landed } = await asks(parameters, session)
    expect(landed.url.pathname).toBe('/signin')
    expect(Number(landed.url.searchParams.get('acr'))).toBeGreaterThan(1)
    const to = landed.url.searchParams.get('to') ?? ''
    await prove(session.sessionId, 1)
    expect((await browser.get(to)).url.origin).toBe(world.server.url)
    await prove(session.sessionId, 3)
    const tokens = await redeem(app, await browser.get(to), asked)
    expect(tokens.claims()).toMatchObject({ acr: 'wisp:3', auth_time: expect.any(Number) })
  })

  it('is told when it cannot be had', async () => {
    const session = await signIn(world, { userId: 'zhangsan' })
    const { browser, landed } = await asks({ acr_values: 'wisp:3' }, session)
    const page = await browser.get(landed.url.searchParams.get('to') ?? '')
    expect(page.html).toContain('应用要求更严格的登录方式')
    const back = /href="([^"]*\?end=acr)"/.exec(page.html)?.[1] ?? ''
    const told = (await browser.get(back)).url.searchParams.get('error')
    expect(told).toBe('unmet_authentication_requirements')
  })

  it('by prompt=none gets an error instead of a page', async () => {
    const none = async (parameters: Record<string, string>, browser: ReturnType<typeof openBrowser>) =>
      (await browser.get((await begin(app, { prompt: 'none', ...parameters })).url.href)).url.searchParams
    expect((await none({}, openBrowser(world.server.url))).get('error')).toBe('login_required')
    const browser = browserOf(world, await signIn(world, { userId: 'zhangsan' }))
    expect((await none({ acr_values: 'wisp:3' }, browser)).get('error')).toBe(
      'unmet_authentication_requirements',
    )
    expect((await none({}, browser)).get('code')).toMatch(/./)
    // They are voluntary, and `acr` in the token says what was reached.
    expect((await none({ acr_values: 'urn:unknown' }, browser)).get('code')).toMatch(/./)
    expect((await none({ acr_values: 'urn:unknown wisp:3' }, browser)).get('error')).toBe(
      'unmet_authentication_requirements',
    )
  })

  it('names another person by an id_token and is told that it is somebody else', async () => {
    const first = await signInTo(app, browserOf(world, await signIn(world, { userId: 'zhangsan' })))
    const session = await signIn(world, { userId: 'lisi' })
    const { browser, landed } = await asks({ id_token_hint: first.id_token ?? '' }, session)
    expect(landed.html).toContain('应用要的是另一个人的登录')
    const back = /href="([^"]*\?end=other)"/.exec(landed.html)?.[1] ?? ''
    expect((await browser.get(back)).url.searchParams.get('error')).toBe('login_required')
  })

  async function prove(sessionId: string, acr: 1 | 3): Promise<void> {
    const amr = acr === 3 ? (['qr', 'totp'] as const) : (['wecom'] as const)
    await proveSession(world.ctx.db, sessionId, { acr, amr, at: new Date() })
    world.ctx.sessions.forget()
  }
})

describe('a third party', () => {
  it('gets nothing before the person agrees, and after they withdraw it', async () => {
    const theirs = await addClient(world, '外部问卷', {
      relation: 'third-party',
      claims: [{ name: 'profile', purpose: '称呼填写人' }],
      oidc: { redirectUris: ['https://survey.example.com/cb'], refresh: true },
    })
    const session = await signIn(world, { userId: 'zhangsan' })
    const browser = browserOf(world, session)
    const asked = await begin(theirs, { scope: 'openid profile' })
    const page = await browser.get(asked.url.href)
    expect(page.html).toContain('同意向「外部问卷」提供信息')
    expect(page.html).toContain('称呼填写人')
    const none = await browser.get((await begin(theirs, { prompt: 'none' })).url.href)
    expect(none.url.searchParams.get('error')).toBe('consent_required')
    const fields = hiddenFields(page.html)
    const tokens = await redeem(
      theirs,
      await browser.post('/signin/consent', { ...fields, answer: 'agree' }),
      asked,
    )
    expect(tokens.claims()).toMatchObject({ preferred_username: 'zhangsan' })
    expect((await browser.get((await begin(theirs)).url.href)).url.searchParams.get('code')).toMatch(/./)
    const { id } = memberNamed(world, 'zhangsan')
    expect(await consentOf(world.ctx.db, world.corpId, theirs.appId, id)).toMatchObject({
      claims: ['profile'],
    })
    await withdrawConsent(world.ctx.db, world.corpId, theirs.appId, id, new Date())
    await expect(client.refreshTokenGrant(theirs.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await expect(
      client.fetchUserInfo(theirs.config, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toMatchObject({ status: 401 })
  })
})
