import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createClient,
  ForbiddenError,
  type StreamedEvent,
  verifyWebhook,
  type Wisp,
} from '../../sdk/server/index.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { press } from '../../server/features/cards/cards.fixture.ts'
import { startTarget } from '../../server/features/webhooks/target.fixture.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'
import { type FaultProxy, startBetween } from './between.ts'

let world: World
let dev: Caller
let between: FaultProxy
let wisp: Wisp
const client = (by = dev, more: object = {}) =>
  createClient({ url: between.url, devId: by.devId, devSecret: by.devSecret, ...more })
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  await world.connectCallback()
  dev = await world.addDeveloper({ scopes: ['directory:read', 'webhook:manage'] })
  between = await startBetween(world.server.url)
  wisp = client()
})
beforeEach(() => between.clear())
afterAll(async () => {
  await between.close()
  await world.close()
})

const path = '/api/event/stream'
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => new Error('nothing failed'),
    (error: Error) => error,
  )
const connections = () => between.seen.filter(one => one.path === path)
const rename = async (userid: string, name: string) => {
  await world.admin('user/update', { userid, name })
  await world.settle()
}

/** Follows the stream until it is told to stop. */
function listen(options: Parameters<Wisp['events']>[0] = {}, by = wisp) {
  const controller = new AbortController()
  const got: StreamedEvent[] = []
  const events = by.events({ ...options, signal: controller.signal })
  const ended = failureOf(
    (async () => {
      for await (const event of events) got.push(event)
    })(),
  )
  const namesOf = () =>
    got.flatMap(one => (one.type === 'directory.member.put' ? [one.data.value.userName] : []))
  return {
    got,
    ended,
    events,
    namesOf,
    stop: () => controller.abort(new Error('enough')),
  }
}

