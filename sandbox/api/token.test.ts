import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { callerOf, control } from '../test-caller.ts'

let sandbox: Sandbox
let now = Date.now()
beforeAll(async () => {
  sandbox = await startSandbox({ members: 30, now: () => now })
})
afterAll(() => sandbox.close())

const get = async (query: string) =>
  (await (await fetch(`${sandbox.url}/cgi-bin/gettoken?${query}`)).json()) as Record<string, unknown>

test('a living token is given again, each secret has its own', async () => {
  const first = await callerOf(sandbox)
  expect((await callerOf(sandbox)).token).toBe(first.token)
  expect((await callerOf(sandbox, sandbox.agents[0]!.secret)).token).not.toBe(first.token)
  expect(await get(`corpid=${sandbox.corpId}&corpsecret=${sandbox.contactSecret}`)).toMatchObject({
    errcode: 0,
    errmsg: 'ok',
    expires_in: 7200,
  })
})

test.each([
  ['corpid=', 41002],
  ['corpid=wwffffffffffffffff&corpsecret=x', 40013],
  ['corpid=CORP', 41004],
  ['corpid=CORP&corpsecret=wrong', 40001],
])('gettoken?%s answers %i', async (query, errcode) => {
  const answer = await get(query.replace('CORP', sandbox.corpId))
  expect(answer['errcode']).toBe(errcode)
  expect(answer['errmsg']).toMatch(
    new RegExp(`, hint: \\[\\d+\\], from ip: 127\\.0\\.0\\.1, more info at https://\\S+\\?e=${errcode}$`),
  )
})

test('a token is missing, unknown, expired', async () => {
  const caller = await callerOf(sandbox)
  expect((await caller.get('user/get', { access_token: '', userid: 'zhangsan' })).errcode).toBe(41001)
  expect((await caller.get('user/get', { access_token: 'x', userid: 'zhangsan' })).errcode).toBe(40014)
  expect((await caller.get('user/get', { userid: 'zhangsan' })).errcode).toBe(0)
  now += 7200_000
  expect((await caller.get('user/get', { userid: 'zhangsan' })).errcode).toBe(42001)
  const next = await callerOf(sandbox)
  expect(next.token).not.toBe(caller.token)
  expect((await next.get('user/get', { userid: 'zhangsan' })).errcode).toBe(0)
})

test('a disabled application gets 50003, a foreign address 60020', async () => {
  const { agentId, secret } = sandbox.agents[1]!
  const agent = await callerOf(sandbox, secret)
  expect((await agent.get('tag/list')).errcode).toBe(0)
  await control(sandbox, 'POST', 'agents', { agentId, disabled: true })
  expect((await agent.get('tag/list')).errcode).toBe(50003)
  expect((await get(`corpid=${sandbox.corpId}&corpsecret=${secret}`))['errcode']).toBe(50003)
  await control(sandbox, 'POST', 'agents', { agentId, disabled: false })
  await control(sandbox, 'POST', 'trustedIps', { agentId, ips: ['10.0.0.1'] })
  const refused = await agent.get('tag/list')
  expect(refused.errcode).toBe(60020)
  expect(refused.errmsg).toMatch(/^not allow to access from your ip, hint: .*from ip: 127\.0\.0\.1/)
  expect((await (await callerOf(sandbox)).get('tag/list')).errcode).toBe(0)
  await control(sandbox, 'POST', 'trustedIps', { ips: ['127.0.0.1'] })
  expect((await agent.get('tag/list')).errcode).toBe(0)
  await control(sandbox, 'POST', 'trustedIps', { ips: null })
})
