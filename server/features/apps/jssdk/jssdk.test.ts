import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Body, type Caller, callerOf, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { putAgent } from '../../../organisation/corps/corps.ts'
import { readConfig } from '../../../platform/config.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../server.ts'
import { addApp, setApp } from '../apps.ts'

const path = '/api/jssdk/config'
const home = 'https://app.example.com/home'

let world: World
let dev: Caller
let agentId: number
let appId: string
beforeAll(async () => {
  world = await startWorld({ members: 5, departments: 2 })
  const { ctx, corpId, sandbox } = world
  const [agent, second] = sandbox.agents
  await putAgent(ctx, 'test', corpId, { ...agent!, uses: [] })
  await putAgent(ctx, 'test', corpId, { ...second!, uses: [] })
  agentId = agent!.agentId
  // Without any scope: the call needs none.
  dev = checked(await world.addDeveloper({ scopes: [] }))
  const app = { name: '预约', homeUrl: home, devId: dev.devId, agentId }
  appId = (await addApp(ctx, 'test', corpId, app)).id
  const other = await world.addDeveloper()
  await addApp(ctx, 'test', corpId, {
    name: '别人的',
    homeUrl: 'https://other.example.com/',
    devId: other.devId,
    agentId: second!.agentId,
  })
  await addApp(ctx, 'test', corpId, { ...app, name: '没有 Secret', agentId: 1000077 })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('calls', undefined, 'DELETE')
})

const get = (input: Record<string, string | number> = {}, by = dev) =>
  by.get(path, { agentId, url: home, ...input })
const check = async (body: Body, url = home, call: 'config' | 'agentConfig' = 'config') => {
  const { appId: id, corpid = id, beta: _, ...values } = body[call] as Record<string, string>
  const query = new URLSearchParams({ corpid: String(corpid), ...values, url })
  const answer = await fetch(`${world.sandbox.url}/pages/js-sdk/check?${query}`)
  return ((await answer.json()) as { errMsg: string }).errMsg
}
const asked = async () => {
  const calls = (await world.control('calls')) as Record<string, Record<string, number>>
  const of = (name: string) =>
    Object.values(calls[`/cgi-bin/${name}`] ?? {}).reduce((sum, count) => sum + count, 0)
  return [of('get_jsapi_ticket'), of('ticket/get')]
}
const endTickets = () => world.control('jsTickets', undefined, 'DELETE')
const rejectedOf = ({ timestamp, nonceStr, signature }: Record<string, string | number>) =>
  `${timestamp}.${nonceStr}.${signature}`

describe('a page in WeCom', () => {
  it('gets what wx.config and wx.agentConfig take, whatever its fragment is', async () => {
    const { body } = await get({ url: `${home}?a=b#part` })
    expect(body.config).toMatchObject({ beta: true, appId: world.corpId })
    expect(body.agentConfig).toMatchObject({ corpid: world.corpId, agentid: String(agentId) })
    expect(await check(body, `${home}?a=b`)).toBe('config:ok')
    expect(await check(body, `${home}?a=b`, 'agentConfig')).toBe('agentConfig:ok')
    expect(await check(body)).toBe('config:invalid signature')
    expect(body.config.signature).not.toBe(body.agentConfig.signature)
  })

  it.each<[Record<string, string | number>, string]>([
    [{ agentId: '' }, '1001 参数为空: agentId'],
    [{ url: '' }, '1001 参数为空: url'],
    [{ agentId: 'x' }, '1000 参数错误: agentId'],
    [{ agentId: 0 }, '1000 参数错误: agentId'],
    [{ agentId: 1000099 }, '1000 参数错误: 没有应用 1000099'],
    [{ agentId: 1000003 }, '1000 参数错误: 没有应用 1000003'],
    [{ agentId: 1000077 }, '1000 参数错误: 没有自建应用 1000077 的 Secret'],
    [{ url: 'javascript:alert(1)' }, '1000 参数错误: url 应为'],
    [{ url: '/home' }, '1000 参数错误: url 应为'],
    [{ url: 'https://app.example.com@evil.example/' }, '1000 参数错误: url 应为'],
    [{ url: 'https://evil.example/' }, '1000 参数错误: https://evil.example 不是应用'],
    [
      { url: 'https://evil.example/#https://app.example.com/' },
      '1000 参数错误: https://evil.example 不是应用',
    ],
    [{ url: 'http://app.example.com/' }, '1000 参数错误: http://app.example.com 不是应用'],
    [{ url: 'https://app.example.com:8443/' }, '1000 参数错误: https://app.example.com:8443 不是应用'],
    [{ url: 'https://other.example.com/' }, '1000 参数错误: https://other.example.com 不是应用'],
    [{ url: `${home}?${'a'.repeat(2048)}` }, '1000 参数错误: url'],
    [{ rejected: 'a.b' }, '1000 参数错误: rejected'],
  ])('%j is refused, and WeCom is not asked', async (input, why) => {
    expect(refusal(await get(input))).toContain(why)
    expect(await asked()).toEqual([0, 0])
  })

  it('of an app that is disabled is refused', async () => {
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: false })
    expect(refusal(await get())).toBe(`1000 参数错误: 应用 ${agentId} 已停用，请管理员在应用中心启用`)
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: true })
    expect((await get()).retCode).toBe('0')
  })

  it('of another developer is refused', async () => {
    const other = await world.addDeveloper()
    expect(refusal(await get({}, other))).toBe(`1000 参数错误: 没有应用 ${agentId}`)
  })
})

