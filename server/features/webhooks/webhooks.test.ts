import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { setDeveloper } from '../../callers/developers/developer-admin.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { checked, refusal } from '../../platform/http/checked.fixture.ts'
import { begins, ends } from '../alerts/open-alerts.fixture.ts'
import { listDeliveries } from './log-store.ts'
import { replay } from './replay.ts'
import { startTarget, type Target, verify } from './target.fixture.ts'
import { findWebhook } from './webhook-store.ts'

const hourMs = 3_600_000

let world: World
let dev: Caller
let target: Target
let id = ''
let secret = ''
beforeAll(async () => {
  world = await startWorld({ members: 30 })
  await world.connectCallback()
  dev = checked(await world.addDeveloper({ scopes: ['directory:read', 'webhook:manage'] }))
})
afterAll(() => world.close())
beforeEach(async () => {
  target = await startTarget()
  const created = await dev.post('/api/webhook/create', { url: target.url, types: ['directory'] })
  expect(created.retMessage).toBe('成功')
  id = created.body.webhook.webhookId
  secret = created.body.secret
})
afterEach(async () => {
  world.clock.offsetMs = 0
  await dev.post('/api/webhook/delete', { webhookId: id })
  await target.close()
})

const rename = async (userid: string, name: string) => {
  expect(await world.admin('user/update', { userid, name })).toMatchObject({ errcode: 0 })
  await world.settle()
}
const come = (count: number) => until(`${count} calls`, () => target.got.length >= count)
const get = async () => (await dev.get('/api/webhook/get', { webhookId: id })).body.webhook
const log = async (query = {}) => (await dev.get('/api/webhook/log', { webhookId: id, ...query })).body
const alerts = async () => {
  const open = await world.ctx.db.selectFrom('alert').select('cause').where('ended_at', 'is', null).execute()
  return open.map(one => one.cause).filter(cause => cause === 'webhookOff')
}
const names = () => target.got.map(one => one.event.data.value?.userName)

