import { afterAll, beforeAll, expect, test } from 'vitest'
import EnterpriseApi from 'wechat-enterprise-api'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { control, messagesOf } from '../../sandbox/test-caller.ts'

// The clients of the suite are in sandbox/**/foreign-clients.test.ts. This one is from the time before WeCom's name.

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ members: 60 })
})
afterAll(() => sandbox.close())

/** Only the address is changed. */
function clientOf(secret: string): EnterpriseApi {
  const client = new EnterpriseApi(sandbox.corpId, secret, sandbox.agents[0]!.agentId)
  client.prefix = `${sandbox.url}/cgi-bin/`
  return client
}

type Answer = Record<string, unknown>
const answered = (ask: (done: (error: Error | null, answer: Answer) => void) => void) =>
  new Promise<Answer>((resolve, reject) => ask((error, answer) => (error ? reject(error) : resolve(answer))))

test('wechat-enterprise-api reads the address book', async () => {
  const client = clientOf(sandbox.contactSecret)
  const { department } = await answered(done => client.getDepartments(done))
  expect((department as unknown[]).length).toBeGreaterThan(3)
  expect(await answered(done => client.getUser('zhangsan', done))).toMatchObject({ name: '张三' })
  const { userlist } = await answered(done => client.getDepartmentUsersDetail(1, 1, 0, done))
  expect((userlist as unknown[]).length).toBeGreaterThan(50)
  await expect(answered(done => client.getUser('nobody', done))).rejects.toMatchObject({ code: 60111 })
})

test('wechat-enterprise-api edits tags, and reads that all ids are invalid', async () => {
  const client = clientOf(sandbox.contactSecret)
  const tagid = Number((await answered(done => client.createTag('外部客户端', done)))['tagid'])
  const added = await answered(done => client.addTagUsers(tagid, ['lisi', 'nobody'], done))
  expect(added).toMatchObject({ errcode: 0, invalidlist: 'nobody' })
  await expect(answered(done => client.deleteTagUsers(tagid, ['nobody'], done))).rejects.toMatchObject({
    code: 40031,
  })
  const { taglist } = await answered(done => client.listTags(done))
  expect(taglist).toContainEqual({ tagid, tagname: '外部客户端' })
})

test('wechat-enterprise-api sends a message, and learns who signed in', async () => {
  const client = clientOf(sandbox.agents[0]!.secret)
  const text = { msgtype: 'text', text: { content: '您好' }, safe: '0' }
  expect(await answered(done => client.send({ touser: 'lisi' }, text, done))).toMatchObject({ errcode: 0 })
  expect((await messagesOf(sandbox, { to: 'lisi' })).at(-1)).toMatchObject({ content: { content: '您好' } })
  const { code } = (await control(sandbox, 'POST', 'code', { userId: 'lisi' })).body
  expect(await answered(done => client.getUserIdByCode(String(code), done))).toMatchObject({
    UserId: 'lisi',
  })
})
