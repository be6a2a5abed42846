import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox.ts'
import { control } from '../../test-caller.ts'
import {
  type AccountCaller,
  type AccountServer,
  accountCaller,
  keys,
  startAccountServer,
  textReply,
} from '../test/account.ts'

let sandbox: Sandbox
let account: AccountCaller
let server: AccountServer
let openid: string

beforeAll(async () => {
  sandbox = await startSandbox({ members: 1 })
  account = await accountCaller(sandbox, 0)
  server = await startAccountServer(account.appId)
  openid = (await account.openids())[0]!
})
afterAll(async () => {
  await sandbox.close()
  await server.close()
})
beforeEach(async () => {
  server.received.length = 0
  server.answer = undefined
  server.reply = () => undefined
  await control(sandbox, 'POST', 'official/rules', { rules: null })
  await control(sandbox, 'DELETE', 'faults')
})

const configure = (more: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
  account.control('configure', { url: server.url, ...keys, mode: 'secure', ...more })

test('a server is saved only when it echoes', async () => {
  expect(await configure({ token: 'BBBBB' })).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/403/),
  })
  expect(await configure()).toEqual({ ok: true, reason: '' })
  expect(await configure({ url: 'http://127.0.0.1:9/' })).toMatchObject({ ok: false })
})

test('a message is pushed encrypted, and the passive reply is on the phone', async () => {
  await configure()
  server.reply = clear => textReply(clear, '收到')
  const done = await account.act({ openid, act: 'text', content: '你好 <&]]>😀', wait: true })
  expect(done).toMatchObject({ pushed: 'answered', reply: { type: 'text', content: { content: '收到' } } })
  const push = server.received[0]!
  expect(push.raw).not.toContain('你好')
  expect(push.query.get('openid')).toBe(openid)
  expect(push.query.get('encrypt_type')).toBe('aes')
  expect(push.clear).toContain(`<MsgId>${done['msgId']}</MsgId>`)
  expect(BigInt(String(done['msgId']))).toBeGreaterThan(2n ** 53n)
  const shown = (await account.messages(openid)).slice(-2)
  expect(shown.map(one => [one.how, one.content['content']])).toEqual([
    ['sent', '你好 <&]]>😀'],
    ['passive', '收到'],
  ])
})

test('plain and compatible mode, XML and JSON', async () => {
  await configure({ mode: 'compatible' })
  await account.act({ openid, act: 'click', key: 'K1', wait: true })
  expect(server.received[0]!.raw).toContain('<EventKey><![CDATA[K1]]></EventKey>')
  expect(server.received[0]!.clear).toContain('<Event><![CDATA[CLICK]]></Event>')
  await configure({ mode: 'plain' })
  await account.act({ openid, act: 'location', wait: true })
  expect(server.received[1]!.raw).toContain('<Location_X>30.2741</Location_X>')
  expect(server.received[1]!.query.has('msg_signature')).toBe(false)
  await configure({ mode: 'secure', format: 'json' })
  const { msgId } = await account.act({ openid, act: 'text', content: 'json', wait: true })
  expect(server.received[2]!.clear).toContain(`"MsgId":${msgId}`)
})

test('after three attempts without a right answer the follower is told', async () => {
  await configure()
  const notice = { how: 'notice', content: { content: '该公众号暂时无法提供服务，请稍后再试' } }
  const wrong: [string, (clear: string) => string][] = [
    ['ToUserName', clear => textReply(clear, 'x').replace(openid, 'oother')],
    ['too long', clear => textReply(clear, 'x'.repeat(2049))],
    ['no XML', clear => textReply(clear, 'x').replace('</xml>', '')],
    [
      'MediaId',
      clear =>
        textReply(clear, 'x').replace(
          /text\]\]>.*(?=<\/xml>)/,
          'image]]></MsgType><Image><MediaId>no</MediaId></Image>',
        ),
    ],
  ]
  for (const [reason, reply] of wrong) {
    server.received.length = 0
    server.reply = reply
    const done = await account.act({ openid, act: 'text', content: reason, wait: true })
    expect(done['pushed']).toBe('failed')
    expect((done['attempts'] as { error: string }[])[2]!.error).toContain(reason)
    expect(server.received).toHaveLength(3)
    expect((await account.messages(openid)).at(-1)).toMatchObject(notice)
  }
  server.answer = response => response.end('<xml>clear</xml>')
  expect(await account.act({ openid, act: 'text', content: 'clear', wait: true })).toMatchObject({
    pushed: 'failed',
  })
})

test('silence is repeated after the limit, and an event without a place in the conversation tells nobody', async () => {
  await configure()
  await control(sandbox, 'POST', 'official/rules', { pushTimeoutMs: 60 })
  server.answer = () => {}
  const done = await account.act({ openid, act: 'view', url: 'https://a.example/', wait: true })
  expect(done).toMatchObject({ pushed: 'failed', attempts: [{ error: 'no answer within 60 ms' }, {}, {}] })
  expect((await account.messages(openid)).at(-1)).toMatchObject({ how: 'act' })
})

test('subscribing by a QR code, scanning again and leaving', async () => {
  await configure()
  const joined = await account.act({ act: 'subscribe', scene: 'shop 7', wait: true })
  const again = { openid: joined['openid'], wait: true }
  await account.act({ ...again, act: 'scan', scene: 42 })
  await account.act({ ...again, act: 'unsubscribe' })
  const events = server.received.map(({ clear }) => /<Event>.*<\/EventKey>/.exec(clear)?.[0])
  expect(events).toEqual([
    '<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_shop 7]]></EventKey>',
    '<Event><![CDATA[SCAN]]></Event><EventKey><![CDATA[42]]></EventKey>',
    '<Event><![CDATA[unsubscribe]]></Event><EventKey><![CDATA[]]></EventKey>',
  ])
  const { status } = await control(sandbox, 'POST', 'official/act', {
    originalId: account.originalId,
    ...again,
    act: 'text',
    content: 'x',
  })
  expect(status).toBe(400)
})

test('faults drop and repeat what is pushed', async () => {
  await configure()
  await control(sandbox, 'POST', 'faults', { match: 'official/text', mode: 'dropCallback', times: 1 })
  expect(await account.act({ openid, act: 'text', content: 'x', wait: true })).toMatchObject({
    pushed: 'dropped',
  })
  await control(sandbox, 'POST', 'faults', { match: 'official/text', mode: 'duplicateCallback' })
  server.reply = clear => textReply(clear, '一次')
  const before = (await account.messages(openid)).length
  const { attempts } = await account.act({ openid, act: 'text', content: 'x', wait: true })
  expect(attempts).toHaveLength(2)
  expect((await account.messages(openid)).slice(before).map(one => one.how)).toEqual(['sent', 'passive'])
})