describe('a webhook', () => {
  it('is told of a change under its number, signed as Standard Webhooks say', async () => {
    await rename('zhangsan', '张三丰')
    await come(1)
    const [first] = target.got
    const event = verify(secret, first!)
    expect(event).toMatchObject({
      type: 'directory.member.put',
      data: { corpId: world.corpId, id: 'zhangsan' },
    })
    const { list } = (await dev.get('/api/directory/changes', { since: event.data.seq - 1 })).body
    expect(list).toEqual([
      { seq: event.data.seq, kind: 'member', op: 'put', id: 'zhangsan', value: event.data.value },
    ])
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': `msg_${id}_${event.data.seq}`,
    })
    await until('the record', async () => (await log()).list[0]?.state === 'done')
    const { list: deliveries, attempts } = await log({ seq: event.data.seq })
    expect(deliveries).toMatchObject([{ seq: event.data.seq, state: 'done', attempts: 1, status: 200 }])
    expect(attempts).toMatchObject([
      { n: 1, status: 200, exchange: { answer: { body: 'ok' }, body: first?.body } },
    ])
  })

  it('whose call is forged, or whose clock is off by six minutes, is not believed', async () => {
    await rename('zhangsan', '张三')
    await come(1)
    const [first] = target.got
    expect(() => verify(secret, { ...first!, body: first!.body.replace('张三', '李四') })).toThrow()
    expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`, first!)).toThrow()
    world.clock.offsetMs = 6 * 60_000
    await dev.post('/api/webhook/test', { webhookId: id })
    expect(() => verify(secret, target.got[1]!)).toThrow(/timestamp/)
  })

  it('has two secrets for a while', async () => {
    const rotated = (await dev.post('/api/webhook/rotate', { webhookId: id, keepHours: 1 })).body
    await rename('zhangsan', '两把')
    await come(1)
    verify(secret, target.got[0]!)
    verify(rotated.secret, target.got[0]!)
    expect((await get()).oldSecretEndsAt).toBe(rotated.oldSecretEndsAt)
    world.clock.offsetMs = hourMs + 1000
    await dev.post('/api/webhook/test', { webhookId: id })
    const late = target.got[1]!.headers['webhook-signature'] as string
    expect(late.split(' ')).toHaveLength(1)
    expect((await get()).oldSecretEndsAt).toBe('')
  })

  it('gets what failed again, in the order of each entity, and other entities in the meantime', async () => {
    target.answer(({ event }, response) => {
      response.statusCode = event.data.value.userName === '甲' ? 503 : 200
      response.end('later')
    })
    await rename('zhangsan', '甲')
    await come(1)
    await rename('zhangsan', '乙')
    await rename('lisi', '丙')
    await until('the other entity', () => names().includes('丙'))
    // The value is the one of now, under the number of the change.
    const { list } = await log({ state: 'waiting' })
    expect(list.map((one: { attempts: number }) => one.attempts)).toEqual([0, 1])
    target.answer((_received, response) => void response.end())
    world.clock.offsetMs = 60_000
    world.ctx.queue.kick()
    await until('both', async () => (await get()).waiting === 0)
    const ids = target.got.filter(one => one.event.data.id === 'zhangsan').map(one => one.id)
    expect(ids).toEqual([ids[0], ids[0], ids[2]])
    expect((await log()).list.map((one: { state: string }) => one.state)).toEqual(['done', 'done', 'done'])
  })

  it.each([
    ['redirects', 302, /不跟随重定向/],
    ['answers 500', 500, /HTTP 500/],
  ])('that %s has not got the event', async (_what, status, why) => {
    target.answer(
      (_received, response) => void response.writeHead(status, { location: target.url }).end('no'),
    )
    await rename('zhangsan', `某${status}`)
    await until('the record', async () => (await log()).list[0]?.attempts === 1)
    const [delivery] = (await log()).list
    expect(delivery).toMatchObject({ state: 'waiting', status })
    expect(delivery.error).toMatch(why)
    expect(target.got).toHaveLength(1)
  })

  it('that answers with ten megabytes has got it, and little of them is kept', async () => {
    target.answer((_received, response) => void response.end('x'.repeat(10_000_000)))
    await rename('zhangsan', '很多')
    await until('the record', async () => (await log()).list[0]?.state === 'done')
    const { attempts } = await log({ seq: target.got[0]?.event.data.seq })
    expect(attempts[0].exchange.answer.body).toHaveLength(2048)
  })

  it('that never answers holds up nobody else, and is asked in vain for no longer than 15 s', async () => {
    target.answer(() => {})
    const other = await startTarget()
    const second = (await dev.post('/api/webhook/create', { url: other.url })).body.webhook.webhookId
    const begun = performance.now()
    await rename('zhangsan', '慢')
    await until('the other webhook', () => other.got.length === 1)
    await until('the record', async () => (await log()).list[0]?.attempts === 1)
    expect(performance.now() - begun).toBeGreaterThan(14_000)
    expect((await log()).list[0]).toMatchObject({ state: 'waiting', status: 0, error: '15 秒内没有应答' })
    await dev.post('/api/webhook/delete', { webhookId: second })
    await other.close()
  }, 40_000)

  it('that fails for a day loses the event to the log, and is switched off after three days', async () => {
    target.answer((_received, response) => void response.writeHead(500).end())
    await rename('zhangsan', '一天')
    await come(1)
    // The clock leaves the tokens behind.
    const owner = { corpId: world.corpId, id }
    const none = { state: undefined, type: undefined, before: undefined }
    const latest = async () => (await listDeliveries(world.ctx.db, owner, none, 1))[0]!
    const now = () => Date.now() + world.clock.offsetMs
    const isTried = async () => {
      const { state, nextAt } = await latest()
      return state === 'failed' || nextAt.getTime() > now()
    }
    await until('the first attempt', async () => (await latest()).attempts === 1)
    while ((await latest()).state === 'waiting') {
      world.clock.offsetMs = (await latest()).nextAt.getTime() - Date.now() + 1000
      world.ctx.queue.kick()
      await until('an attempt', isTried)
    }
    const { state, status, attempts, seq } = await latest()
    expect({ state, status, attempts }).toEqual({ state: 'failed', status: 500, attempts: 11 })
    expect(world.clock.offsetMs).toBeGreaterThan(20 * hourMs)
    expect(world.clock.offsetMs).toBeLessThanOrEqual(24 * hourMs)
    world.clock.offsetMs = 73 * hourMs
    const developer = world.ctx.developers.get(dev.devId)!
    const again = () => replay(world.ctx, 'test', developer, id, { fromSeq: seq, toSeq: seq })
    expect(await again()).toBe(1)
    const isOff = async () => (await findWebhook(world.ctx.db, world.corpId, id))?.isOn === false
    await until('switched off', isOff)
    await world.ctx.jobs.run('alerts')
    expect(await alerts()).toEqual(['webhookOff'])
    world.clock.offsetMs = 0
    expect(await get()).toMatchObject({ state: 'off', offReason: 'failing' })
    await expect(again()).rejects.toThrow('订阅已停用')
    target.answer((_received, response) => void response.end())
    const before = target.got.length
    await dev.post('/api/webhook/update', { webhookId: id, state: 'on' })
    await dev.post('/api/webhook/replay', { webhookId: id, seq })
    await until('told again', async () => target.got.length > before && (await get()).waiting === 0)
    expect(await get()).toMatchObject({ state: 'on', offReason: '', failingSince: '' })
    await world.ctx.jobs.run('alerts')
    expect(await alerts()).toEqual([])
  })

  it('that is gone is switched off', async () => {
    target.answer((_received, response) => void response.writeHead(410).end())
    await rename('zhangsan', '没了')
    await until('switched off', async () => (await get()).state === 'off')
    expect(await get()).toMatchObject({ offReason: 'gone' })
    await begins(world.ctx, 'webhookOff')
    await dev.post('/api/webhook/update', { webhookId: id, state: 'on' })
    await ends(world.ctx, 'webhookOff')
  })

  it('is told again what was, one or a range, under the same ids', async () => {
    await rename('zhangsan', '一')
    await rename('lisi', '二')
    await come(2)
    await until('the records', async () => (await get()).waiting === 0)
    const [first, second] = target.got
    const fromSeq = first!.event.data.seq
    const one = await dev.post('/api/webhook/replay', { webhookId: id, seq: fromSeq })
    expect(one.body).toEqual({ count: 1 })
    await come(3)
    expect(target.got[2]?.id).toBe(first?.id)
    await until('the record', async () => (await get()).waiting === 0)
    const toSeq = second!.event.data.seq
    expect((await dev.post('/api/webhook/replay', { webhookId: id, fromSeq, toSeq })).body).toEqual({
      count: 2,
    })
    await come(5)
    const from = new Date(Date.now() - hourMs).toISOString()
    const to = new Date(Date.now() + hourMs).toISOString()
    const times = await dev.post('/api/webhook/replay', { webhookId: id, from, to })
    expect(times.body.count).toBeGreaterThanOrEqual(2)
    await until('all', async () => (await get()).waiting === 0)
  })

  it('is seen and replayed from the command line', async () => {
    const run = (...words: string[]) => runCommand(world.ctx, ['webhook', ...words])
    await rename('zhangsan', '命令')
    await come(1)
    await until('the record', async () => (await get()).waiting === 0)
    expect((await run('list', dev.devId)).text).toMatch(new RegExp(`${id} .*启用 .*${target.url}`))
    const logged = await run('log', dev.devId, id, '--state', 'done')
    const { seq } = target.got[0]!.event.data
    expect(logged.data).toMatchObject([{ seq, state: 'done', status: 200 }])
    expect((await run('replay', dev.devId, id, '--seq', String(seq))).data).toEqual({ count: 1 })
    await come(2)
    await expect(run('replay', dev.devId, id, '--from', '1')).rejects.toThrow('--to')
    await until('the record', async () => (await get()).waiting === 0)
  })

  it('can be tried', async () => {
    const { body } = await dev.post('/api/webhook/test', { webhookId: id })
    expect(body).toMatchObject({ status: 200, error: '' })
    expect(verify(secret, target.got[0]!)).toMatchObject({ type: 'webhook.test', data: { webhookId: id } })
    target.answer((_received, response) => void response.destroy())
    const failed = await dev.post('/api/webhook/test', { webhookId: id })
    expect(failed.body).toMatchObject({ status: 0, error: '连接被对方断开' })
    expect(await get()).toMatchObject({ state: 'on', failingSince: '' })
  })

  it('can be tried with the sample of any type', async () => {
    for (const type of ['webhook.test', 'todo.opened', 'message.card.pressed', 'directory.member.put']) {
      const { body } = await dev.post('/api/webhook/test', { webhookId: id, type })
      expect(body, type).toMatchObject({ status: 200, error: '' })
      expect(verify(secret, target.got.at(-1)!)).toMatchObject({
        type,
        data: { corpId: world.corpId, seq: 0 },
      })
    }
    const run = (...args: string[]) => runCommand(world.ctx, ['webhook', 'test', dev.devId, id, ...args])
    expect((await run('--type', 'bill.paid')).text).toMatch(/^已收到：HTTP 200/)
    expect(target.got.at(-1)!.event).toMatchObject({
      type: 'bill.paid',
      data: { billNo: expect.any(String) },
    })
    for (const [type, told] of [
      ['bill.payed', '参数错误: type: 没有事件类型 bill.payed，是不是 bill.paid？'],
      ['constructor', '可用: '],
    ] as const)
      expect(await dev.post('/api/webhook/test', { webhookId: id, type })).toMatchObject({
        retCode: '1000',
        retMessage: expect.stringContaining(told),
      })
    const subscribed = await dev.post('/api/webhook/update', { webhookId: id, types: ['webhook.test'] })
    expect(subscribed).toMatchObject({ retCode: '1000' })
  })

  it('that is off is told later', async () => {
    await dev.post('/api/webhook/update', { webhookId: id, state: 'off' })
    expect(await get()).toMatchObject({ state: 'off', offReason: 'developer' })
    await rename('zhangsan', '停')
    await dev.post('/api/webhook/update', { webhookId: id, state: 'on' })
    await come(1)
    expect(names()).toEqual(['停'])
  })
})

describe('what is asked for wrongly', () => {
  const refused = async (path: string, body: object) => refusal(await dev.post(`/api/webhook/${path}`, body))

  it('is refused with what and where', async () => {
    const create = (given: object) => refused('create', { url: target.url, ...given })
    expect(await create({ types: ['bill', 'dir'] })).toMatch(/^1000 .*types: 没有事件类型 dir；/)
    expect(await create({ url: 'ftp://a.example' })).toMatch(/^1000 .*url 应为 https/)
    expect(await create({ url: 'http://169.254.169.254/latest' })).toMatch(/^1000 .*url: .*不允许访问/)
    expect(await create({ url: 'http://[::1]/x' })).toMatch(/^1000 .*本机地址/)
    expect(await create({ url: 'http://a:b@example.com/' })).toMatch(/^1000 .*用户名/)
    expect(await create({ since: 10_000_000 })).toMatch(/^1000 .*since 10000000 大于最新编号/)
    for (const path of ['update', 'delete', 'rotate', 'test'])
      expect(await refused(path, { webhookId: 'wh_none' }), path).toBe('1000 参数错误: 没有订阅 wh_none')
    expect(await refused('replay', { webhookId: id, fromSeq: 3 })).toMatch(/^1001/)
    expect(await refused('replay', { webhookId: id, fromSeq: 3, toSeq: 1 })).toMatch(/起点在终点之后/)
  })

  it('is of another developer, lacks the scope, or is one too many', async () => {
    const other = checked(await world.addDeveloper({ scopes: ['webhook:manage'] }))
    expect((await other.get('/api/webhook/get', { webhookId: id })).retCode).toBe('1000')
    const without = checked(await world.addDeveloper({ scopes: ['directory:read'] }))
    expect((await without.get('/api/webhook/list')).retCode).toBe('1009')
    const all = await Promise.all(
      Array.from({ length: 12 }, () => other.post('/api/webhook/create', { url: target.url })),
    )
    expect(all.filter(one => one.retCode === '0')).toHaveLength(10)
    expect((await other.get('/api/webhook/list')).body.list).toHaveLength(10)
  })
})

describe('data scope', () => {
  it('is kept: of what is outside nothing is told', async () => {
    const scoped = checked(
      await world.addDeveloper({
        scopes: ['directory:read', 'webhook:manage'],
        dataScope: { departments: [5], tags: [] },
      }),
    )
    const own = await startTarget()
    await scoped.post('/api/webhook/create', { url: own.url })
    const { list } = (await dev.get('/api/user/orgUserList', { orgId: 5 })).body
    expect(list.length).toBeGreaterThan(0)
    await rename('zhangsan', '外面')
    await rename(list[0].userId, '里面')
    await until('what is inside', () => own.got.length > 0)
    expect(own.got.map(one => one.event.data.id)).not.toContain('zhangsan')
    await setDeveloper(world.ctx, 'test', scoped.devId, { dataScope: { departments: [4], tags: [] } })
    await until('the new scope', () => own.types().includes('directory.resync'))
    await setDeveloper(world.ctx, 'test', scoped.devId, { scopes: ['directory:read'] })
    await own.close()
  })
})
