import { afterAll, beforeAll, expect, it } from 'vitest'
import { addApp, setApp } from '../../server/features/apps/apps.ts'
import { putAgent } from '../../server/organisation/corps/corps.ts'
import type { Caller, World } from '../harness.ts'
import { until } from '../until.ts'
import { type AppServer, startAppServer } from './app-server.ts'
import { closeBrowser, phone, type Visit, visit } from './browser.ts'
import { startWorld } from './world.ts'

let world: World
let app: AppServer
let developer: Caller
let appId: string
let agentId: number
beforeAll(async () => {
  world = await startWorld({ members: 5, departments: 2 })
  const { ctx, corpId, sandbox, server } = world
  const [agent] = sandbox.agents
  await putAgent(ctx, 'test', corpId, { ...agent!, uses: [] })
  agentId = agent!.agentId
  developer = await world.addDeveloper()
  app = await startAppServer(() => server.url, {
    head: `<script src="${sandbox.url}/wwopen/js/jwxwork-1.0.0.js"></script>`,
    // As sdk/README.md says an application's server does it.
    config: async query => {
      const answer = await fetch(`${server.url}/api/jssdk/config?${query}`, {
        headers: { authorization: `Bearer ${await developer.token()}` },
      })
      return answer.json()
    },
  })
  const homeUrl = `${app.origin}/home`
  appId = (await addApp(ctx, 'test', corpId, { name: '外勤', devId: developer.devId, agentId, homeUrl })).id
  await trust(new URL(app.origin).host)
})
afterAll(async () => {
  await closeBrowser()
  await app?.close()
  await world?.close()
})

const trust = (trustedDomain: string) => world.control('agents', { agentId, trustedDomain })

/** A page of the application, what it asked its server for, and `configure` in it. */
async function openPage(): Promise<
  Visit & { configs(): URLSearchParams[]; configure(wisp?: string): unknown }
> {
  app.asked.length = 0
  const visited = await visit(world, { size: phone })
  await visited.page.goto(`${app.origin}/visit?a=b#part`)
  await visited.page.waitForFunction('window.wisp !== undefined')
  const options = { agentId, jsApiList: ['getLocation'], configUrl: '/config' }
  const told = "() => 'ok', error => error.code + ': ' + error.message"
  return {
    ...visited,
    configs: () =>
      app.asked
        .filter(path => path.startsWith('/config'))
        .map(path => new URL(path, app.origin).searchParams),
    configure: (wisp = 'wisp') =>
      visited.page.evaluate(`${wisp}.configure(${JSON.stringify(options)}).then(${told})`),
  }
}

it('configures a page for WeCom, which never sees the devToken', async () => {
  const { page, configure, configs, complaints, close } = await openPage()
  const seen: string[] = []
  page.on('request', request => seen.push(request.url(), JSON.stringify(request.headers())))
  page.on('response', async response => seen.push(await response.text()))
  expect(await configure()).toBe('ok')
  expect(configs().map(query => Object.fromEntries(query))).toEqual([
    { agentId: String(agentId), url: `${app.origin}/visit?a=b` },
  ])
  await until('both answers of WeCom are seen', () => {
    const all = seen.join('\n')
    return all.includes('"config:ok"') && all.includes('"agentConfig:ok"')
  })
  expect(seen.join('\n')).not.toContain(await developer.token())
  expect(complaints).toEqual([])
  await close()
})

it('makes wisp fetch each ticket again when WeCom refuses it, once', async () => {
  await world.control('jsTickets', undefined, 'DELETE')
  await world.control('calls', undefined, 'DELETE')
  const { configure, configs, close } = await openPage()
  expect(await configure()).toBe('ok')
  expect(configs().map(query => query.has('rejected'))).toEqual([false, true, true])
  expect(await configure()).toBe('ok')
  expect(configs()).toHaveLength(4)
  expect(await world.control('calls')).toMatchObject({
    '/cgi-bin/get_jsapi_ticket': { 0: 1 },
    '/cgi-bin/ticket/get': { 0: 1 },
  })
  await close()
})

it('says what is wrong where it cannot', async () => {
  await trust('elsewhere.example.com')
  const { page, configure, close } = await openPage()
  expect(await configure()).toBe('refused: agentConfig:invalid url domain')
  await trust(new URL(app.origin).host)
  await setApp(world.ctx, 'test', world.corpId, appId, { enabled: false })
  expect(await configure()).toBe(`refused: 参数错误: 应用 ${agentId} 已停用，请管理员在应用中心启用`)
  await setApp(world.ctx, 'test', world.corpId, appId, { enabled: true })
  expect(await page.evaluate('wisp.configure({}).catch(error => error.code)')).toBe('badRequest')
  await close()
  const outside = await openPage()
  await outside.page.evaluate('wx.config = () => undefined')
  const hasty = 'wisp.createWisp({ self: window, parent: window.parent, configureWithinMs: 50 })'
  expect(await outside.configure(hasty)).toMatch(/^noWecom: WeCom did not answer/)
  await outside.page.evaluate('delete window.wx')
  expect(await outside.configure()).toMatch(/^noWecom: WeCom's script/)
  await outside.close()
})
