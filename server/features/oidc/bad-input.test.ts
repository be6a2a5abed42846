import * as client from 'openid-client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { refusalNumbered } from '../../callers/refusals/store.ts'
import { addCorp } from '../../organisation/corps/corps.ts'
import { memberOf } from '../../organisation/people/administrators.ts'
import { removeApp, setApp } from '../apps/apps.ts'
import { browserOf, openBrowser } from './browser.fixture.ts'
import { addClient, begin, redeem, signInTo, type TestClient } from './client.fixture.ts'

let world: World
let app: TestClient
let open: TestClient
let foreign: TestClient
let session: SignedInClient
const redirectUri = 'https://lib.example.com/callback'
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  app = await addClient(world, '图书馆', { oidc: { redirectUris: [redirectUri], refresh: true } })
  open = await addClient(world, '手机教务', {
    oidc: { isPublic: true, redirectUris: ['https://edu.example.com/cb', 'http://127.0.0.1/cb'] },
  })
  const corpId = 'ww0000000000000009'
  await addCorp(world.ctx, 'test', { corpId, name: '乙', contactSecret: 'x'.repeat(43) })
  foreign = await addClient(world, '乙的应用', { oidc: { redirectUris: [redirectUri] } }, corpId)
  session = await signIn(world, { userId: 'zhangsan' })
})
afterAll(() => world.close())
afterEach(() => void vi.useRealTimers())

const browser = () => browserOf(world, session)
const basic = (secret = app.clientSecret) =>
  `Basic ${Buffer.from(`${app.clientId}:${secret}`).toString('base64')}`

type RefusalAnswer = { status: number; body: Record<string, unknown>; headers: Headers }

