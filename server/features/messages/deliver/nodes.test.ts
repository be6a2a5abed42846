import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { callerOf, startWorld, type World, type WorldOptions } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { readConfig } from '../../../platform/config.ts'
import { createLog } from '../../../platform/operation/log.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Server, startServer } from '../../../server.ts'
import {
  arrived,
  shownMail,
  shownSms,
  statusOf,
  struck,
  useAgents,
  useSms,
  useSmtp,
} from '../messages.fixture.ts'
import { enqueueParts } from '../parts/parts.ts'

let world: World
const others: Server[] = []
const start = async (options: WorldOptions = {}) => {
  world = await startWorld(options)
  return useAgents(world)
}
const another = async () => {
  const server = await startServer(readConfig(world.env), { log: createLog('silent') })
  others.push(server)
  return server
}
afterEach(async () => {
  for (const server of others.splice(0)) await server.close()
  await world.close()
})

const message = (content: string, more: object = {}) => ({
  toUser: 'zhangsan',
  sendType: '0',
  msgType: '03',
  agentName: '审批',
  content,
  ...more,
})

describe('two nodes', () => {
  it('make one message of equal calls with one requestId, and all of equal calls without', async () => {
    await start()
    const other = callerOf((await another()).url, world.dev)
    await Promise.all([world.dev.token(), other.token()])
    await world.control('faults', { match: 'message/send', mode: 'slow', delayMs: 300, times: 3 })
    const body = message('一次', { requestId: 'both' })
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? world.dev : other).post('/api/message/send', body)),
    )
    expect(answers.map(one => one.retCode)).toEqual(answers.map(() => '0'))
    expect(new Set(answers.map(one => one.body.msgId)).size).toBe(1)
    expect(await arrived(world, '一次')).toHaveLength(1)
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? world.dev : other).post('/api/message/send', message('每次')),
      ),
    )
    expect(await arrived(world, '每次')).toHaveLength(10)
  })

  it('send what waits once, count the limits together, and never lock each other out', async () => {
    await start()
    const server = await another()
    const other = callerOf(server.url, world.dev)
    await world.control('faults', { match: 'message/send', mode: 'busy' })
    const people = ['zhangsan', 'lisi', 'wangwu']
    const toUser = (n: number) => [...people.slice(n % 3), ...people.slice(0, n % 3)]
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        (n % 2 ? world.dev : other).post('/api/message/send', message(`等${n}。`, { toUser: toUser(n) })),
      ),
    )
    expect(answers.map(one => one.body.status)).toEqual(answers.map(() => 'queued'))
    await world.control('faults', undefined, 'DELETE')
    // Both nodes find all parts due at once, in a minute whose limit is free again.
    await sql`update message_pace set sent = '{}'`.execute(world.ctx.db)
    await sql`update message_part set next_attempt_at = now() where state = 'waiting'`.execute(world.ctx.db)
    await sql`update queue set due_at = now()`.execute(world.ctx.db)
    await Promise.all([world.ctx.dispatcher.drain(), server.ctx.dispatcher.drain()])
    // A part that was tried again just before is due some seconds later.
    const counts = () =>
      Promise.all(Array.from({ length: 24 }, async (_, n) => (await arrived(world, `等${n}。`)).length))
    await expect.poll(counts, { timeout: 20_000 }).toEqual(Array.from({ length: 24 }, () => 1))
  })

  it('add to the queues of several channels at different times without a deadlock', async () => {
    await start()
    const { ctx, corpId } = world
    const due = (channel: string, inMs: number) => ({ corpId, channel, at: new Date(ctx.now() + inMs) })
    const add = (tx: Db, ...dues: ReturnType<typeof due>[]) => enqueueParts(tx, dues)
    const waits = sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    let other: Promise<void> | undefined
    await ctx.db.transaction().execute(async tx => {
      await add(tx, due('email', 0))
      other = ctx.db.transaction().execute(two => add(two, due('sms', 0), due('email', 60_000)))
      await until('the other waits', async () => (await waits.execute(ctx.db)).rows.length > 0)
      await add(tx, due('sms', 60_000))
    })
    await other
  })

  it('take over from a node that went away during a call, and not from one that is just slow', async () => {
    await start()
    const server = await another()
    await world.control('faults', { match: 'message/send', mode: 'slow', delayMs: 3000, times: 1 })
    const sending = world.dev.post('/api/message/send', message('慢'))
    await expect
      .poll(
        async () =>
          (await sql`select 1 from message_part where state = 'sending'`.execute(world.ctx.db)).rows.length,
      )
      .toBe(1)
    const { body } = await sending
    // The part's lease runs out in the database, but its own node knows that it is still sending it.
    await sql`update message_part set next_attempt_at = now()`.execute(world.ctx.db)
    await sql`update queue set due_at = now()`.execute(world.ctx.db)
    world.ctx.queue.kick()
    await expect
      .poll(async () => (await statusOf(world, body.msgId)).status, { timeout: 10_000 })
      .toBe('sent')
    await server.ctx.dispatcher.drain()
    expect(await arrived(world, '慢')).toHaveLength(1)
  })
})