describe('the tickets', () => {
  let other: Server
  let there: Caller
  beforeAll(async () => {
    other = await startServer(readConfig(world.env), { log: createLog('silent'), now: world.ctx.now })
    const { devId, devSecret } = dev
    there = callerOf(other.url, { devId, devSecret })
  })
  afterAll(() => other.close())
  afterEach(async () => {
    await world.control('faults', undefined, 'DELETE')
  })
  /** What entering another secret does too: nothing stays cached. */
  const forget = async () => {
    const { ctx, corpId, sandbox } = world
    const nodes = [ctx, other.ctx]
    const kept = () =>
      nodes.map(node => node.corps.get(corpId).agents.find(one => one.agentId === agentId)?.jsTickets)
    const before = kept()
    await ctx.db.deleteFrom('upstream_credential').where('name', '=', 'jsapi_ticket').execute()
    await ctx.db.deleteFrom('attempt_counter').where('purpose', '=', 'js-ticket').execute()
    await putAgent(ctx, 'test', corpId, { ...sandbox.agents[0]!, uses: [] })
    await until('both nodes know', () => kept().every((one, node) => one !== before[node]))
    await world.control('calls', undefined, 'DELETE')
  }

  it('are fetched once by two nodes, and once again when WeCom refuses what they signed', async () => {
    await forget()
    const stampede = (input: Record<string, string> = {}) =>
      Promise.all(Array.from({ length: 40 }, (_, n) => get(input, n % 2 ? dev : there)))
    const [first] = await stampede()
    expect(await asked()).toEqual([1, 1])
    await endTickets()
    expect(await check(first!.body)).toBe('config:invalid signature')
    const again = await stampede({ rejected: rejectedOf(first!.body.config) })
    expect(await asked()).toEqual([2, 1])
    for (const { body } of again) expect(await check(body)).toBe('config:ok')
    expect(await check(again[0]!.body, home, 'agentConfig')).toBe('agentConfig:invalid signature')
    const last = await stampede({ rejected: rejectedOf(first!.body.agentConfig) })
    expect(await asked()).toEqual([2, 2])
    for (const { body } of last) expect(await check(body, home, 'agentConfig')).toBe('agentConfig:ok')
  })

  it('are not fetched for a signature that they did not make, nor for another page', async () => {
    const { body } = await get()
    await world.control('calls', undefined, 'DELETE')
    const made = { ...body.config, signature: createHash('sha1').update('x').digest('hex') }
    await get({ rejected: rejectedOf(made) })
    await get({ url: `${home}?x=1`, rejected: rejectedOf(body.config) })
    expect(await asked()).toEqual([0, 0])
  })

  it('are signed with while WeCom is down, and 1011 says so where there is none', async () => {
    await get()
    // The agent's ticket alone: the answer comes with the first failure, and a second one would still be under way.
    await world.control('faults', { match: 'ticket/get', mode: 'http500' })
    expect((await get()).retCode).toBe('0')
    await forget()
    const down = await get()
    expect(refusal(down)).toMatch(/^1011 .*企业微信没有返回/)
    await world.control('faults', undefined, 'DELETE')
    await world.control('faults', { match: 'ticket/get', mode: 'code:45009', times: 1 })
    expect(refusal(await get())).toMatch(/^1011 .*45009/)
    expect((await get()).retCode).toBe('0')
  })

  it('are asked for 8 times in five minutes at most, whatever fails', async () => {
    await forget()
    await world.control('faults', { match: 'ticket/get', mode: 'code:50003' })
    for (let n = 0; n < 8; n++) expect(refusal(await get({}, n % 2 ? dev : there))).toMatch(/^1009 .*50003/)
    const refused = await get()
    expect(refusal(refused)).toMatch(/^1010 .*JS-SDK/)
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(200)
    expect(wait).toBeLessThanOrEqual(300)
    expect(await asked()).toEqual([1, 8])
    await world.control('faults', undefined, 'DELETE')
    world.clock.offsetMs += wait * 1000
    expect((await get()).retCode).toBe('0')
  })

  it('go with the secret that fetched them', async () => {
    await get()
    const owners = async () =>
      (
        await world.ctx.db
          .selectFrom('upstream_credential')
          .select('owner')
          .where('name', '=', 'jsapi_ticket')
          .execute()
      ).map(row => row.owner)
    expect((await owners()).sort()).toEqual([`wecom:agent:${agentId}`, 'wecom:corp'])
    await putAgent(world.ctx, 'test', world.corpId, { ...world.sandbox.agents[0]!, uses: [] })
    expect(await owners()).toEqual(['wecom:corp'])
  })
})
