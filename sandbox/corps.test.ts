import { afterAll, beforeAll, expect, test } from 'vitest'
import { Corps } from './corps.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { callerOf, control } from './test-caller.ts'

let first: Sandbox
let second: Sandbox
beforeAll(async () => {
  const corps = new Corps()
  first = await startSandbox({ members: 5, corps })
  second = await startSandbox({
    members: 8,
    seed: 2,
    company: '云帆新材料有限公司',
    newCustomerFrom: ['127.0.0.1'],
    corps,
  })
})
afterAll(() => Promise.all([first.close(), second.close()]))

/** The second corp's secrets, used at the address of the first. */
const atFirst = (secret: string) => callerOf({ ...second, url: first.url }, secret)

test('a call reaches the corp that it names, wherever it is sent', async () => {
  const [contact, agent] = [await atFirst(second.contactSecret), await atFirst(second.agents[0]!.secret)]
  expect(((await contact.post('user/list_id', {}))['dept_user'] as unknown[]).length).toBeGreaterThan(7)
  const departments = (await agent.get('department/list'))['department'] as { name: string }[]
  expect(departments[0]?.name).toBe('云帆新材料有限公司')
  const own = await callerOf(first)
  const list = (await own.get('department/list'))['department'] as { name: string }[]
  expect(list[0]?.name).toBe('华宇智联科技集团')
  expect((await callerOf({ ...first, url: second.url })).token).toBe(own.token)
})

test('a new customer has the restrictions of 2022 and trusted addresses', async () => {
  const [contact, agent] = [await atFirst(second.contactSecret), await atFirst(second.agents[0]!.secret)]
  expect((await contact.get('user/get', { userid: 'zhangsan' })).errcode).toBe(48009)
  const seen = await agent.get('user/get', { userid: 'zhangsan' })
  expect(seen).toMatchObject({ errcode: 0, name: '张三', gender: '0' })
  expect(seen).not.toHaveProperty('mobile')
  await control(second, 'POST', 'trustedIps', { ips: ['203.0.113.7'] })
  expect((await agent.get('user/get', { userid: 'zhangsan' })).errcode).toBe(60020)
  expect((await (await callerOf(first)).get('user/get', { userid: 'zhangsan' })).errcode).toBe(0)
})

test('a sign-in page is where its corp is', async () => {
  const path = `/connect/oauth2/authorize?appid=${second.corpId}&redirect_uri=http%3A%2F%2Fa.example&response_type=code&scope=snsapi_base`
  const answer = await fetch(`${first.url}${path}`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([302, `${second.url}${path}`])
  expect((await fetch(`${second.url}${path}`)).headers.get('content-type')).toContain('text/html')
})