describe('a node that stops', () => {
  const restart = async () => {
    await world.server.close()
    const server = await another()
    return { server, dev: callerOf(server.url, world.dev) }
  }

  it('finishes the calls that are under way, and keeps what waits', async () => {
    await start()
    await world.control('faults', { match: 'message/send', mode: 'slow', delayMs: 800, times: 1 })
    const slow = world.dev.post('/api/message/send', message('正在发'))
    await struck(world)
    await world.control('faults', { match: 'message/send', mode: 'busy', times: 1 })
    const waiting = await world.dev.post('/api/message/send', message('等着'))
    expect(waiting.body.status).toBe('queued')
    const { server, dev } = await restart()
    const first = await slow
    expect(first.body.status).toBe('sent')
    expect((await dev.get('/api/message/status', { msgId: first.body.msgId })).body.attempts).toHaveLength(1)
    await expect
      .poll(async () => (await dev.get('/api/message/status', { msgId: waiting.body.msgId })).body.status, {
        timeout: 10_000,
      })
      .toBe('sent')
    await server.ctx.dispatcher.drain()
    expect(await arrived(world, '正在发')).toHaveLength(1)
    expect(await arrived(world, '等着')).toHaveLength(1)
  })

  it('goes on expanding a large send where it was', async () => {
    await start({ members: 2600, departments: 40 })
    await useSms(world, 'tencent')
    await world.control('faults', { match: 'SendSms', mode: 'slow', delayMs: 100 })
    const sms = { toUser: '@all', templateId: 'code', params: ['666666', '5'], agentName: '审批' }
    const { body } = await world.dev.post('/api/message/sms', sms)
    expect(body.status).toBe('queued')
    const { dev } = await restart()
    const status = async () => (await dev.get('/api/message/status', { msgId: body.msgId })).body
    await expect.poll(async () => (await status()).status, { timeout: 40_000 }).toBe('sent')
    const { receivers } = await status()
    const phones = (await shownSms(world)).map(one => one.phone)
    expect(new Set(phones).size).toBe(phones.length)
    expect(receivers.sent).toBe(phones.length)
    expect(receivers.total).toBe(receivers.sent + receivers.failed)
    expect(receivers.total).toBeGreaterThan(2400)
  })
})

it('a slow mail server leaves nobody in doubt, however many mails wait for it', async () => {
  await start()
  await useSmtp(world)
  await world.control('faults', { match: 'smtp/data', mode: 'slow', delayMs: 300 })
  const { body } = await world.dev.post('/api/message/send', {
    ...message('慢邮件', { toUser: '', toParty: '1' }),
    sendType: '2',
    title: '慢',
  })
  // The clock runs so fast that leases keep expiring; only calls that are under way hold one.
  const hurry = setInterval(() => {
    world.clock.offsetMs += 20_000
  }, 50)
  await expect.poll(async () => (await statusOf(world, body.msgId)).status, { timeout: 30_000 }).toBe('sent')
  clearInterval(hurry)
  const { receivers } = await statusOf(world, body.msgId)
  const mails = (await shownMail(world)).map(mail => mail.to.join())
  expect(new Set(mails).size).toBe(mails.length)
  expect(receivers).toMatchObject({ sent: mails.length, unknown: 0, waiting: 0 })
})

it('what is known is written down, also when the database is away just then', async () => {
  await start()
  await useSmtp(world)
  await world.control('faults', { match: 'smtp/data', mode: 'slow', delayMs: 500, times: 1 })
  const sending = world.dev.post('/api/message/send', { ...message('记下'), sendType: '2', title: '记下' })
  await struck(world)
  await sql`alter table message_attempt rename to message_attempt_away`.execute(world.ctx.db)
  const { body } = await sending
  expect(body.status).toBe('queued')
  expect(await shownMail(world)).toHaveLength(1)
  await sql`alter table message_attempt_away rename to message_attempt`.execute(world.ctx.db)
  await expect.poll(async () => (await statusOf(world, body.msgId)).status, { timeout: 10_000 }).toBe('sent')
  expect(await shownMail(world)).toHaveLength(1)
})
