import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { arrived, faultSend, later, shownMail, useAgents, useSms, useSmtp } from '../messages.fixture.ts'

const path = (name: string) => `/web/messages/${name}`
const text = { toUser: 'zhangsan', sendType: '0', msgType: '03', agentName: '行政', content: '你好' }
const card = {
  ...text,
  msgType: '01',
  title: '标题',
  url: 'https://a.example/x',
  btntxt: '马上去看一看',
}

describe('writing a message in the console', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld()
    await useAgents(world)
    await useSmtp(world)
    await useSms(world, 'tencent')
    as = await signInAs(world, 'super', 'zhangsan')
  })
  afterAll(() => world.close())
  const preview = async (body: object) => (await as.post(path('preview'), body)).body
  const send = (body: object) => as.post(path('send'), body)

  it('shows what WeCom will show, and what is cut', async () => {
    expect((await preview(text)).preview).toMatchObject({ kind: 'text', parts: [{ text: '你好', bytes: 6 }] })
    const split = (await preview({ ...text, content: '长'.repeat(700) })).preview
    expect(split.parts).toHaveLength(2)
    expect(split.parts[0].text).toMatch(/^\(1\/2\)\n长/)
    expect(split.counters).toMatchObject([{ field: 'content', used: 2100 }])
    const cut = await preview({ ...card, title: '题'.repeat(50), content: '文'.repeat(200) })
    expect(cut.truncated).toEqual(['title', 'content', 'btntxt'])
    expect(cut.preview).toMatchObject({ kind: 'textcard', btntxt: '马上去看' })
    const counter = (field: string) =>
      cut.preview.counters.find((one: { field: string }) => one.field === field)
    expect(counter('title')).toMatchObject({ limit: 128, unit: 'byte', used: 150 + 12 })
    expect(counter('content').cut).toHaveLength(200 - Math.floor(512 / 3))
    expect(counter('btntxt')).toMatchObject({ used: 6, limit: 4, unit: 'character', cut: '一看' })
  })

  it('shows a mail and an SMS', async () => {
    const mail = await preview({ ...text, sendType: '2', title: '通知', url: 'https://a.example/' })
    expect(mail.preview).toMatchObject({ channel: 'email', subject: '【行政】通知', btntxt: '详情' })
    const sms = {
      toUser: 'zhangsan',
      sendType: '1',
      agentName: '行政',
      templateId: 'code',
      params: ['1', '2'],
    }
    expect((await preview(sms)).preview).toMatchObject({
      channel: 'sms',
      params: [{ name: 'code', value: '1' }, {}],
    })
  })

  it('foresees who does not get it and how long it takes', async () => {
    const mail = { ...text, toUser: '@all', sendType: '2', title: '通知', forecast: '1' }
    const { forecast } = await preview(mail)
    const members = world.ctx.mirrors.of(world.corpId).members.size
    expect(forecast.persons).toBeLessThanOrEqual(members)
    const lost = forecast.unreachable.reduce((sum: number, one: { persons: number }) => sum + one.persons, 0)
    expect(forecast.calls).toBe(forecast.persons - lost)
    expect(forecast.seconds).toBeGreaterThan(0)
    await world.ctx.db.updateTable('member').set({ mobile: '' }).where('user_id', '=', 'zhangsan').execute()
    const sms = { toUser: 'zhangsan|lisi|ghost', sendType: '1', agentName: '行政', templateId: 'code' }
    const short = await preview({ ...sms, params: ['1', '2'], forecast: '1' })
    expect(short.forecast).toMatchObject({
      persons: 2,
      unreachable: [{ reason: '没有手机号', persons: 1 }],
      invalid: { users: ['ghost'] },
      calls: 1,
    })
    const wecom = await preview({ ...text, toUser: '@all', forecast: '1' })
    expect(wecom.forecast).toMatchObject({ calls: 1, missing: '', day: { restAt: '' } })
  })

  /** What was foreseen is what the list, the receivers and their reasons say once it is sent. */
  async function agreesWithFate(body: Record<string, unknown>) {
    const { forecast } = await preview(body)
    const { msgId } = (await send({ ...body, requestId: `fate-${Math.random()}` })).body
    const [row] = (await as.get(path('list'), { msgId })).body.list
    const { list } = (await as.get(path('receivers'), { msgId })).body
    type Loss = { reason: string; persons: number }
    const lost = forecast.unreachable.reduce((sum: number, one: Loss) => sum + one.persons, 0)
    expect(row.counts.sent).toBe(forecast.persons - lost)
    if (body['toUser'] === '@all') {
      expect(list).toMatchObject([{ userId: '@all', state: 'sent' }])
      for (const one of forecast.unseen) expect(list[0].reason).toContain(`${one.persons} 人：${one.reason}`)
      return
    }
    const countOf = (state: string, reason: string) =>
      list.filter((one: { state: string; reason: string }) => one.state === state && one.reason === reason)
        .length
    for (const { reason, persons } of forecast.unreachable) expect(countOf('failed', reason)).toBe(persons)
    for (const { reason, persons } of forecast.unseen) expect(countOf('sent', reason)).toBe(persons)
    expect(list.every((one: { reason: string; advice: string }) => !one.reason || one.advice)).toBe(true)
  }

  it('sends once, in the name of the administrator, by the way of all messages', async () => {
    const body = { ...text, content: '控制台发出的', requestId: 'r-1' }
    const first = await send(body)
    expect(first.body).toMatchObject({ status: 'sent', invaliduser: '' })
    expect((await send(body)).body.msgId).toBe(first.body.msgId)
    expect(await arrived(world, '控制台发出的')).toHaveLength(1)
    const row = (await as.get(path('list'), { developer: 'operator' })).body.list[0]
    expect(row).toMatchObject({ msgId: first.body.msgId, devId: '', developer: '' })
    const { events } = (await as.get(path('one'), { msgId: first.body.msgId })).body
    expect(events).toMatchObject([{ kind: 'accepted', who: expect.stringContaining('zhangsan') }])
    const acts = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'message.send')
      .execute()
    expect(acts).toMatchObject([{ target: first.body.msgId, corp_id: world.corpId }])
    expect(JSON.stringify(acts)).not.toContain('控制台发出的')
  })

  it('reaches everybody by mail, bit by bit', async () => {
    const body = { ...text, toUser: '@all', sendType: '2', title: '全员', requestId: 'r-all' }
    const { msgId } = (await send(body)).body
    // The node's own loop may be writing the receivers down at this moment.
    const row = async () => (await as.get(path('list'), { msgId })).body.list[0]
    const stateNow = async () => {
      await later(world, 0)
      return (await row()).state
    }
    await expect.poll(stateNow, { timeout: 30_000 }).toBe('partial')
    const { counts, receivers } = await row()
    expect(counts.sent + counts.failed).toBe(receivers)
    expect(counts.sent).toBeGreaterThan(20)
    const mails = (await shownMail(world)).filter(one => one.subject.includes('全员'))
    expect(mails).toHaveLength(counts.sent)
  })

  it('foresees whom WeCom will refuse, and who waits for a limit', async () => {
    const [agentId] = world.sandbox.agents.map(agent => agent.agentId)
    const member = { department: [1], mobile: '13812340001' }
    for (const [userid, status] of [
      ['disabled', 2],
      ['inactive', 4],
    ] as const) {
      await world.admin('user/create', { ...member, userid, name: userid, mobile: `1381234000${status}` })
      await world.admin('user/update', { userid, status })
    }
    await world.sync()
    const body = { ...text, toUser: 'zhangsan|lisi|disabled|inactive', forecast: '1' }
    expect((await preview(body)).forecast).toMatchObject({
      persons: 4,
      unreachable: [{ reason: '成员已禁用', persons: 1 }],
      unseen: [{ reason: '成员未激活企业微信', persons: 1 }],
    })
    await agreesWithFate(body)
    await agreesWithFate({ ...text, toUser: '@all', forecast: '1' })
    await world.control('agents', { agentId, visible: { users: ['zhangsan'] } })
    world.clock.offsetMs += 61_000
    const { unreachable } = (await preview(body)).forecast
    expect(unreachable).toContainEqual({ reason: '成员不在应用的可见范围内', persons: 2 })
    await agreesWithFate(body)
    await agreesWithFate({ ...text, toUser: '@all', forecast: '1' })
    await world.control('agents', { agentId, visible: { departments: [1] } })
    world.clock.offsetMs += 61_000
    expect((await preview({ ...text, forecast: '1' })).forecast.pace).toBeUndefined()
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => send({ ...text, content: `第${n}条`, requestId: `pace-${n}` })),
    )
    const { pace } = (await preview({ ...text, toUser: 'zhangsan|lisi', forecast: '1' })).forecast
    expect(pace).toMatchObject({ persons: 1 })
    expect(Date.parse(pace.until)).toBeGreaterThan(world.ctx.now())
    world.clock.offsetMs += 120_000
  })

  it.each([
    [{ ...text, content: '' }, '1001'],
    [{ ...text, toUser: '' }, '1001'],
    [{ ...text, toUser: 'nobody-here' }, '1007'],
    [{ ...text, msgType: '' }, '1001'],
    [{ ...card, url: 'javascript:alert(1)' }, '1000'],
    [{ ...card, title: '' }, '1001'],
    [{ ...text, agentId: '4000000' }, '1002'],
    [{ ...text, sendType: '1' }, '1001'],
    [{ ...text, sendType: '1', templateId: 'none' }, '1000'],
    [{ ...text, sendType: '1', templateId: 'code', params: ['1'] }, '1000'],
  ])('refuses %o as the API does', async (body, code) => {
    const id = `bad-${Math.random()}`
    expect((await send({ ...body, requestId: id })).retCode).toBe(code)
    expect((await send(text)).retCode).toBe('1001')
  })

  const announced = async () =>
    (await as.get('/web/announcements/list')).body.list.map((one: { title: string }) => one.title)
  const until = () => new Date(world.ctx.now() + 86_400_000).toISOString()

  it('pins a message as an announcement in the same act, once', async () => {
    const body = { ...text, content: '今晚停水', requestId: 'pin-1' }
    const pin = { title: '停水', content: '今晚停水', until: until() }
    for (const given of [{ until: '明天' }, { until: '' }])
      expect((await send({ ...body, pin: { ...pin, ...given } })).retCode).toBe('1000')
    const wrong = await send({ ...body, pin: { ...pin, until: '2020-01-01T00:00:00Z' } })
    expect(wrong).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining('until') })
    expect(await arrived(world, '今晚停水')).toHaveLength(0)
    const [first, again] = [await send({ ...body, pin }), await send({ ...body, pin })]
    expect(again.body.msgId).toBe(first.body.msgId)
    expect(await arrived(world, '今晚停水')).toHaveLength(1)
    expect(await announced()).toEqual(['停水'])
    // What was sent without an announcement is pinned by pressing again.
    const halfDone = { ...text, content: '今晚停电', requestId: 'pin-2' }
    await send(halfDone)
    await send({ ...halfDone, pin: { ...pin, title: '停电' } })
    expect(await arrived(world, '今晚停电')).toHaveLength(1)
    expect(await announced()).toEqual(expect.arrayContaining(['停水', '停电']))
  })

  it('stores a message and its announcement in one commit, or neither', async () => {
    const { db } = world.ctx
    const body = { ...text, content: '今晚停气', requestId: 'pin-3' }
    const pin = { title: '停气', content: '今晚停气', until: until() }
    await sql`alter table announcement add constraint no_gas check (title <> '停气') not valid`.execute(db)
    expect((await send({ ...body, pin })).retCode).not.toBe('0')
    await sql`alter table announcement drop constraint no_gas`.execute(db)
    const both = async () =>
      (
        await sql<{ together: boolean | null }>`select a.xmin::text = m.xmin::text as together
          from message m left join announcement a on a.message_id = m.id where m.request_id like '%pin-3'`.execute(
          db,
        )
      ).rows
    expect(await both()).toEqual([])
    expect((await send({ ...body, pin })).retCode).toBe('0')
    expect(await both()).toEqual([{ together: true }])
    const waits = { ...body, requestId: 'pin-4', sendAt: new Date(world.ctx.now() + 3_600_000).toISOString() }
    expect((await send({ ...waits, pin: { ...pin, title: '明天停气' } })).retCode).toBe('0')
    expect(await announced()).toEqual(expect.arrayContaining(['停气', '明天停气']))
    await faultSend(world, 'code:60020')
    const refused = { ...body, requestId: 'pin-5', pin: { ...pin, title: '没有停气' } }
    expect((await send(refused)).retCode).toBe('1008')
    expect(await announced()).not.toContain('没有停气')
  })

  it('sends by a type, to people and to a list, in the name of the administrator', async () => {
    const definition = {
      name: '物业',
      level: 'normal',
      channels: ['wecom'],
      templates: { wecom: { zh: { content: '{{ what }}费 {{ amount }} 元' } } },
    }
    expect((await as.post('/web/message-types/save', { key: 'fee', definition })).retCode).toBe('0')
    const wanted = { type: 'fee', toUser: 'lisi', data: { what: '水', amount: '31' } }
    expect((await as.post(path('notify-foresee'), wanted)).body).toEqual({ persons: 1, texts: 1, unknown: 0 })
    expect((await as.post(path('notify-foresee'), { ...wanted, data: {} })).retMessage).toContain('缺少变量')
    expect((await as.post(path('notify'), wanted)).retCode).toBe('1001')
    const { body } = await as.post(path('notify'), { ...wanted, requestId: 'fee-1' })
    expect((await arrived(world, '水费 31 元')).map(one => one.to)).toEqual([['lisi']])
    const content = Buffer.from('userId,amount\nzhangsan,32\nlisi,33\n').toString('base64')
    const { listId } = (await as.post(path('list-upload'), { content, fileName: 'a.csv' })).body
    const toList = { type: 'fee', toList: listId, data: { what: '电' } }
    expect((await as.post(path('notify-foresee'), toList)).body).toEqual({ persons: 2, texts: 2, unknown: 0 })
    const pin = { title: '电费', content: '', until: until() }
    expect((await as.post(path('notify'), { ...toList, pin, requestId: 'fee-2' })).retMessage).toContain(
      '公告',
    )
    const sent = (await as.post(path('notify'), { ...toList, requestId: 'fee-3' })).body
    expect(sent.accepted).toBe(2)
    await world.ctx.dispatcher.drain()
    expect(await arrived(world, '电费 3')).toHaveLength(2)
    const acts = (await as.get('/web/audit', { act: 'message.send' })).body.list
    const targets = acts.map((one: { target: string }) => one.target)
    for (const id of [body.msgId, sent.msgId])
      expect(targets.filter((one: string) => one === id)).toHaveLength(1)
  })
})
