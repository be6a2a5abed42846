import { afterAll, beforeAll, expect, test } from 'vitest'
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
let openids: string[]
let now = Date.UTC(2026, 10, 26, 4)
beforeAll(async () => {
  sandbox = await startSandbox({ members: 1, now: () => now })
  await control(sandbox, 'POST', 'official/rules', { tokenSeconds: 10_000_000 })
  account = await accountCaller(sandbox, 0)
  server = await startAccountServer(account.appId)
  openids = await account.openids()
  await account.control('configure', { url: server.url, ...keys })
})
afterAll(async () => {
  await sandbox.close()
  await server.close()
})

const say = (touser: string, content = '您好') =>
  account.post('cgi-bin/message/custom/send', { touser, msgtype: 'text', text: { content } })
const errcodes = async (touser: string, times: number): Promise<number[]> => {
  const list: number[] = []
  for (let n = 0; n < times; n++) list.push((await say(touser)).errcode)
  return list
}

test('five messages within 48 hours after a message', async () => {
  const openid = openids[0]!
  expect(await errcodes(openid, 1)).toEqual([45015])
  await account.act({ openid, act: 'text', content: '在吗' })
  expect(await errcodes(openid, 6)).toEqual([0, 0, 0, 0, 0, 45047])
  await account.act({ openid, act: 'text', content: '在吗' })
  now += 47 * 3_600_000
  expect(await errcodes(openid, 1)).toEqual([0])
  now += 2 * 3_600_000
  expect(await errcodes(openid, 1)).toEqual([45015])
})

test('three within a minute after a click, beside those of a message', async () => {
  const openid = openids[1]!
  await account.act({ openid, act: 'click', key: 'K' })
  expect(await errcodes(openid, 4)).toEqual([0, 0, 0, 45047])
  await account.act({ openid, act: 'view', url: 'https://a.example/' })
  expect(await errcodes(openid, 1)).toEqual([45047])
  now += 60_000
  expect(await errcodes(openid, 1)).toEqual([45015])
  await account.act({ openid, act: 'text', content: 'x' })
  await account.act({ openid, act: 'scan', scene: 1 })
  expect(await errcodes(openid, 9)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 45047])
})

test('what is wrong with a message', async () => {
  const openid = openids[2]!
  await account.act({ openid, act: 'text', content: 'x' })
  expect((await say('onobody')).errcode).toBe(40003)
  expect((await say(openid, 'x'.repeat(2049))).errcode).toBe(45002)
  const send = async (body: object) =>
    (await account.post('cgi-bin/message/custom/send', { touser: openid, ...body })).errcode
  expect(await send({ msgtype: 'image', image: { media_id: 'no' } })).toBe(40007)
  expect(await send({ msgtype: 'news', news: { articles: [{}, {}] } })).toBe(45008)
  expect(await send({ msgtype: 'smoke', smoke: {} })).toBe(40008)
  expect(await send({ msgtype: 'msgmenu', msgmenu: { list: [{ id: '1', content: '满意' }] } })).toBe(0)
  await account.act({ openid, act: 'unsubscribe' })
  expect((await say(openid)).errcode).toBe(45015)
})

test('typing needs somebody who just wrote', async () => {
  const openid = openids[3]!
  const type = async (command: string) =>
    (await account.post('cgi-bin/message/custom/typing', { touser: openid, command })).errcode
  expect(await type('Typing')).toBe(45080)
  await account.act({ openid, act: 'text', content: 'x' })
  expect([await type('Typing'), await type('Typing'), await type('CancelTyping'), await type('x')]).toEqual([
    0, 45081, 0, 45072,
  ])
})

test('a follower is handed over to a worker and back', async () => {
  const openid = openids[4]!
  const kf_account = `a1@wisp_${account.originalId.slice(3, 9)}`
  expect(
    (await account.post('customservice/kfaccount/add', { kf_account: 'a1@x', nickname: '小王' })).errcode,
  ).toBe(65404)
  expect((await account.post('customservice/kfaccount/add', { kf_account, nickname: '小王' })).errcode).toBe(
    0,
  )
  expect((await account.post('customservice/kfsession/create', { kf_account, openid })).errcode).toBe(65415)
  await account.post('customservice/kfaccount/inviteworker', { kf_account, invite_wx: 'wang' })
  await account.control('kf', { kfAccount: kf_account, accept: true, online: true })
  server.reply = clear =>
    textReply(clear, 'x')
      .replace(/<Content>.*<\/Content>/, '')
      .replace('[text]', '[transfer_customer_service]')
  const wait = { openid, act: 'text', wait: true }
  expect(await account.act({ ...wait, content: '人工' })).toMatchObject({ pushed: 'answered' })
  expect(await account.act({ ...wait, content: '在吗' })).toMatchObject({ pushed: 'kf' })
  await account.control('kf', { kfAccount: kf_account, say: { openid, content: '我是小王' } })
  expect(await account.get('customservice/kfsession/getsession', { openid })).toMatchObject({ kf_account })
  const at = Math.floor(now / 1000)
  const { recordlist } = await account.post('customservice/msgrecord/getmsglist', {
    starttime: at - 9,
    endtime: at,
    msgid: 1,
    number: 10_000,
  })
  expect(
    (recordlist as { text: string; openid: string }[]).filter(one => one.openid === openid),
  ).toMatchObject([
    { opercode: 2003, text: '人工' },
    { opercode: 2003, text: '在吗' },
    { opercode: 2002, text: '我是小王', worker: kf_account },
  ])
  expect((await account.post('customservice/kfsession/close', { kf_account, openid })).errcode).toBe(0)
  server.reply = () => undefined
  expect(await account.act({ ...wait, content: '再见' })).toMatchObject({ pushed: 'answered' })
  expect(server.received.map(({ clear }) => /<Event>.*?\[(kf_\w+)/.exec(clear)?.[1]).filter(Boolean)).toEqual(
    ['kf_create_session', 'kf_close_session'],
  )
})
