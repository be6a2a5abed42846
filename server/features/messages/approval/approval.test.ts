import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { managerBy } from '../../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import type { ActiveTask } from '../../../platform/queue/queue.ts'
import { setTypeState } from '../../message-types/change-type.ts'
import type { Definition } from '../../message-types/definition.ts'
import { putType } from '../../message-types/put-type.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import { arrived, fresh, statusOf, useAgents } from '../messages.fixture.ts'
import { endHeld } from '../waiting/held-calls.ts'
import { pass as passIn, settled as settledIn } from '../waiting/waiting.fixture.ts'
import { sendToApprove, sendWaitsLong } from './causes.ts'

let world: World
let dev: Caller
let as: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 30 })
  await useAgents(world)
  dev = await world.addDeveloper({ name: '报销系统', scopes: ['message:send', 'message:type'] })
  as = await signInAs(world, 'super', 'zhangsan')
  await put('one', '{{ n }} 元已到账')
  await put('urgent', '紧急 {{ n }}', { level: 'urgent' })
  await put('trial', '试 {{ n }}', { testPeople: ['lisi'] })
  await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 2, words: ['中奖'] })
})
afterAll(() => world.close())

const put = (key: string, text: string, plan: Partial<Definition> = {}) => {
  const definition: Definition = {
    name: '报销',
    level: 'normal',
    channels: ['wecom'],
    templates: { wecom: { zh: { content: text } } },
    ...plan,
  }
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  return putType(world.ctx, writer, world.corpId, key, definition)
}
const three = 'zhangsan|lisi|wangwu'
const at = (minutes: number) => new Date(world.ctx.now() + minutes * 60_000).toISOString()
const notify = async (n: number | string, body: object = {}) =>
  (
    await fresh(world, dev).post('/api/message/notify', {
      type: 'one',
      toUser: three,
      data: { n },
      ...body,
    })
  ).body as { msgId: string; state: string }
const status = (msgId: string) => statusOf(world, msgId, dev)
const decide = (how: 'approve' | 'refuse', msgId: string, by = as) =>
  by.post(`/web/messages/${how}`, { msgId, ...(how === 'refuse' ? { reason: '改天再发' } : {}) })
const approvalOf = async (msgId: string) => (await as.get('/web/messages/approval', { msgId })).body.approval

const settled = () => settledIn(world)
const pass = (minutes: number) => passIn(world, minutes)
const asked = async () => (await sendToApprove.find(world.ctx)).found.map(one => one.subject)

