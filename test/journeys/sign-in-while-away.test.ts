import { afterAll, beforeAll, expect, it } from 'vitest'
import { addCasApp } from '../../server/features/cas/browser.fixture.ts'
import { openBrowser, type TestBrowser } from '../../server/features/oidc/browser.fixture.ts'
import { addClient, begin } from '../../server/features/oidc/client.fixture.ts'
import { putAgent } from '../../server/organisation/corps/corps.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { memoryAnswersMs } from '../../server/platform/storage/availability.ts'
import { type Server, startServer } from '../../server/server.ts'
import { startWorld, type World } from '../harness.ts'
import { signIn } from '../sign-in.ts'
import { type SilentProxy, startSilentProxy } from '../silent-proxy.ts'

/** Who opens these is within WeCom, where the sign-in page leads on by itself and a wrong step would go round without end. */
const inWecom = { 'user-agent': 'Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh' }
const service = 'https://cas.example.com/app'

let world: World
let proxy: SilentProxy
let node: Server
let oidc: string
let cas: string
let member: string
let offsetMs = 0
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  const { ctx, corpId, sandbox } = world
  await putAgent(ctx, 'test', corpId, { ...sandbox.agents[0]!, name: '工作台', uses: ['signin'] })
  const redirectUris = ['https://lib.example.com/back']
  oidc = (await begin(await addClient(world, '图书馆', { oidc: { redirectUris } }))).url.href
  await addCasApp(world, '教务', { services: [service] })
  cas = `${ctx.appSignIns.addressesOf(corpId).casBase}/login?${new URLSearchParams({ service })}`
  member = (await signIn(world, { userId: 'zhangsan' })).cookie
  proxy = await startSilentProxy(world.env['WISP_DATABASE_URL'] ?? '')
  const env = { ...world.env, WISP_DATABASE_URL: proxy.url }
  node = await startServer(readConfig(env), { log: createLog('silent'), now: () => Date.now() + offsetMs })
})
afterAll(async () => {
  await proxy.close()
  await node.close()
  await world.close()
})

const phone = (cookie = ''): TestBrowser => {
  const browser = openBrowser(node.url, world.server.url, inWecom)
  if (cookie) browser.setCookie(`${cookie}; Path=/`)
  return browser
}

/** What WeCom's page does, in the browser that was sent there. */
async function backFrom(wecom: URL, userId: string): Promise<string> {
  const { code } = await world.control('code', { userId, scope: 'snsapi_base' })
  return `/signin/callback?code=${code}&state=${wecom.searchParams.get('state')}`
}

async function expectAway(browser: TestBrowser, path: string): Promise<void> {
  const { status, html, headers } = await browser.get(path)
  expect([status, headers.get('retry-after')], path).toEqual([503, '5'])
  expect(headers.get('content-type'), path).toContain('text/html')
  expect(html, path).toMatch(/暂时不/)
  expect(html, path).toMatch(/not available|for the moment/)
}

const readiness = async () => (await fetch(`${node.url}/readyz`)).text()

it('every way in says that the database is away, sends nobody round, and works when it is back', async () => {
  const signingIn = phone()
  const toWecom = await signingIn.get('/signin')
  expect(toWecom.url.pathname).toBe('/connect/oauth2/authorize')
  const back = await backFrom(toWecom.url, 'zhangsan')

  proxy.goSilent({ newOnesToo: true })
  await expect.poll(readiness, { timeout: 20_000 }).toContain('the database does not answer')
  // For as long as memory answers, whoever is signed out gets as far as WeCom, and no further.
  const early = phone()
  const first = await early.get('/signin')
  await expectAway(early, await backFrom(first.url, 'lisi'))
  await expectAway(phone(member), cas)
  offsetMs = memoryAnswersMs + 1000
  for (const cookie of ['', member])
    for (const path of ['/signin', '/signin/wecom', oidc, cas]) await expectAway(phone(cookie), path)
  await expectAway(signingIn, back)

  offsetMs = 0
  proxy.recover()
  await expect.poll(readiness, { timeout: 20_000 }).not.toContain('the database does not answer')
  // The same address goes on, because nothing of it was used up.
  expect((await signingIn.get(back)).url.pathname).toBe('/mobile')
  expect((await phone(member).get(oidc)).url.searchParams.get('code')).toBeTruthy()
  expect((await phone(member).get(cas)).url.searchParams.get('ticket')).toMatch(/^ST-/)
  const fromApp = phone()
  const asked = await fromApp.get(cas)
  expect(asked.url.pathname).toBe('/connect/oauth2/authorize')
  const entered = await fromApp.get(await backFrom(asked.url, 'lisi'))
  expect(entered.url.searchParams.get('ticket')).toMatch(/^ST-/)
}, 60_000)
