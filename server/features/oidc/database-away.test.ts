import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { type SilentProxy, startSilentProxy } from '../../../test/silent-proxy.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { openBrowser } from './browser.fixture.ts'
import { addClient, begin, type TestClient } from './client.fixture.ts'

let world: World
let proxy: SilentProxy
let other: Server
let app: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  app = await addClient(world, '图书馆', { oidc: { redirectUris: ['https://lib.example.com/callback'] } })
  proxy = await startSilentProxy(world.env['WISP_DATABASE_URL'] ?? '')
  const env = { ...world.env, WISP_DATABASE_URL: proxy.url }
  other = await startServer(readConfig(env), { log: createLog('silent') })
})
afterAll(async () => {
  await proxy.close()
  await other.close()
  await world.close()
})

it('says that it passes while the database is away, and goes on afterwards', async () => {
  const browser = openBrowser(other.url, world.server.url)
  browser.setCookie(`${(await signIn(world, { userId: 'zhangsan' })).cookie}; Path=/`)
  const { url } = await begin(app)
  const there = url.href.replace(world.server.url, other.url)
  expect((await browser.get(there)).url.searchParams.get('code')).toMatch(/./)
  proxy.goSilent({ newOnesToo: true })
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: app.redirectUri,
  })
  const authorization = `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`
  const token = `${app.issuer}/token`.replace(world.server.url, other.url)
  const refused = await fetch(token, { method: 'POST', body, headers: { authorization } })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await refused.json()).toMatchObject({ error: 'temporarily_unavailable' })
  const landed = await browser.get(there)
  const told = landed.url.searchParams.get('error') ?? landed.html
  expect(told).toMatch(/temporarily_unavailable|暂时不能登录/)
  proxy.recover()
  await expect
    .poll(async () => (await browser.get(there)).url.searchParams.has('code'), { timeout: 30_000 })
    .toBe(true)
}, 120_000)