describe('a send to more people than the corp allows', () => {
  it('waits, and leaves once somebody else has approved it', async () => {
    const { msgId, state } = await notify(101)
    expect(state).toBe('waiting')
    expect(await status(msgId)).toMatchObject({
      status: 'queued',
      reason: '等待批准',
      receivers: { total: 3, waiting: 3 },
    })
    await settled()
    expect(await arrived(world, '101 元')).toEqual([])
    expect(await approvalOf(msgId)).toMatchObject({
      standing: 'other',
      cause: '发给 3 人，超过 2 人须批准',
      askedBy: '报销系统',
      receivers: 3,
    })
    expect(await asked()).toContain(msgId)
    expect((await decide('approve', msgId)).retCode).toBe('0')
    await settled()
    expect(await arrived(world, '101 元')).toHaveLength(1)
    expect(await status(msgId)).toMatchObject({ status: 'sent', receivers: { total: 3, sent: 3 } })
    expect(await asked()).not.toContain(msgId)
    expect((await decide('approve', msgId)).retCode).toBe('1000')
    const why = await fresh(world, dev).get('/api/message/why', { msgId, userId: 'lisi' })
    expect(why.body.steps.map((one: { cause: string }) => one.cause).slice(0, 3)).toEqual([
      '',
      '发给 3 人，超过 2 人须批准',
      expect.stringContaining('已批准'),
    ])
  })

  it('is decided once when two decide at once', async () => {
    const { msgId } = await notify(102)
    const answers = await Promise.all([decide('approve', msgId), decide('refuse', msgId)])
    expect(answers.map(one => one.retCode).sort()).toEqual(['0', '1000'])
    await settled()
  })

  it('does not leave when it is refused, and its sender learns by whom and why', async () => {
    const { msgId } = await notify(103)
    const why = (userId: string) => fresh(world, dev).get('/api/message/why', { msgId, userId })
    const causes = async () => (await why('lisi')).body.steps.map((one: { cause: string }) => one.cause)
    const asked = ['', '发给 3 人，超过 2 人须批准']
    expect(await causes()).toEqual([...asked, '等待发送人以外的超级管理员批准'])
    const others = [...world.ctx.mirrors.of(world.corpId).members.all()].map(core => core.userId)
    const stranger = others.find(userId => !three.split('|').includes(userId))!
    expect((await why(stranger)).retCode).toBe('1000')
    await decide('refuse', msgId)
    await settled()
    expect(await causes()).toEqual([...asked, expect.stringContaining('没有批准：改天再发')])
    expect((await why(stranger)).retCode).toBe('1000')
    const told = await status(msgId)
    expect(told).toMatchObject({ status: 'cancelled', receivers: { total: 3, cancelled: 3 } })
    expect(told.reason).toContain('没有批准：改天再发')
    expect(await arrived(world, '103 元')).toEqual([])
  })

  it('keeps its time, and ends when it expires or nobody decides', async () => {
    const timed = await notify(104, { sendAt: at(30) })
    const short = await notify(105, { expiresAt: at(20) })
    const late = await notify(106)
    await decide('approve', timed.msgId)
    await settled()
    expect(await arrived(world, '104 元')).toEqual([])
    await pass(31)
    expect(await arrived(world, '104 元')).toHaveLength(1)
    expect(await status(short.msgId)).toMatchObject({ status: 'cancelled', reason: '已过期' })
    await pass(25 * 60)
    const found = (await sendWaitsLong.find(world.ctx)).found.map(one => one.subject)
    expect(found).toEqual([late.msgId])
    await pass(7 * 24 * 60)
    expect(await status(late.msgId)).toMatchObject({ status: 'cancelled', reason: '7 天内没有人批准' })
    as = await signInAs(world, 'super', 'zhangsan')
  })

  it('is not approved by the owner of its developer, who confirms it where nobody else could', async () => {
    const zhangsan = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
    await sql`insert into developer_owner (corp_id, dev_id, member_id, created_at)
      values (${world.corpId}, ${dev.devId}, ${zhangsan.id}, now())`.execute(world.ctx.db)
    await world.ctx.reloadConfig(world.corpId)
    const { msgId } = await notify(107)
    const other = await signInAs(world, 'super', 'lisi')
    expect((await approvalOf(msgId)).standing).toBe('own')
    expect((await decide('approve', msgId)).retCode).toBe('1009')
    expect((await decide('approve', msgId, other)).retCode).toBe('0')
    await sql`delete from member_role where member_id <> ${zhangsan.id}`.execute(world.ctx.db)
    await world.ctx.reloadConfig(world.corpId)
    const alone = await notify(108)
    expect((await approvalOf(alone.msgId)).standing).toBe('confirm')
    expect((await decide('approve', alone.msgId)).retCode).toBe('0')
    const { rows } =
      await sql`select detail from audit where act = 'message.approve' and target = ${alone.msgId}`.execute(
        world.ctx.db,
      )
    expect(rows).toMatchObject([{ detail: { state: 'confirmed' } }])
    await sql`delete from developer_owner`.execute(world.ctx.db)
    await world.ctx.reloadConfig(world.corpId)
    await settled()
  })

  it('is not approved by who owned its developer when it was sent, and has left the owners since', async () => {
    const { members } = world.ctx.mirrors.of(world.corpId)
    const own = (userId: string) =>
      sql`
      insert into developer_owner (corp_id, dev_id, member_id, created_at)
      values (${world.corpId}, ${dev.devId}, ${members.byKey(userId)!.id}, now())`.execute(world.ctx.db)
    await own('zhangsan')
    await world.ctx.reloadConfig(world.corpId)
    const { msgId } = await notify(109)
    await sql`delete from developer_owner`.execute(world.ctx.db)
    await own('lisi')
    await world.ctx.reloadConfig(world.corpId)
    const other = await signInAs(world, 'super', 'lisi')
    const third = await signInAs(world, 'super', 'wangwu')
    for (const by of [as, other]) expect((await decide('approve', msgId, by)).retCode).toBe('1009')
    expect((await decide('approve', msgId, third)).retCode).toBe('0')
    await sql`delete from developer_owner`.execute(world.ctx.db)
    await sql`delete from member_role where member_id <> ${members.byKey('zhangsan')!.id}`.execute(
      world.ctx.db,
    )
    await world.ctx.reloadConfig(world.corpId)
    await settled()
  })
})