describe('the event stream', () => {
  it('goes on over cut connections, each event once', async () => {
    const heard: unknown[] = []
    const stream = listen({ after: (await everything()).next, onDisconnect: error => void heard.push(error) })
    await rename('zhangsan', '一')
    await until('the first', () => stream.got.length === 1)
    between.fail(path, 'lost')
    between.cut()
    await rename('zhangsan', '二')
    await until('the second', () => stream.got.length === 2)
    expect(stream.namesOf()).toEqual(['一', '二'])
    expect(connections().at(-1)?.headers['last-event-id']).toBe(stream.got[0]?.id)
    expect(stream.events.lastId).toBe(stream.got[1]?.id)
    expect(heard).toHaveLength(2)
    stream.stop()
    expect((await stream.ended).message).toBe('enough')
  })

  it('loses nothing when the connection is cut before anything happens', async () => {
    const stream = listen()
    await until('a place to go on from', () => stream.events.lastId !== '')
    between.fail(path, 'lost')
    between.cut()
    await rename('zhangsan', '无声')
    await until('it', () => stream.namesOf().includes('无声'))
    stream.stop()
    await stream.ended
  })

  it('takes another token when wisp knows it no more', async () => {
    const { next } = await everything()
    const dead = '{"retCode":"1004","retMessage":"devToken 已失效"}'
    between.fail(path, { status: 200, headers: { 'content-type': 'application/json' }, body: dead })
    const stream = listen({ after: next })
    await rename('lisi', '三')
    await until('it', () => stream.got.length === 1)
    expect(between.seen.filter(one => one.path === '/api/token/getDevToken')).toHaveLength(1)
    stream.stop()
    await stream.ended
  })

  it('connects again when nothing comes', async () => {
    const { next } = await everything()
    between.fail(path, 'silent')
    const stream = listen({ after: next }, client(dev, { timeoutMs: 100 }))
    await rename('lisi', '四')
    await until('it', () => stream.got.length === 1)
    // More where the answer took its time.
    const made = connections().length
    expect(made).toBeGreaterThanOrEqual(2)
    stream.stop()
    await stream.ended
    const quiet = listen({ after: (await everything()).next, silenceMs: 50 })
    await until('another connection', () => connections().length >= made + 2)
    quiet.stop()
    await quiet.ended
  })

  it('has the types that are asked for, and hands out nothing after the reader leaves', async () => {
    const { next } = await everything()
    await rename('lisi', '五')
    await world.admin('department/update', { id: 2, name: '新的名字' })
    await world.settle()
    for await (const event of wisp.events({ after: next, types: ['directory.department'] })) {
      expect(event).toMatchObject({
        type: 'directory.department.put',
        data: { id: '2', value: { orgName: '新的名字' } },
      })
      break
    }
    expect(connections()).toHaveLength(1)
  })

  it('tells of to-dos and of presses, and what the answers are', async () => {
    const heard = await world.connectAgent()
    const by = await world.addDeveloper({
      scopes: ['directory:read', 'message:send', 'todo:read', 'todo:write', 'webhook:manage'],
    })
    await addApp(world.ctx, 'test', world.corpId, { name: '请假', devId: by.devId, agentId: heard })
    const own = client(by)
    const agentId = String(heard)
    const feed = own.changes()
    await Array.fromAsync(feed)
    // A lost answer is asked for again: the same to-do is the same.
    between.fail('/api/todo/put', 'unanswered')
    const todo = {
      todoNo: 'leave-1',
      userId: 'zhangsan',
      agentId,
      title: '请假',
      url: 'https://oa.example.com/',
    }
    expect((await own.todo.put({ list: [todo] })).list[0]?.result).toBe('same')
    const { msgId } = await own.message.send({
      toUser: ['zhangsan'],
      sendType: '0',
      msgType: '04',
      agentId,
      agentName: '请假',
      firstPressWins: true,
      card: {
        card_type: 'button_interaction',
        main_title: { title: '请假' },
        button_list: [{ text: '同意', style: 1, key: 'agree' }],
      },
    })
    await press(world, msgId, 'zhangsan', 'agree')
    const seen: string[] = []
    for await (const event of own.events({ after: feed.next, types: ['todo', 'message.card'] })) {
      if (event.type === 'todo.opened') seen.push(`${event.data.todoNo} ${event.data.state}`)
      if (event.type === 'todo.done') break
      if (event.type !== 'message.card.pressed') continue
      seen.push(`${event.data.userId} ${event.data.key} ${event.data.accepted}`)
      expect(event.data.msgId).toBe(msgId)
      expect(await own.todo.finish({ agentId, todoNo: 'leave-1' })).toEqual({ ended: 1, total: 1 })
    }
    expect(seen).toEqual(['leave-1 open', 'zhangsan agree true'])
    expect((await own.message.card({ msgId })).list).toMatchObject([{ userId: 'zhangsan', key: 'agree' }])
    expect(await own.message.card.update({ msgId, replaceName: '已同意' })).toMatchObject({ updated: 1 })
  })

  it('says what connecting again cannot mend', async () => {
    const stranger = await world.addDeveloper({ scopes: ['directory:read'] })
    expect(await failureOf(Array.fromAsync(client(stranger).events()))).toBeInstanceOf(ForbiddenError)
    expect((await failureOf(Array.fromAsync(wisp.events({ types: ['nothing'] })))).message).toContain(
      'nothing',
    )
    between.fail(path, { status: 404, body: 'nginx' })
    expect((await failureOf(Array.fromAsync(wisp.events()))).message).toContain('nginx')
  })

  /** Where the feed is now. */
  async function everything() {
    const feed = wisp.changes()
    await Array.fromAsync(feed)
    return feed
  }
})

describe('webhooks of the platform', () => {
  it('are verified as they come, by the new and by the old secret', async () => {
    const target = await startTarget()
    const { webhook, secret } = await wisp.webhook.create({ url: target.url, types: ['directory.member'] })
    const rotated = await wisp.webhook.rotate({ webhookId: webhook.webhookId })
    await rename('zhangsan', '六')
    await until('the webhook', () => target.got.length === 1)
    const [received] = target.got
    const { body = '', headers = {} } = received ?? {}
    for (const one of [secret, rotated.secret]) {
      const { id, event } = await verifyWebhook(body, headers, one)
      expect([id, event]).toMatchObject([
        headers['webhook-id'],
        { type: 'directory.member.put', data: { id: 'zhangsan', value: { userName: '六' } } },
      ])
    }
    await expect(verifyWebhook(`${body} `, headers, secret)).rejects.toMatchObject({ reason: 'badSignature' })
    const { list } = await wisp.webhook.log({ webhookId: webhook.webhookId })
    const all = await Array.fromAsync(wisp.webhook.log.all({ webhookId: webhook.webhookId, limit: 1 }))
    expect(all).toEqual(list)
    await wisp.webhook.delete({ webhookId: webhook.webhookId })
    await target.close()
  })
})
