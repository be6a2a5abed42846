import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { putType } from '../../message-types/put-type.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import { arrived, fresh, statusOf, useAgents } from '../messages.fixture.ts'
import type { MyMessage } from '../mine/my-messages.ts'
import { pass, settled } from './waiting.fixture.ts'

let world: World
let dev: Caller
let me: SignedInClient
let sent: string[]
let digest: MyMessage
beforeAll(async () => {
  world = await startWorld({ members: 12 })
  await useAgents(world)
  await setSendApproval(world.ctx, 'test', world.corpId, { all: false })
  dev = await world.addDeveloper({ name: '报销系统', scopes: ['message:send', 'message:type'] })
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  await putType(world.ctx, writer, world.corpId, 'bill', {
    name: '报销',
    level: 'normal',
    channels: ['wecom'],
    digest: { minutes: 60 },
    templates: { wecom: { zh: { title: '单据 {{ n }}', content: '金额 {{ n }} 元' } } },
  })
  me = await signIn(world, { userId: 'zhangsan' })
  const rowsOf = (n: number) => [
    { userId: 'zhangsan', data: { n } },
    { userId: 'lisi', data: { n: n + 1000 } },
  ]
  sent = []
  for (const n of [11, 12]) {
    const link = `https://app.example.com/bill/${n}`
    const asked = { type: 'bill', rows: rowsOf(n), link }
    const answer = await fresh(world, dev).post('/api/message/notify', asked)
    expect(answer.retCode, answer.retMessage).toBe('0')
    sent.push(answer.body.msgId)
  }
  await settled(world)
  await pass(world, 61)
  expect((await inbox()).map(one => one.isDigest)).toEqual([true])
  digest = (await inbox())[0]!
})
afterAll(() => world.close())

const inbox = async (query = {}): Promise<MyMessage[]> =>
  (await me.get('/web/portal/messages', query)).body.list
const collected = async (as: SignedInClient, query = {}): Promise<MyMessage[]> =>
  (await as.get('/web/portal/messages/collected', { msgId: digest.id, ...query })).body.list
const why = async (msgId: string) =>
  (await fresh(world, dev).get('/api/message/why', { msgId, userId: 'zhangsan' })).body

it('opens from a digest into the messages that it carries, each with its own words and link', async () => {
  expect(await collected(me)).toMatchObject(
    [12, 11].map((n, at) => ({
      id: sent[1 - at],
      title: `单据 ${n}`,
      text: `金额 ${n} 元`,
      url: `https://app.example.com/bill/${n}`,
      state: 'arrived',
      isRead: false,
      isDigest: false,
    })),
  )
  expect(await collected(await signIn(world, { userId: 'lisi' }))).toEqual([])
  const [shown] = await arrived(world, '2 条消息')
  expect(shown?.content['url']).toContain(`/mobile?message=${digest.id}`)
  expect(digest.url).toBe('')
  const opened = await me.post('/web/portal/messages/open', { msgId: sent[0] })
  expect(opened.body).toMatchObject({ id: sent[0], title: '单据 11', isRead: true })
  expect((await collected(me)).map(one => one.isRead)).toEqual([false, true])
  expect(await statusOf(world, sent[0]!, dev)).toMatchObject({ status: 'sent', read: 1 })
})

it('is found in the inbox by what it carries', async () => {
  const found = async (words: string) => (await inbox({ words })).map(one => one.id)
  expect(await found('金额  11')).toEqual([digest.id])
  expect(await found('条消息')).toEqual([digest.id])
  expect(await found('金额 1011')).toEqual([])
})

it('tells of each message by which digest it left, and of a digest what it carries', async () => {
  const { steps } = await why(sent[0]!)
  expect(steps.map((one: { what: string; digest?: string }) => [one.what, one.digest])).toEqual([
    ['accepted', undefined],
    ['collect', undefined],
    ['send', undefined],
    ['sent', digest.id],
  ])
  expect((await why(digest.id)).collected).toEqual([sent[1], sent[0]])
})

it('is shown to administrators at the digest, at each message and by its receiver', async () => {
  const as = await signInAs(world, 'super', 'wangwu')
  const get = async (path: string, query: object) =>
    (await as.get(`/web/messages/${path}`, query as Record<string, string>)).body
  expect(await get('one', { msgId: digest.id })).toMatchObject({ collected: 2 })
  expect(await get('collected', { msgId: digest.id })).toMatchObject({
    total: 2,
    list: [
      { msgId: sent[1], subject: '单据 12', type: 'bill', developer: '报销系统' },
      { msgId: sent[0], subject: '单据 11' },
    ],
  })
  const { list } = await get('receivers', { msgId: sent[0] })
  const ofMe = list.find((one: { userId: string }) => one.userId === 'zhangsan')
  expect([list.length, ofMe]).toMatchObject([2, { state: 'sent', digestId: digest.id }])
  const listed = await get('list', { receiver: 'zhangsan', type: 'bill' })
  expect(listed.list.map((one: { msgId: string }) => one.msgId).sort()).toEqual([digest.id, ...sent].sort())
  expect(await get('marks', { msgId: sent[0] })).toMatchObject({ counts: { people: 2, read: 1 } })
})