it('what was approved late waits for its type like any other', async () => {
  const { msgId } = await notify(161)
  world.clock.offsetMs += 26 * 60 * 60_000
  await setTypeState(world.ctx, 'test', world.corpId, 'one', 'paused')
  await runCommand(world.ctx, ['message', 'approve', msgId])
  await settled()
  expect((await status(msgId)).status).toBe('queued')
  await setTypeState(world.ctx, 'test', world.corpId, 'one', 'live')
  await pass(1)
  expect(await arrived(world, '161 元')).toHaveLength(1)
  as = await signInAs(world, 'super', 'zhangsan')
})

it('programs and commands decide by the same rules', async () => {
  const manager = await managerBy(world, { member: 'zhangsan', corpId: world.corpId })
  const sent = [await notify(151), await notify(152), await notify(153), await notify(154)]
  const [one, two, three, four] = sent.map(({ msgId }) => msgId)
  expect((await manager.post('/api/admin/message/approve', { msgId: one })).retCode).toBe('0')
  expect((await manager.post('/api/admin/message/refuse', { msgId: two, reason: '不发' })).retCode).toBe('0')
  await runCommand(world.ctx, ['message', 'approve', three!])
  await runCommand(world.ctx, ['message', 'refuse', four!, '不发'])
  await settled()
  expect(await Promise.all([one, two, three, four].map(async id => (await status(id!)).status))).toEqual([
    'sent',
    'cancelled',
    'sent',
    'cancelled',
  ])
})

it('what is urgent leaves at once, and is reviewed afterwards', async () => {
  const { msgId } = await notify(201, { type: 'urgent' })
  await settled()
  expect(await arrived(world, '紧急 201')).toHaveLength(1)
  expect(await approvalOf(msgId)).toMatchObject({ isReview: true, standing: 'other' })
  expect((await decide('refuse', msgId)).retCode).toBe('1000')
  const late = async () => (await sendWaitsLong.find(world.ctx)).found
  expect(await late()).toEqual([])
  await pass(25 * 60)
  expect(await late()).toMatchObject([{ subject: msgId, detail: { isReview: true } }])
  expect(sendWaitsLong.tell((await late())[0]!.detail).title.zh).toContain('超过 24 小时没有复核')
  as = await signInAs(world, 'super', 'zhangsan')
  expect((await decide('approve', msgId)).retCode).toBe('0')
  expect(await late()).toEqual([])
  expect(await approvalOf(msgId)).toMatchObject({ standing: '', isReview: true })
})

it('a listed word and everybody need approval, and few people with other words none', async () => {
  expect((await notify('恭喜中奖', { toUser: 'lisi' })).state).toBe('waiting')
  expect((await notify(301, { toUser: 'lisi' })).state).toBe('accepted')
  await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 0 })
  expect((await notify(302)).state).toBe('accepted')
  const all = await notify(303, { toUser: '@all' })
  expect((await approvalOf(all.msgId)).cause).toBe('发给所有人须批准')
})

it('what is sent without a type needs approval where that is set, from the console too', async () => {
  const body = { toUser: three, sendType: '0', msgType: '03', agentName: '审批', content: '无类型 401' }
  const send = () => fresh(world, dev).post('/api/message/send', body)
  await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 2 })
  expect((await send()).body.status).toBe('sent')
  await setSendApproval(world.ctx, 'test', world.corpId, { untyped: true })
  const held = await send()
  expect(await status(held.body.msgId)).toMatchObject({ status: 'queued', reason: '等待批准' })
  const own = await as.post('/web/messages/send', {
    ...body,
    toUser: three.split('|'),
    requestId: 'console',
  })
  expect(await approvalOf(own.body.msgId)).toMatchObject({ standing: 'confirm' })
  await setSendApproval(world.ctx, 'test', world.corpId, { untyped: false })
})

