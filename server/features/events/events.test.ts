import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { checked } from '../../platform/http/checked.fixture.ts'
import { addApp } from '../apps/apps.ts'
import { useAgents } from '../messages/messages.fixture.ts'
import { connectMerchant } from '../payments/merchants/merchant.fixture.ts'
import { type Event, startTarget, type Target } from '../webhooks/target.fixture.ts'

let world: World
let dev: Caller
let other: Caller
let target: Target
let elsewhere: Target
const scopes = [
  'directory:read',
  'message:send',
  'official:read',
  'pay:read',
  'pay:write',
  'todo:write',
  'todo:read',
  'webhook:manage',
]
beforeAll(async () => {
  world = await startWorld({ members: 30 })
  await useAgents(world)
  await connectMerchant(world)
  await world.connectCallback()
  dev = checked(await world.addDeveloper({ scopes }))
  other = checked(await world.addDeveloper({ scopes }))
  target = await startTarget()
  elsewhere = await startTarget()
  await dev.post('/api/webhook/create', { url: target.url })
  await other.post('/api/webhook/create', { url: elsewhere.url })
})
afterAll(async () => {
  await world.close()
  await target.close()
  await elsewhere.close()
})

const text = { sendType: '0', msgType: '03', agentName: '审批', content: '你好' }
const eventOf = (type: string, of = target) =>
  until(type, () => of.got.find(one => one.event.type === type)?.event as Event | undefined)

describe('events', () => {
  it('tell what became of a message, to the developer who sent it alone', async () => {
    const sent = await dev.post('/api/message/send', {
      ...text,
      toUser: 'zhangsan',
      requestId: 'once',
    })
    expect(sent.retMessage).toBe('成功')
    const { data } = await eventOf('message.result')
    const status = await dev.get('/api/message/status', { msgId: sent.body.msgId })
    const { attempts: _, ...told } = status.body
    expect(data).toEqual({ ...told, corpId: world.corpId, seq: data.seq, requestId: 'once' })
    expect(data.status).toBe('sent')
    const ask = (query: Record<string, string>, by = dev) => by.get('/api/message/status', query)
    expect((await ask({ requestId: 'once' })).body).toEqual(status.body)
    expect(await ask({ requestId: 'once' }, await world.addDeveloper())).toMatchObject({
      retMessage: '参数错误: 没有 requestId 为 once 的消息',
    })
    expect(await ask({ requestId: 'once', msgId: 'x' })).toMatchObject({ retCode: '1000' })
    expect(await ask({})).toMatchObject({ retMessage: '参数为空: msgId 或 requestId' })
  })

  it('of to-dos say what these are when they are sent', async () => {
    const { id } = await addApp(world.ctx, 'test', world.corpId, {
      name: 'OA',
      homeUrl: 'https://oa.example.com/',
      devId: dev.devId,
    })
    const row = {
      todoNo: 'E-1',
      userId: 'zhangsan',
      agentId: id,
      title: '请假',
      url: 'https://oa.example.com/1',
    }
    await dev.post('/api/todo/put', { list: [row, { ...row, state: 'done', notify: true }] })
    expect((await eventOf('todo.opened')).data).toMatchObject({ todoNo: 'E-1', state: 'done' })
    expect((await eventOf('todo.done')).data).toMatchObject({ todoNo: 'E-1', state: 'done' })
  })

  it('tell what accounts push, to the developers who may use them', async () => {
    const account = await world.bindOfficial()
    const { originalId } = account
    const followers = (await world.control(`official/followers?originalId=${originalId}&limit=1`))[
      'followers'
    ]
    const { openid } = (followers as { openid: string }[])[0]!
    await world.control('official/act', { originalId, openid, act: 'text', content: '在吗', wait: true })
    await world.settleOfficial(account)
    const { data } = await eventOf('official.event')
    expect(data).toMatchObject({ originalId, type: 'text', fields: { Content: '在吗' } })
    await eventOf('official.event', elsewhere)
  })

  it('tell what became of a bill, to the developer who made it alone', async () => {
    const { body } = await dev.post('/api/pay/bill/create', {
      billNo: 'E1',
      userId: 'zhangsan',
      title: '餐费',
      amount: 100,
    })
    await dev.post('/api/pay/bill/close', { billNo: 'E1' })
    const { data } = await eventOf('bill.closed')
    const bill = (await dev.get('/api/pay/bill/get', { billNo: 'E1' })).body
    expect(data).toEqual({ ...bill, corpId: world.corpId, seq: data.seq })
    expect(data.billId).toBe(body.billId)
  })

  it('have numbers that memory and the change feed pass over', async () => {
    const feed = await world.ctx.db
      .selectFrom('directory_feed')
      .select(['seq', 'changed_seq as changed'])
      .where('corp_id', '=', world.corpId)
      .executeTakeFirstOrThrow()
    const before = feed.changed
    expect(feed.seq).toBeGreaterThan(before)
    expect(world.ctx.mirrors.of(world.corpId).seq).toBeGreaterThanOrEqual(before)
    expect((await dev.get('/api/directory/changes', { since: feed.seq })).body).toEqual({
      list: [],
      next: feed.seq,
      more: false,
      resync: false,
    })
    expect(await world.admin('user/update', { userid: 'lisi', name: '后来' })).toMatchObject({ errcode: 0 })
    await world.settle()
    const { data } = await eventOf('directory.member.put')
    expect(data.seq).toBe(feed.seq + 1)
    expect(world.ctx.mirrors.of(world.corpId).seq).toBe(data.seq)
    const { list } = (await dev.get('/api/directory/changes', { since: before })).body
    expect(list.map((one: { seq: number }) => one.seq)).toEqual([data.seq])
  })

  it('of others have not been told', async () => {
    await eventOf('directory.member.put', elsewhere)
    expect([...new Set(elsewhere.types())].sort()).toEqual(['directory.member.put', 'official.event'])
  })

  it('are not even written down where nobody may be told', async () => {
    const silent = await startWorld({ members: 10, departments: 3 })
    await useAgents(silent)
    const answer = await silent.dev.post('/api/message/send', { ...text, toUser: 'zhangsan' })
    expect(answer.retMessage).toBe('成功')
    await silent.ctx.dispatcher.drain()
    const rows = await silent.ctx.db.selectFrom('event_outbox').selectAll().execute()
    const events = await silent.ctx.db.selectFrom('event').selectAll().execute()
    expect([...rows, ...events]).toEqual([])
    await silent.close()
  })
})