async function token(
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<RefusalAnswer> {
  const body = new URLSearchParams({ grant_type: 'authorization_code', redirect_uri: redirectUri, ...form })
  const init = { method: 'POST', body, headers: { authorization: basic(), ...headers } }
  const response = await fetch(`${app.issuer}/token`, init)
  return {
    status: response.status,
    body: (await response.json()) as RefusalAnswer['body'],
    headers: response.headers,
  }
}

async function newCode() {
  const asked = await begin(app)
  const { url } = await browser().get(asked.url.href)
  return { code: url.searchParams.get('code') ?? '', code_verifier: asked.verifier }
}

describe('a request for a sign-in', () => {
  it.each([
    ['another path', 'https://lib.example.com/callback/'],
    ['a query', 'https://lib.example.com/callback?x=1'],
    ['a port', 'https://lib.example.com:8443/callback'],
    ['the usual port', 'https://lib.example.com:443/callback'],
    ['other letters', 'https://lib.example.com/Callback'],
    ['another host', 'https://lib.example.com.evil.com/callback'],
    ['a user name', 'https://lib.example.com@evil.com/callback'],
    ['a user of this host', 'https://evil@lib.example.com/callback'],
    ['a fragment', 'https://lib.example.com/callback#x'],
    ['dots', 'https://lib.example.com/x/../callback'],
    ['http', 'http://lib.example.com/callback'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['nothing', ''],
  ])('with %s in its redirect address never leads there', async (_what, uri) => {
    const { url } = await begin(app)
    url.searchParams.set('redirect_uri', uri)
    const page = await browser().get(url.href)
    expect([page.status, page.url.origin]).toEqual([400, new URL(app.issuer).origin])
    expect(page.html).toContain('应用发来的登录请求有误')
    expect(page.html).not.toMatch(/href="(javascript|data):/)
  })

  it.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for a token', { response_type: 'token' }, 'unsupported_response_type'],
    ['for an id_token', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['with a request object elsewhere', { request_uri: 'https://evil.com/r' }, 'request_uri_not_supported'],
    ['with an id_token_hint of nobody', { id_token_hint: 'a.b.c' }, 'invalid_request'],
    ['with a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['with an unknown prompt', { prompt: 'guess' }, 'invalid_request'],
    ['with none and login', { prompt: 'none login' }, 'invalid_request'],
  ])('of a public client %s is refused', async (_what, parameters, error) => {
    const { url } = await begin(open)
    for (const [name, value] of Object.entries(parameters)) {
      if (value) url.searchParams.set(name, value)
      else url.searchParams.delete(name)
    }
    const { searchParams, hash } = (await browser().get(url.href)).url
    expect(searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error')).toBe(error)
    expect(searchParams.get('code')).toBeNull()
  })

  it('without state and nonce gets neither', async () => {
    const { url } = await begin(app)
    url.searchParams.delete('state')
    url.searchParams.delete('nonce')
    const landed = await browser().get(url.href)
    expect([...landed.url.searchParams.keys()].sort()).toEqual(['code', 'iss'])
    expect(landed.url.searchParams.get('iss')).toBe(app.issuer)
  })

  it('of a client of another corp is not known here', async () => {
    const { url } = await begin(app)
    url.searchParams.set('client_id', foreign.clientId)
    const page = await browser().get(url.href)
    expect([page.status, page.html]).toEqual([400, expect.stringContaining('invalid_client')])
  })

  it('of an app of another corp says whose it is not', async () => {
    const page = await browser().get((await begin(foreign)).url.href)
    expect([page.status, page.html]).toEqual([403, expect.stringContaining('登录的是另一个企业的成员')])
  })

  it('of an app that is deleted while the person signs in ends at a page', async () => {
    const gone = await addClient(world, '旧系统', { oidc: { redirectUris: ['https://old.example.com/cb'] } })
    const visitor = openBrowser(world.server.url)
    const landed = await visitor.get((await begin(gone)).url.href)
    await removeApp(world.ctx, 'test', world.corpId, gone.appId)
    visitor.setCookie(`${session.cookie}; Path=/`)
    const page = await visitor.get(landed.url.searchParams.get('to') ?? '')
    expect([page.status, page.html]).toEqual([403, expect.stringContaining('这个应用不再使用统一登录')])
    const back = /href="([^"]*\?end=refused)"/.exec(page.html)?.[1] ?? ''
    expect((await visitor.get(back)).status).toBe(400)
  })

  it('that was begun in another browser ends at a page', async () => {
    const landed = await openBrowser(world.server.url).get((await begin(app)).url.href)
    const page = await browser().get(landed.url.searchParams.get('to') ?? '')
    expect([page.status, page.html]).toEqual([400, expect.stringContaining('请从应用重新登录')])
  })
})

describe('what is refused', () => {
  it('is found by the number on the page', async () => {
    const { url } = await begin(app, { redirect_uri: 'https://lib.example.com/other' })
    const page = await browser().get(url.href)
    const number = /<dd>([\w-]+)<\/dd><\/div><\/dl>/.exec(page.html)?.[1] ?? ''
    const found = await until('the refusal', () => refusalNumbered(world.ctx.db, world.corpId, number))
    expect(found).toMatchObject({ place: 'app-sign-in', reason: 'request' })
    expect(found.detail).toContain('invalid_redirect_uri')
  })

  it('without a page is in the log', async () => {
    const { id } = memberOf(world.ctx, world.corpId, 'lisi')
    const only = { everyone: false, departments: [], memberIds: [id], tags: [] }
    const hidden = await addClient(world, '只给李四', { oidc: { redirectUris: [redirectUri] } })
    await setApp(world.ctx, 'test', world.corpId, hidden.appId, { visibility: only })
    const { url } = await browser().get((await begin(hidden, { prompt: 'none' })).url.href)
    expect(url.searchParams.get('error')).toBe('access_denied')
    const row = await until('the row', () =>
      world.ctx.db
        .selectFrom('sign_in_log')
        .selectAll()
        .where('app_id', '=', hidden.appId)
        .executeTakeFirst(),
    )
    expect(row).toMatchObject({ reason: 'not-visible', user_id: 'zhangsan' })
  })
})

describe('a code', () => {
  it('used twice is refused, and what it gave is void', async () => {
    const given = await newCode()
    const first = await token(given)
    expect(first.status).toBe(200)
    expect((await token(given)).body).toMatchObject({ error: 'invalid_grant' })
    const info = await fetch(`${app.issuer}/me`, {
      headers: { authorization: `Bearer ${first.body['access_token']}` },
    })
    expect(info.status).toBe(401)
  })

  it.each([
    ['another verifier', { code_verifier: client.randomPKCECodeVerifier() }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect address', { redirect_uri: 'https://lib.example.com/other' }],
    ['no redirect address', { redirect_uri: '' }],
  ])('with %s is refused', async (_what, form) => {
    const { status, body } = await token({ ...(await newCode()), ...form })
    expect([status, String(body['error'])]).toEqual([400, expect.stringMatching(/^invalid_(grant|request)$/)])
  })

  it('is refused after a minute', async () => {
    const given = await newCode()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    expect((await token(given)).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('of another client is refused', async () => {
    const other = await addClient(world, '另一个', { oidc: { redirectUris: [redirectUri] } })
    const authorization = `Basic ${Buffer.from(`${other.clientId}:${other.clientSecret}`).toString('base64')}`
    expect((await token(await newCode(), { authorization })).body).toMatchObject({ error: 'invalid_grant' })
  })

  it('of another corp is refused', async () => {
    const given = await newCode()
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      redirect_uri: redirectUri,
      ...given,
    })
    const authorization = `Basic ${Buffer.from(`${foreign.clientId}:${foreign.clientSecret}`).toString('base64')}`
    const response = await fetch(`${foreign.issuer}/token`, {
      method: 'POST',
      body,
      headers: { authorization },
    })
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('a token', () => {
  it('of one corp is nothing at another', async () => {
    const tokens = await signInTo(app, browser())
    const authorization = `Bearer ${tokens.access_token}`
    expect((await fetch(`${foreign.issuer}/me`, { headers: { authorization } })).status).toBe(401)
    const introspected = await client.tokenIntrospection(foreign.config, tokens.access_token)
    expect(introspected.active).toBe(false)
    const hint = await begin(foreign, { id_token_hint: tokens.id_token ?? '' })
    expect((await browser().get(hint.url.href)).url.searchParams.get('error')).toBe('invalid_request')
    const end = new URLSearchParams({ id_token_hint: tokens.id_token ?? '' })
    expect((await browser().get(`${foreign.issuer}/session/end?${end}`)).status).toBe(400)
  })

  it.each([['GET'], ['PUT'], ['DELETE']])('is not given to a %s', async method => {
    expect((await fetch(`${app.issuer}/token`, { method })).status).toBe(404)
  })

  it('is not given for a body that is too large, or is JSON', async () => {
    const post = (body: string, type: string) =>
      fetch(`${app.issuer}/token`, { method: 'POST', body, headers: { 'content-type': type } })
    const large = await post(`code=${'x'.repeat(100_000)}`, 'application/x-www-form-urlencoded')
    expect(large.status).toBe(400)
    expect((await post('{"grant_type":"authorization_code"}', 'application/json')).status).toBe(400)
  })
})

describe('whatever a request says of its host', () => {
  it.each([
    ['Host', { host: 'evil.example.com' }],
    ['X-Forwarded-Host', { 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'https' }],
    ['Forwarded', { forwarded: 'host=evil.example.com;proto=https' }],
  ])('by %s changes nothing', async (_name, headers) => {
    const path = new URL(app.issuer).pathname
    const answers = [
      await ask(`${path}/.well-known/openid-configuration`, headers),
      await ask(`/.well-known/oauth-authorization-server${path}`, headers),
    ]
    for (const text of answers) {
      expect(text).not.toContain('evil')
      expect(JSON.parse(text)).toMatchObject({ issuer: app.issuer, token_endpoint: `${app.issuer}/token` })
    }
  })

  it('where two corps have the same path, each is at its own', async () => {
    const { db, appSignIns } = world.ctx
    const issuers = [app.issuer, foreign.issuer]
    const move = async (mine: string, theirs: string) => {
      for (const [from, to] of [
        [world.corpId, mine],
        ['ww0000000000000009', theirs],
      ] as const)
        await db.updateTable('corp_sign_in').set({ issuer: to }).where('corp_id', '=', from).execute()
      await appSignIns.reload()
      await world.ctx.reloadConfig()
    }
    await move('https://a.example.com/oidc', 'https://b.example.com/oidc')
    for (const host of ['a.example.com', 'b.example.com'])
      expect(JSON.parse(await ask('/oidc/.well-known/openid-configuration', { host }))).toMatchObject({
        issuer: `https://${host}/oidc`,
        authorization_endpoint: `https://${host}/oidc/auth`,
      })
    expect(await ask('/oidc/.well-known/openid-configuration', { host: 'evil.example.com' })).toContain(
      '1000',
    )
    await move(issuers[0] ?? '', issuers[1] ?? '')
  })

  /** fetch sets the host itself. */
  async function ask(path: string, headers: Record<string, string>): Promise<string> {
    const { get } = await import('node:http')
    return new Promise((resolve, reject) => {
      get(`${world.server.url}${path}`, { headers }, response => {
        let text = ''
        response.on('data', piece => (text += String(piece))).on('end', () => resolve(text))
      }).on('error', reject)
    })
  }
})

describe('a client secret', () => {
  it('that is wrong too often has to wait, and others do not', async () => {
    const wrong = async () => (await token({ code: 'x' }, { authorization: basic('wrong') })).headers
    let waits: string | null = null
    for (let n = 0; n < 30 && waits === null; n++) waits = (await wrong()).get('retry-after')
    expect(Number(waits)).toBeGreaterThan(0)
    expect((await token({ code: 'x' })).body).toMatchObject({ error: 'invalid_client' })
    expect(
      (await token({ code: 'x' }, { authorization: basic('wrong') })).body['error_description'],
    ).toContain('try again in')
    const other = await begin(open)
    const landed = await browser().get(other.url.href)
    expect((await redeem(open, landed, other)).access_token).toMatch(/./)
  })
})

describe('ids of no client', () => {
  it('have to wait as wrong secrets do, by header or form, and clients do not', async () => {
    const headers = { authorization: '' }
    let last: RefusalAnswer | undefined
    for (let n = 0; n < 30 && !last?.headers.has('retry-after'); n++)
      last = await token({ client_id: `nobody${n}`, client_secret: 'x', code: 'x' }, headers)
    expect(last).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
    const basicOfNobody = { authorization: `Basic ${Buffer.from('nobody:x').toString('base64')}` }
    const byHeader = await token({ code: 'x' }, basicOfNobody)
    expect([byHeader.status, byHeader.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('Basic'),
    ])
    const ofOpen = await token({ client_id: open.clientId, code: 'x' }, headers)
    expect([ofOpen.status, ofOpen.headers.get('retry-after')]).toEqual([400, null])
  })
})

describe('a code for a device', () => {
  it.each([
    ['without a session', {}],
    ['with a code', { user_code: 'BCDF-GHJK' }],
    ['with a form of nobody', { user_code: 'BCDF-GHJK', xsrf: 'x', confirm: 'yes' }],
  ])('that is sent %s gets a page that says so', async (_what, form) => {
    for (const headers of [{ accept: 'text/html' }, {}]) {
      const answer = await fetch(`${app.issuer}/device`, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers,
      })
      const html = await answer.text()
      expect([answer.status, html]).toEqual([400, expect.stringContaining('登录设备')])
      expect(html).toContain(`href="${app.issuer}/device"`)
    }
  })
})