it('a listed word is found in any width, with spaces, in markup and by a channel that is not the first', async () => {
  await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 0, words: ['VIP 中奖'] })
  for (const said of ['ｖｉｐ中奖', 'v i p 中\u200b 奖'])
    expect((await notify(said, { toUser: 'lisi' })).state).toBe('waiting')
  expect((await notify('vip', { toUser: 'lisi' })).state).toBe('accepted')
  await put('link', 'VIP <a href="https://a.example">中</a>奖 {{ n }}')
  expect((await notify(310, { type: 'link', toUser: 'lisi' })).state).toBe('waiting')
  await put('two', '{{ n }} 元已到账', {
    channels: ['wecom', 'email'],
    templates: {
      wecom: { zh: { content: '{{ n }} 元' } },
      email: { zh: { title: '恭喜', content: 'VIP 中奖 {{ n }}' } },
    },
  })
  expect((await notify(311, { type: 'two', toUser: 'lisi' })).state).toBe('waiting')
  await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 2, words: ['中奖'] })
})

it('of several texts the approver is shown the one with the word, and a department of all is everybody', async () => {
  const rows = ['lisi', 'wangwu'].map((userId, at) => ({ userId, data: { n: at === 0 ? 321 : '中奖 322' } }))
  const { msgId } = await notify(0, { toUser: undefined, data: undefined, rows })
  const shown = await as.post('/web/messages/content', { msgId })
  expect(JSON.stringify(shown.body)).toContain('中奖 322')
  await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 0 })
  const root = await notify(323, { toUser: undefined, toParty: '1' })
  expect((await approvalOf(root.msgId)).cause).toBe('发给所有人须批准')
  await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 2 })
})

it('what needs approval is not pinned as an announcement before it has it', async () => {
  await setSendApproval(world.ctx, 'test', world.corpId, { untyped: true })
  const pin = { title: '全员', content: '全员 331', until: at(600) }
  const body = { toUser: ['@all'], sendType: '0', msgType: '03', agentName: '审批', content: '全员 331' }
  const sent = await as.post('/web/messages/send', { ...body, requestId: 'pinned', pin })
  expect(sent.retCode).toBe('1000')
  expect(JSON.stringify(sent)).toContain('置顶为公告')
  await setSendApproval(world.ctx, 'test', world.corpId, { untyped: false })
})

it('what is approved in the last moment is not ended', async () => {
  // What others left waiting ends first.
  await pass(8 * 24 * 60)
  const { msgId } = await notify(361)
  const days = (n: number) => n * 24 * 60 * 60_000
  let ending = Promise.resolve(false)
  await world.ctx.db.transaction().execute(async tx => {
    const dueAt = new Date(world.ctx.now() + days(20))
    await sql`update message_plan set state = 'waiting', due_at = ${dueAt} where message_id = ${msgId}`.execute(
      tx,
    )
    world.clock.offsetMs += days(8)
    ending = endHeld(world.ctx, { corpId: world.corpId } as ActiveTask)
    await until('it waits for the plan', async () => {
      const { rows } =
        await sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
          world.ctx.db,
        )
      return rows.length > 0
    })
  })
  expect(await ending).toBe(true)
  expect((await status(msgId)).status).toBe('queued')
  as = await signInAs(world, 'super', 'zhangsan')
})

describe('what is due', () => {
  it('asks for approval where its receivers have become more than were accepted or approved', async () => {
    const few = await notify(341, { toUser: 'lisi|wangwu', sendAt: at(10) })
    const many = await notify(342, { sendAt: at(10) })
    await decide('approve', many.msgId)
    await sql`update message set receivers = 1 where id in (${few.msgId}, ${many.msgId})`.execute(
      world.ctx.db,
    )
    await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 1 })
    await pass(11)
    for (const { msgId } of [few, many])
      expect(await status(msgId)).toMatchObject({ status: 'queued', reason: '等待批准' })
    expect((await approvalOf(few.msgId)).receivers).toBe(2)
    for (const { msgId } of [few, many]) expect((await decide('approve', msgId)).retCode).toBe('0')
    await settled()
    expect(await arrived(world, '341 元')).toHaveLength(1)
    expect(await arrived(world, '342 元')).toHaveLength(1)
    await setSendApproval(world.ctx, 'test', world.corpId, { receivers: 2 })
  })

  it('asks for approval where its type was on trial when it was accepted', async () => {
    await setTypeState(world.ctx, 'test', world.corpId, 'trial', 'trial')
    const { msgId } = await notify(351, { type: 'trial', sendAt: at(10) })
    await setTypeState(world.ctx, 'test', world.corpId, 'trial', 'live')
    await pass(11)
    expect(await arrived(world, '试 351')).toEqual([])
    expect(await approvalOf(msgId)).toMatchObject({ receivers: 3, standing: 'other' })
    await decide('approve', msgId)
    await settled()
    expect(await arrived(world, '试 351')).toHaveLength(1)
  })
})

