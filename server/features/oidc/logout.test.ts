import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { browserOf, hiddenFields, openBrowser } from './browser.fixture.ts'
import { addClient, memberNamed, signInTo, type TestClient } from './client.fixture.ts'

let world: World
let receiver: Server
const received: { path: string; token: string }[] = []
const apps: TestClient[] = []
const afterLogout = 'https://app0.example.com/bye'

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  await world.connectCallback()
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += String(piece)
    received.push({ path: request.url ?? '', token: new URLSearchParams(body).get('logout_token') ?? '' })
    response.end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  for (const n of [0, 1])
    apps.push(
      await addClient(world, `应用${n}`, {
        oidc: {
          redirectUris: [`https://app${n}.example.com/cb`],
          postLogoutRedirectUris: [`https://app${n}.example.com/bye`],
          logoutUri: `http://127.0.0.1:${port}/app${n}`,
        },
      }),
    )
})
afterAll(async () => {
  receiver.close()
  await world.close()
})

async function signedIn(userId: string) {
  const session = await signIn(world, { userId })
  const browser = browserOf(world, session)
  const tokens = [await signInTo(apps[0]!, browser), await signInTo(apps[1]!, browser)]
  received.length = 0
  return { session, browser, tokens }
}

/** Both applications are told, each by a token that it can verify. */
async function expectTold(tokens: readonly { claims(): client.IDToken | undefined }[]): Promise<void> {
  await until('the applications are told', () => received.length === 2)
  for (const [n, app] of apps.entries()) {
    const token = received.find(one => one.path === `/app${n}`)?.token ?? ''
    const keys = createRemoteJWKSet(new URL(`${app.issuer}/jwks`))
    const { payload } = await jwtVerify(token, keys, { issuer: app.issuer, audience: app.clientId })
    expect(decodeProtectedHeader(token).typ).toBe('logout+jwt')
    expect(payload).toMatchObject({ sub: tokens[n]?.claims()?.sub, sid: tokens[n]?.claims()?.['sid'] })
    expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
    expect(payload['nonce']).toBeUndefined()
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(120)
    expect(payload.jti).toMatch(/./)
  }
}

const isSignedIn = async (session: { get(path: string): Promise<{ body: { signedIn: boolean } }> }) =>
  (await session.get('/web/session')).body.signedIn

describe('signing out', () => {
  it('in an application that shows an id_token ends the session, and all others are told', async () => {
    const { session, browser, tokens } = await signedIn('zhangsan')
    const url = client.buildEndSessionUrl(apps[0]!.config, {
      id_token_hint: tokens[0]!.id_token ?? '',
      post_logout_redirect_uri: afterLogout,
      state: 'abc',
    })
    const page = await browser.get(url.href)
    expect(page.html).toContain('.submit()')
    const landed = await browser.post(`${apps[0]!.issuer}/session/end/confirm`, hiddenFields(page.html))
    expect(landed.url.href).toBe(`${afterLogout}?state=abc`)
    await expectTold(tokens)
    expect(await isSignedIn(session)).toBe(false)
    const info = client.fetchUserInfo(
      apps[1]!.config,
      tokens[1]!.access_token,
      tokens[1]!.claims()?.sub ?? '',
    )
    await expect(info).rejects.toMatchObject({ status: 401 })
  })

  it('without an id_token is asked for', async () => {
    const { session, browser } = await signedIn('zhangsan')
    const page = await browser.get(`${apps[0]!.issuer}/session/end?client_id=${apps[0]!.clientId}`)
    expect(page.html).toContain('退出登录？')
    expect(page.html).not.toContain('<script')
    const stays = await browser.post(`${apps[0]!.issuer}/session/end/confirm`, hiddenFields(page.html))
    expect(stays.html).toContain('未退出登录')
    expect(await isSignedIn(session)).toBe(true)
    const again = await browser.get(`${apps[0]!.issuer}/session/end?client_id=${apps[0]!.clientId}`)
    const form = { ...hiddenFields(again.html), logout: 'yes' }
    const done = await browser.post(`${apps[0]!.issuer}/session/end/confirm`, form)
    expect(done.html).toContain('已退出登录')
    expect(await isSignedIn(session)).toBe(false)
  })

  it('in wisp is told to the applications', async () => {
    const { session, tokens } = await signedIn('lisi')
    await session.post('/web/sign-out')
    await expectTold(tokens)
  })

  it('follows from leaving', async () => {
    const { tokens } = await signedIn('zhaomin')
    await world.admin('user/delete', { userid: 'zhaomin' })
    await world.settle()
    await expectTold(tokens)
  })

  it.each([
    ['https://evil.example.com/'],
    ['https://app0.example.com/bye/'],
    ['https://app0.example.com/bye?x=1'],
    ['https://app1.example.com/bye'],
  ])('never leads to %s', async uri => {
    const { browser, session, tokens } = await signedIn('zhangsan')
    const query = new URLSearchParams({
      id_token_hint: tokens[0]!.id_token ?? '',
      post_logout_redirect_uri: uri,
    })
    const page = await browser.post(`${apps[0]!.issuer}/session/end`, Object.fromEntries(query))
    expect([page.status, page.url.origin]).toEqual([400, new URL(apps[0]!.issuer).origin])
    expect(await isSignedIn(session)).toBe(true)
  })

  it('by a form of another site is refused', async () => {
    const { browser, session } = await signedIn('zhangsan')
    const forged = { xsrf: 'x'.repeat(48), logout: 'yes' }
    expect((await browser.post(`${apps[0]!.issuer}/session/end/confirm`, forged)).status).toBe(400)
    expect(await isSignedIn(session)).toBe(true)
  })

  it('of nobody ends at a page', async () => {
    const browser = openBrowser(world.server.url)
    const page = await browser.get(`${apps[0]!.issuer}/session/end`)
    const done = await browser.post(`${apps[0]!.issuer}/session/end/confirm`, hiddenFields(page.html))
    expect(done.html).toContain('已退出登录')
    expect(memberNamed(world, 'zhangsan').userId).toBe('zhangsan')
  })
})
