import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { pruneAll } from '../../../platform/upkeep/retention.ts'
import { channelRetention } from '../../channels/retention.ts'
import {
  arrived,
  fresh,
  later,
  shownMail,
  shownWecom,
  statusOf,
  useAgents,
  useSms,
  useSmtp,
} from '../messages.fixture.ts'
import { messageRetention } from '../retention.ts'

const dayMs = 86_400_000

/** Covers what upstream's answers and a caller's inputs lead to: the answer, what is stored, and what is logged. */
describe('answers and records', () => {
  let world: World
  let count = 0
  let text: string
  const lines: string[] = []
  const log = createLog(
    'debug',
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    }),
  )
  const send = (body: object = {}) =>
    fresh(world).post('/api/message/send', {
      toUser: 'zhangsan',
      sendType: '0',
      msgType: '03',
      agentName: '审批',
      content: text,
      ...body,
    })
  beforeAll(async () => {
    world = await startWorld({ overrides: { log } })
    await useAgents(world)
    await useSmtp(world)
    await useSms(world, 'tencent')
    await world.control('limits', { perMemberMinute: null })
  })
  beforeEach(async () => {
    text = `内容${++count}机密。`
    await world.control('faults', undefined, 'DELETE')
    world.clock.offsetMs += 120_000
  })
  afterAll(() => world.close())

  it.each([
    ['code:81013', '0', 'failed', 'failed', 0],
    ['code:45002', '0', 'failed', 'failed', 0],
    ['code:45009', '0', 'queued', 'sent', 1],
    ['code:45033', '0', 'queued', 'sent', 1],
    ['busy', '0', 'queued', 'sent', 1],
    ['tokenRevoked', '0', 'sent', 'sent', 1],
    ['tokenExpired', '0', 'sent', 'sent', 1],
    ['html', '0', 'queued', 'sent', 1],
    ['http500', '0', 'queued', 'sent', 1],
    ['truncated', '0', 'queued', 'sent', 1],
    ['code:60020', '1008', undefined, 'failed', 0],
    ['code:40014', '1008', undefined, 'failed', 0],
    ['code:40056', '1008', undefined, 'failed', 0],
    ['code:50003', '1008', undefined, 'failed', 0],
    ['code:999999', '1008', undefined, 'failed', 0],
  ])('%s: %s %s, then %s', async (mode, code, status, state, arrivals) => {
    lines.length = 0
    const times = mode === 'code:40014' ? 2 : 1
    await world.control('faults', { match: 'message/send', mode, times })
    const answer = await send()
    expect([answer.retCode, answer.body?.status]).toEqual([code, status])
    for (let n = 0; n < 3; n++) await later(world, 120_000)
    const rows = await sql<{ state: string; reason: string | null }>`
      select p.state, p.reason from message_part p join message m on m.id = p.message_id
      order by m.created_at desc limit 1`.execute(world.ctx.db)
    expect(rows.rows[0]?.state).toBe(state)
    if (state === 'failed') expect(rows.rows[0]?.reason).toContain(mode.replace('code:', ''))
    if (status === 'failed') expect(answer.body.invaliduser).toBe('zhangsan')
    if (code === '1008') expect(answer.retMessage).toContain(mode.replace('code:', ''))
    expect(await arrived(world, text)).toHaveLength(arrivals)
    expect(lines.join('')).not.toContain('机密')
  })

  it('silence is told after two seconds, and ends as what it was', async () => {
    await world.control('faults', { match: 'message/send', mode: 'timeout', times: 1 })
    const started = performance.now()
    const answer = await send()
    expect(performance.now() - started).toBeLessThan(2600)
    expect(answer.body.status).toBe('queued')
    // The call times out after 15 s of real time and is then repeated.
    await expect
      .poll(
        async () => {
          world.clock.offsetMs += 1000
          return (await statusOf(world, answer.body.msgId)).status
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBe('sent')
    expect(await arrived(world, text)).toHaveLength(1)
  })

  it.each([
    [{ toUser: Array.from({ length: 1001 }, (_, n) => `u${n}`) }, '1000', '1000'],
    [{ toUser: 'nobody' }, '1007', 'nobody'],
    [{ msgType: '02', title: '题', url: 'https://example.com' }, '1001', 'picUrl'],
    [{ msgType: '01', title: '题' }, '1001', 'url'],
    [{ msgType: '01', url: 'https://example.com' }, '1001', 'title'],
    [{ msgType: '01', title: '题', url: 'javascript:alert(1)' }, '1000', 'url'],
    [{ msgType: '01', title: '题', url: '/relative' }, '1000', 'url'],
    [{ url: 'javascript:alert(1)' }, '1000', 'url'],
    [{ content: 'x'.repeat(1_000_001) }, '1000', 'content'],
    [{ content: '半\ud83d' }, '1000', 'content'],
    [{ toUser: ['\ud83d', 'zhangsan'] }, '1000', 'toUser'],
    [{ requestId: 'x'.repeat(65) }, '1000', 'requestId'],
    [{ sendType: '1' }, '1000', 'sendType'],
    [{ msgType: '09' }, '1000', 'msgType'],
    [{ msgType: '04' }, '1001', 'card'],
  ])('refuses bad input %#', async (given, code, words) => {
    const before = (await shownWecom(world)).length
    const answer = await send(given)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringContaining(words)])
    expect(await shownWecom(world)).toHaveLength(before)
  })

  it('keeps HTML of a text as it is, and cuts a card between characters', async () => {
    await send({ content: `<b onclick="x">${text}</b>&amp;` })
    expect((await arrived(world, text))[0]?.content['content']).toBe(`<b onclick="x">${text}</b>&amp;`)
    const family = '👨‍👩‍👧‍👦'
    const card = {
      msgType: '01',
      title: `${text}${family.repeat(9)}`,
      content: family.repeat(50),
      url: 'https://example.com/',
    }
    const { body } = await send(card)
    expect(body.truncated).toEqual(['title', 'content'])
    const shown = (await shownWecom(world)).at(-1)?.content ?? {}
    for (const field of ['title', 'description']) {
      expect(shown[field]?.endsWith(family)).toBe(true)
      expect(shown[field]?.isWellFormed()).toBe(true)
    }
    expect(Buffer.byteLength(shown['title'] ?? '')).toBeLessThanOrEqual(128)
    expect(Buffer.byteLength(shown['description'] ?? '')).toBeLessThanOrEqual(512)
  })

  it('mail that the server refuses for good fails with its words', async () => {
    await world.admin('user/create', {
      userid: 'refused',
      name: '拒收',
      department: [1],
      email: 'x@refuse.example',
    })
    await world.admin('user/create', {
      userid: 'noaddress',
      name: '无',
      department: [1],
      mobile: '13812349999',
    })
    await world.sync()
    const before = (await shownMail(world)).length
    const { body } = await send({ toUser: 'refused|noaddress|zhangsan', sendType: '2', title: '题' })
    await later(world, 0)
    const status = await statusOf(world, body.msgId)
    expect(status).toMatchObject({ status: 'sent', receivers: { total: 3, sent: 1, failed: 2 } })
    const reasons = Object.fromEntries(
      status.failed.map((one: { userId: string; reason: string }) => [one.userId, one.reason]),
    )
    expect(reasons).toEqual({ noaddress: '没有邮箱地址', refused: expect.stringContaining('550') })
    expect(await shownMail(world)).toHaveLength(before + 1)
    const recalled = await fresh(world).post('/api/message/recall', { msgId: body.msgId })
    expect([recalled.retCode, recalled.retMessage]).toEqual(['1000', expect.stringContaining('不能撤回')])
    expect((await statusOf(world, body.msgId)).status).toBe('sent')
  })

  it('a mail that waits can be recalled', async () => {
    await world.control('faults', { match: 'smtp/rcpt', mode: 'code:451', times: 1 })
    const before = (await shownMail(world)).length
    const { body } = await send({ sendType: '2', title: '题' })
    const recalled = await fresh(world).post('/api/message/recall', { msgId: body.msgId })
    expect(recalled.body).toEqual({ recalled: 1, unrecalled: 0 })
    await later(world, 120_000)
    expect(await shownMail(world)).toHaveLength(before)
  })

  it('no content and no secret is readable in the database or in the log', async () => {
    lines.length = 0
    const marks = ['标题暗号', '正文暗号', 'urlmark', '按钮暗号', '480317']
    const rich = {
      title: '标题暗号',
      content: `正文暗号${text}`,
      url: 'https://example.com/urlmark',
      btntxt: '按钮暗号',
    }
    const sms = { toUser: 'zhangsan', templateId: 'code', params: ['480317', '5'], agentName: '审批' }
    for (const mode of ['busy', 'html', 'http500', 'truncated', 'code:60020', 'code:81013', undefined]) {
      const match = '/send|SendSms|smtp.data/'
      if (mode) await world.control('faults', { match: match, mode, times: 3 })
      await send({ ...rich, msgType: '01', requestId: `secret ${mode}` })
      await send({ ...rich, sendType: '2' })
      await fresh(world).post('/api/message/sms', sms)
      await world.control('faults', undefined, 'DELETE')
    }
    for (let n = 0; n < 6; n++) await later(world, 60_000)
    const tables = await sql<{ name: string }>`
      select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(
      world.ctx.db,
    )
    const { sandbox } = world
    const secrets = [
      ...sandbox.agents.map(agent => agent.secret),
      sandbox.smtp.password,
      sandbox.sms.tencent.secretKey,
      sandbox.sms.tencent.secretId,
    ]
    expect(tables.rows.map(row => row.name)).toContain('public.message')
    for (const { name } of tables.rows) {
      const rows = await sql<{ row: string }>`select t::text as row from ${sql.raw(name)} t`.execute(
        world.ctx.db,
      )
      const all = rows.rows.map(row => row.row).join('\n')
      for (const mark of [...marks, ...secrets]) expect(all.includes(mark), `${mark} in ${name}`).toBe(false)
    }
    const logged = lines.join('')
    for (const mark of [...marks, ...secrets])
      expect(logged.includes(mark), `${mark} in ${logged}`).toBe(false)
  })

  it('forgets by age, with everything about a message', async () => {
    const old = await send()
    world.clock.offsetMs += 200 * dayMs
    const recent = await send({ content: `${text}新` })
    await pruneAll(world.ctx, { channels: channelRetention, messages: messageRetention })
    const dev = fresh(world)
    expect((await dev.get('/api/message/status', { msgId: old.body.msgId })).retCode).toBe('1000')
    expect((await dev.get('/api/message/status', { msgId: recent.body.msgId })).body.status).toBe('sent')
    const left = await sql<{ n: number }>`
      select (select count(*) from message) + (select count(*) from message_part) + (select count(*) from message_attempt)
        + (select count(*) from message_dedup) + (select count(*) from message_pace)
        + (select count(*) from message_day) as n`.execute(world.ctx.db)
    expect(Number(left.rows[0]?.n)).toBe(6)
  })
})