describe('what waits', () => {
  it('is paused and resumed, whole and person by person, and ended', async () => {
    const { msgId } = await notify(501, { toUser: 'lisi', sendAt: at(10) })
    expect((await as.post('/web/messages/pause', { msgId })).retCode).toBe('0')
    await pass(11)
    expect(await arrived(world, '501 元')).toEqual([])
    expect(await status(msgId)).toMatchObject({ status: 'queued', reason: '管理员暂停了发送' })
    expect((await as.post('/web/messages/pause', { msgId })).retCode).toBe('1000')
    await as.post('/web/messages/resume', { msgId })
    await settled()
    expect(await arrived(world, '501 元')).toHaveLength(1)

    await put('digest', '收 {{ n }}', {
      frequency: { atMost: 1, minutes: 60, rest: 'digest' },
      digest: { minutes: 30 },
    })
    const person = await notify(502, { type: 'digest', toUser: 'lisi' })
    await settled()
    const manager = await managerBy(world)
    expect((await manager.post('/api/admin/message/pause', { msgId: person.msgId })).retCode).toBe('0')
    await pass(40)
    expect(await arrived(world, '收 502')).toEqual([])
    expect((await manager.post('/api/admin/message/resume', { msgId: person.msgId })).retCode).toBe('0')
    await pass(2)
    expect(await arrived(world, '收 502')).toHaveLength(1)

    const gone = await notify(503, { toUser: 'lisi', sendAt: at(10) })
    await runCommand(world.ctx, ['message', 'pause', gone.msgId])
    await runCommand(world.ctx, ['message', 'resume', gone.msgId])
    const done = await runCommand(world.ctx, ['message', 'end', gone.msgId])
    expect(done.text).toContain('1 个不再发')
    expect(await status(gone.msgId)).toMatchObject({ status: 'cancelled', reason: '管理员 结束了发送' })
    const later = await notify(504, { toUser: 'lisi', sendAt: at(10) })
    const ended = await manager.post('/api/admin/message/end', { msgId: later.msgId })
    expect(ended.body).toEqual({ cancelled: 1, left: 0 })
  })
})

it('what is resumed long after its time leaves, waits for its type like any other, or says that it expired', async () => {
  const late = await notify(511, { toUser: 'lisi', sendAt: at(10) })
  const held = await notify(512, { toUser: 'lisi', sendAt: at(10), type: 'digest' })
  const expiring = await notify(513, { toUser: 'lisi', sendAt: at(10), expiresAt: at(60) })
  const all = [late, held, expiring].map(one => one.msgId)
  for (const id of all) await runCommand(world.ctx, ['message', 'pause', id])
  await pass(30 * 60)
  expect(await status(expiring.msgId)).toMatchObject({ status: 'cancelled', reason: '已过期' })
  await setTypeState(world.ctx, 'test', world.corpId, 'digest', 'paused')
  for (const id of all.slice(0, 2)) await runCommand(world.ctx, ['message', 'resume', id])
  await settled()
  expect(await arrived(world, '511 元')).toHaveLength(1)
  expect(await status(held.msgId)).toMatchObject({ status: 'queued' })
  await setTypeState(world.ctx, 'test', world.corpId, 'digest', 'live')
  await pass(1)
  await pass(40)
  expect(await arrived(world, '收 512')).toHaveLength(1)
  as = await signInAs(world, 'super', 'zhangsan')
})

it('a type on trial reaches its test people alone', async () => {
  await expect(setTypeState(world.ctx, 'test', world.corpId, 'one', 'trial')).rejects.toThrow('testPeople')
  await setTypeState(world.ctx, 'test', world.corpId, 'trial', 'trial')
  const { msgId } = await notify(601, { type: 'trial' })
  await settled()
  expect(await arrived(world, '试 601')).toMatchObject([{ to: ['lisi'] }])
  expect(await status(msgId)).toMatchObject({
    status: 'sent',
    receivers: { total: 3, sent: 1, cancelled: 2 },
  })
  const why = await fresh(world, dev).get('/api/message/why', { msgId, userId: 'wangwu' })
  expect(JSON.stringify(why.body.steps)).toContain('试用中')
})
