import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { type Caller, callerOf, control } from '../test-caller.ts'

let sandbox: Sandbox
let agent: Caller
let now = Date.now()
beforeAll(async () => {
  sandbox = await startSandbox({ members: 30, now: () => now })
  agent = await callerOf(sandbox, sandbox.agents[0]!.secret)
})
afterAll(() => sandbox.close())

async function code(input: object): Promise<string> {
  return String((await control(sandbox, 'POST', 'code', input)).body['code'])
}

test('a code stands for a member once', async () => {
  const once = await code({ userId: 'ZHANGSAN' })
  expect(await agent.get('auth/getuserinfo', { code: once })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    userid: 'zhangsan',
  })
  expect((await agent.get('auth/getuserinfo', { code: once })).errcode).toBe(40029)
  expect((await agent.get('auth/getuserinfo', { code: 'x' })).errcode).toBe(40029)
  expect((await agent.get('auth/getuserinfo')).errcode).toBe(41008)
})

test('for five minutes', async () => {
  const late = await code({ userId: 'zhangsan' })
  now += 300_000
  expect((await agent.get('auth/getuserinfo', { code: late })).errcode).toBe(40029)
})

test('the old spelling, and strangers', async () => {
  const old = await agent.get('user/getuserinfo', {
    code: await code({ userId: 'lisi', scope: 'snsapi_privateinfo' }),
  })
  expect(old).toMatchObject({ UserId: 'lisi', DeviceId: '', expires_in: 1800 })
  expect(await agent.post('user/getuserdetail', { user_ticket: old['user_ticket'] })).toMatchObject({
    userid: 'lisi',
  })
  const stranger = await agent.get('auth/getuserinfo', { code: await code({ openId: 'oStranger' }) })
  expect(stranger).toEqual({ errcode: 0, errmsg: 'ok', openid: 'oStranger' })
})

test('a ticket lives half an hour; the contact secret has no visitors', async () => {
  const { user_ticket } = await agent.get('auth/getuserinfo', {
    code: await code({ userId: 'lisi', scope: 'snsapi_privateinfo' }),
  })
  expect((await agent.post('auth/getuserdetail', { user_ticket: 'x' })).errcode).toBe(84015)
  now += 1_800_000
  expect((await agent.post('auth/getuserdetail', { user_ticket })).errcode).toBe(84014)
  const contact = await callerOf(sandbox)
  expect((await contact.get('auth/getuserinfo', { code: 'x' })).errcode).toBe(48002)
})
