import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { messageAttention } from '../attention.ts'
import { messagesPerDay } from '../fate/fate-store.ts'
import {
  arrived,
  faultSend,
  later,
  sendText,
  statusOf,
  useAgents,
  useSms,
  useSmtp,
  useWecom,
} from '../messages.fixture.ts'

const path = (name: string) => `/web/messages/${name}`

describe('messages in the console', () => {
  let world: World
  let as: SignedInClient
  let count = 0
  let words: string
  beforeAll(async () => {
    world = await startWorld()
    await useAgents(world)
    await useSmtp(world)
    await useSms(world, 'tencent')
    as = await signInAs(world, 'super', 'zhangsan')
  })
  beforeEach(async () => {
    words = `第${++count}条机密`
    await world.control('faults', undefined, 'DELETE')
    world.clock.offsetMs += 120_000
  })
  afterAll(() => world.close())

  const list = async (query: Record<string, string | number> = {}) => (await as.get(path('list'), query)).body
  const idsOf = async (query: Record<string, string | number>) =>
    (await list(query)).list.map((row: { msgId: string }) => row.msgId)
  const audits = () => world.ctx.db.selectFrom('audit').selectAll().orderBy('id').execute()

  it('lists what was sent, newest first, with states, counts and who sent it', async () => {
    const first = await sendText(world, words)
    const titled = { toUser: 'zhangsan|lisi', agentName: '考勤', title: '打卡提醒' }
    const second = await sendText(world, words, titled)
    const { list: rows, total, isWhole } = await list({ pageSize: 1 })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      msgId: second.msgId,
      channel: 'wecom',
      state: 'sent',
      agentName: '考勤',
      devId: world.dev.devId,
      developer: '测试',
      subject: '打卡提醒',
      to: '张三',
      receivers: 2,
      counts: { sent: 2, waiting: 0, failed: 0, unknown: 0, cancelled: 0 },
      heldUntil: '',
    })
    expect(total).toBeGreaterThanOrEqual(2)
    expect(isWhole).toBe(true)
    expect((await list({ pageSize: 1, pageNo: 2 })).list[0].msgId).toBe(first.msgId)
    expect((await list({ sort: '-receivers', pageSize: 1 })).list[0].receivers).toBeGreaterThanOrEqual(2)
    // A text without a title is known by its beginning; what stands below a title is looked at one message at a time.
    expect((await list()).list.map((row: { subject: string }) => row.subject)).toEqual(['打卡提醒', words])
  })

  it('filters by channel, state, developer, application, receiver, time and id', async () => {
    const before = new Date(world.ctx.now() - 1000).toISOString()
    const sent = await sendText(world, words, { agentName: '财务共享' })
    await faultSend(world, 'code:50003')
    const refused = await sendText(world, words, { agentName: '财务共享' })
    expect(refused.code).toBe('1008')
    await sendText(world, words, { toUser: 'lisi' })
    const other = await world.addDeveloper({ name: '另一个' })
    const mine = (query: Record<string, string | number>) => idsOf({ from: before, ...query })
    expect(await mine({ agentName: '财务' })).toHaveLength(2)
    expect(await mine({ agentName: '财务', state: 'sent' })).toEqual([sent.msgId])
    expect(await mine({ agentName: '财务', state: 'failed' })).toHaveLength(1)
    expect(await mine({ agentName: '财务', state: 'failed|sent' })).toHaveLength(2)
    expect(await mine({ agentName: '财务', channel: 'email' })).toEqual([])
    expect(await mine({ developer: other.devId })).toEqual([])
    expect(await mine({ developer: world.dev.devId, state: 'sent' })).toHaveLength(2)
    expect(await mine({ receiver: 'LISI' })).toHaveLength(1)
    expect((await list({ receiver: 'lisi' })).receiver).toBe('李四')
    expect(await idsOf({ msgId: sent.msgId })).toEqual([sent.msgId])
    expect(await idsOf({ msgId: sent.msgId, to: before })).toEqual([])
    expect(await idsOf({ agentName: '100%_' })).toEqual([])
    // What needs attention leads to what it counts.
    const needs = await messageAttention(world.ctx, [world.corpId])
    const { path: link = '', title } = needs.find(one => one.kind === 'troubledMessages') ?? {}
    const { total } = await list(Object.fromEntries(new URL(link, world.server.url).searchParams))
    expect(total).toBe(1)
    expect(title).toMatchObject({ zh: `近 3 天有 ${total} 条消息没有完全送达` })
    expect((await list()).total).toBeGreaterThan(total)
  })

  it.each([
    [{ state: 'gone' }, '1000'],
    [{ from: 'yesterday' }, '1000'],
    [{ sort: 'content' }, '1000'],
    [{ pageSize: 201 }, '1000'],
    [{ pageNo: 0 }, '1000'],
    [{ receiver: 'nobody-here' }, '1007'],
    [{ channel: 'fax' }, '1000'],
  ] as [Record<string, string>, string][])('refuses the list with %o', async (query, code) => {
    expect((await as.get(path('list'), query)).retCode).toBe(code)
  })

  it('shows the way of one message: calls, who did not get it and why, without opening it', async () => {
    const { msgId } = await sendText(world, words, { toUser: 'zhangsan|nobody-here' })
    const { body } = await as.get(path('one'), { msgId })
    expect(body).toMatchObject({
      state: 'sent',
      attempts: 1,
      events: [{ kind: 'accepted', who: '测试', receivers: 1 }],
      resend: { failed: 0, unknown: 0 },
      recall: { waiting: 0, sent: 1 },
    })
    const attempts = (await as.get(path('attempts'), { msgId })).body
    expect(attempts.list).toMatchObject([
      { part: 1, n: 1, outcome: 'sent', userIds: ['zhangsan'], receivers: 1 },
    ])
    const receivers = (await as.get(path('receivers'), { msgId })).body
    expect(receivers).toMatchObject({ total: 1, list: [{ userId: 'zhangsan', name: '张三', state: 'sent' }] })
    expect(JSON.stringify([body, attempts, receivers])).not.toContain('机密')
  })

  it('shows news as it arrived, its call and its receiver', async () => {
    const given = {
      msgType: '02',
      title: '年会',
      url: 'https://a.example/n',
      picUrl: 'https://a.example/n.png',
    }
    const { msgId } = await sendText(world, words, given)
    expect(await arrived(world, words)).toMatchObject([{ msgtype: 'news', to: ['zhangsan'] }])
    expect((await as.get(path('one'), { msgId })).body).toMatchObject({ state: 'sent', attempts: 1 })
    expect((await as.get(path('attempts'), { msgId })).body.list).toMatchObject([{ outcome: 'sent' }])
    const { body } = await as.post(path('content'), { msgId })
    expect(body).toMatchObject({ channel: 'wecom', kind: 'news', picUrl: given.picUrl, url: given.url })
  })

  it('names those whom WeCom has no licence for, with the reason', async () => {
    await world.control('licences', { without: ['lisi'] })
    const { msgId, invaliduser } = await sendText(world, words, { toUser: 'zhangsan|lisi' })
    await world.control('licences', {})
    expect(invaliduser).toBe('lisi')
    expect(await arrived(world, words)).toMatchObject([{ to: ['zhangsan'] }])
    expect((await as.get(path('receivers'), { msgId })).body.list).toMatchObject([
      { userId: 'lisi', state: 'failed', reason: '企业微信：成员没有接口许可' },
      { userId: 'zhangsan', state: 'sent', reason: '' },
    ])
    expect((await as.get(path('one'), { msgId })).body.resend).toMatchObject({ failed: 1 })
  })

  it('opens the content for one message and writes down who looked', async () => {
    const { msgId } = await sendText(world, words)
    const { body } = await as.post(path('content'), { msgId })
    expect(body).toMatchObject({ channel: 'wecom', kind: 'text', parts: [{ text: words }] })
    const look = (await audits()).at(-1)
    expect(look).toMatchObject({
      act: 'message.look',
      target: msgId,
      actor: expect.stringContaining('zhangsan'),
    })
    expect(JSON.stringify(look)).not.toContain('机密')
  })

  it('sends again to whom it failed to reach, once, and says who decided that', async () => {
    const gone = await sendText(world, words, { sendType: '2', title: '标题', toUser: 'lisi' })
    expect(gone.code).toBe('0')
    await faultSend(world, 'code:40008')
    const failed = await sendText(world, words)
    expect((await as.get(path('one'), { msgId: failed.msgId })).body).toMatchObject({
      state: 'failed',
      resend: { failed: 1, unknown: 0 },
      recall: { waiting: 0, sent: 0 },
    })
    const receivers = (await as.get(path('receivers'), { msgId: failed.msgId, state: 'failed' })).body
    expect(receivers.list).toMatchObject([{ userId: 'zhangsan', reason: expect.stringContaining('40008') }])
    expect((await as.post(path('resend'), { msgId: failed.msgId })).body).toEqual({ receivers: 1 })
    await later(world, 0)
    expect(await arrived(world, words)).toHaveLength(1)
    const { body } = await as.get(path('one'), { msgId: failed.msgId })
    expect(body).toMatchObject({ state: 'sent', resend: { failed: 0 }, attempts: 2 })
    expect(body.events[1]).toMatchObject({
      kind: 'resent',
      who: expect.stringContaining('zhangsan'),
      receivers: 1,
    })
    expect((await as.post(path('resend'), { msgId: failed.msgId })).body).toEqual({ receivers: 0 })
  })

  it('recalls what WeCom can take back, and refuses a resend of it', async () => {
    const title = '放假通知'
    const { msgId } = await sendText(world, words, { title })
    expect((await as.post(path('recall'), { msgId })).body).toEqual({ recalled: 1, unrecalled: 0 })
    const counts = { sent: 0, recalled: 1, failed: 0 }
    // It is known by what it was known by before.
    const known = { state: 'recalled', counts }
    expect((await as.get(path('one'), { msgId })).body).toMatchObject({
      ...known,
      title,
      recall: { sent: 0 },
    })
    expect((await list({ msgId })).list).toMatchObject([{ ...known, subject: title }])
    for (const query of [{}, { state: 'recalled' }])
      expect((await as.get(path('receivers'), { msgId, ...query })).body.list).toMatchObject([
        { userId: 'zhangsan', state: 'recalled' },
      ])
    // Callers are told what they were told before.
    expect(await statusOf(world, msgId)).toMatchObject({ receivers: { sent: 1 } })
    expect((await as.post(path('resend'), { msgId })).retCode).toBe('1000')
    // From whom WeCom had refused it, nothing was taken back, also of a text in several parts.
    const { db } = world.ctx
    await sql`
      insert into message_result (corp_id, message_id, user_id, part_id, state, reason, at)
      select corp_id, message_id, 'zhangsan', id, 'failed', '', now() from message_part where message_id = ${msgId}`.execute(
      db,
    )
    for (const chunk of [0, 1]) {
      await sql`update message_part set chunk = ${chunk} where message_id = ${msgId}`.execute(db)
      const refused = { sent: 0, recalled: 0, failed: 1 }
      expect((await as.get(path('one'), { msgId })).body).toMatchObject({ counts: refused })
      expect((await as.get(path('receivers'), { msgId })).body.list).toMatchObject([{ state: 'failed' }])
    }
    const mail = await sendText(world, words, { sendType: '2', title: '标题' })
    await later(world, 0)
    expect((await as.post(path('recall'), { msgId: mail.msgId })).retMessage).toContain('不能撤回')
  })

  it('shows what is held back at a limit, and until when', async () => {
    await world.ctx.db.deleteFrom('message_day').execute()
    await useWecom(world, { dailyCap: 1 })
    await sendText(world, `${words}甲`, { toUser: 'wangwu' })
    const held = await sendText(world, words, { toUser: 'zhangsan' })
    expect(held.message).toBe('成功')
    const { body } = await as.get(path('one'), { msgId: held.msgId })
    expect(body.state).toBe('queued')
    expect(body.events.at(-1)).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('每天的人次上限'),
    })
    expect(Date.parse(body.events.at(-1).until)).toBeGreaterThan(world.ctx.now())
    expect((await list({ msgId: held.msgId })).list[0].heldUntil).toBe(body.events.at(-1).until)
    await useWecom(world, { dailyCap: null })
  })

  it('keeps in the timeline that it was held back when that is over', async () => {
    const agentName = '限频'
    await Promise.all(
      Array.from({ length: 31 }, (_, n) => sendText(world, `${words}第${n}条`, { agentName })),
    )
    const held = await idsOf({ agentName, state: 'queued' })
    expect(held).toHaveLength(1)
    const [msgId] = held
    const now = (await as.get(path('one'), { msgId })).body.events.at(-1)
    expect(now).toMatchObject({ kind: 'held', receivers: 1, isOver: false })
    expect(now.reason).toContain('每分钟 30 条')
    await later(world, 120_000)
    const { body } = await as.get(path('one'), { msgId })
    expect(body.state).toBe('sent')
    expect(body.events).toMatchObject([{ kind: 'accepted' }, { ...now, isOver: true }])
  })

  it('names as accepted only those who were, and says why the others were not', async () => {
    await world.admin('user/create', {
      userid: 'disabled',
      name: '停用',
      department: [1],
      mobile: '13812340001',
    })
    await world.admin('user/update', { userid: 'disabled', status: 2 })
    await world.sync()
    const { msgId } = await sendText(world, words, { toUser: 'zhangsan|disabled|lisi' })
    const attempts = async (query = {}) => (await as.get(path('attempts'), { msgId, ...query })).body.list
    const refused = [
      { reason: '成员已禁用', advice: expect.stringContaining('启用'), userIds: ['disabled'], receivers: 1 },
    ]
    const first = { outcome: 'sent', userIds: ['zhangsan', 'lisi'], receivers: 2, refused }
    expect(await attempts()).toMatchObject([first])
    expect((await as.get(path('attempts'), { msgId })).body.names).toEqual({
      zhangsan: '张三',
      lisi: '李四',
      disabled: '停用',
    })
    expect(await attempts({ troubled: '1' })).toHaveLength(1)
    const { list: lost } = (await as.get(path('receivers'), { msgId, state: 'failed' })).body
    expect(lost).toMatchObject([{ userId: 'disabled', reason: '成员已禁用' }])
    expect((await as.post(path('resend'), { msgId })).body).toEqual({ receivers: 1 })
    await later(world, 0)
    // The second call was for that one member alone, so WeCom refuses it as a whole.
    expect(await attempts()).toMatchObject([first, { outcome: 'refused', userIds: ['disabled'], refused }])
    const { list: still } = (await as.get(path('receivers'), { msgId, state: 'failed' })).body
    expect(still).toMatchObject([{ userId: 'disabled', reason: '成员已禁用' }])
  })

  it('counts messages by day and channel', async () => {
    await sendText(world, words)
    const days = await messagesPerDay(world.ctx.db, world.corpId, 7, world.ctx.now())
    const today = days.filter(one => one.channel === 'wecom').at(-1)
    expect(today?.messages).toBeGreaterThan(0)
    expect(today?.day).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(today?.receivers).toBeGreaterThanOrEqual(today?.messages ?? 0)
  })

  it('keeps another corp, and lesser administrators, out', async () => {
    const { msgId } = await sendText(world, words)
    expect((await as.get(path('one'), { msgId })).retMessage).toBe('成功')
    for (const name of ['one', 'attempts', 'receivers'])
      expect((await as.get(path(name), { msgId: 'unknown' })).retCode, name).toBe('1000')
    for (const name of ['content', 'resend', 'recall'])
      expect((await as.post(path(name), { msgId: 'unknown' })).retCode, name).toBe('1000')
    const graded = await signInAs(world, 'graded', 'lisi', [{ departmentId: 1, manage: true }])
    const member = await signIn(world, { userId: 'wangwu' })
    const reads = ['list', 'one', 'attempts', 'receivers', 'choices', 'settings', 'templates']
    const acts = ['content', 'resend', 'recall', 'preview', 'send', 'test']
    const more = [
      'settings/channel',
      'settings/keep',
      'templates/save',
      'templates/remove',
      'templates/preview',
    ]
    for (const who of [graded, member]) {
      for (const name of reads) expect((await who.get(path(name), { msgId })).status, name).toBe(403)
      for (const name of [...acts, ...more])
        expect((await who.post(path(name), { msgId })).status, name).toBe(403)
    }
  })
})
