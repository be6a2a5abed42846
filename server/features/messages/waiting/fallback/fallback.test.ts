import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../../test/harness.ts'
import { signInAs } from '../../../../../test/sign-in.ts'
import { enqueue } from '../../../../platform/queue/queue-store.ts'
import type { Definition } from '../../../message-types/definition.ts'
import type { FallbackStep } from '../../../message-types/plan.ts'
import { putType } from '../../../message-types/put-type.ts'
import { minuteWords, readMinute } from '../../../quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../../../quiet-hours/set-quiet-hours.ts'
import { startTarget, type Target } from '../../../webhooks/target.fixture.ts'
import { addMessageDays } from '../../accept/message-day-store.ts'
import { noteRead } from '../../marks/marks.ts'
import { arrived, faultSend, fresh, shownMail, statusOf, useAgents, useSmtp } from '../../messages.fixture.ts'
import { findMessage } from '../../parts/store.ts'
import { setPaused } from '../../plans/held-store.ts'
import { lockPlans } from '../../plans/plan-store.ts'
import { pass, settled, whileHeld } from '../waiting.fixture.ts'

let world: World
let dev: Caller
let target: Target
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await useAgents(world)
  await useSmtp(world)
  await world.control('limits', { perMemberMinute: null, perMemberHour: null })
  await world.admin('user/update', { userid: 'zhangsan', direct_leader: ['lisi'] })
  await world.admin('user/update', { userid: 'lisi', direct_leader: ['lisi'] })
  await world.sync()
  dev = await world.addDeveloper({
    name: '报销系统',
    scopes: ['message:send', 'message:type', 'webhook:manage'],
  })
  target = await startTarget()
  await dev.post('/api/webhook/create', { url: target.url })
  await put('read', [step()])
  await put('sent', [step({ unless: 'sent' })])
  await put('leader', [step(), step({ channel: 'leader', after: 60 })])
  await put('urgent', [step()], { level: 'urgent' })
})
afterAll(async () => {
  await world.close()
  await target.close()
})

const step = (more: Partial<FallbackStep> = {}): FallbackStep => ({
  after: 30,
  unless: 'read',
  channel: 'email',
  ...more,
})
const put = (key: string, fallback: FallbackStep[], more: Partial<Definition> = {}) => {
  const definition: Definition = {
    name: '报销',
    level: 'normal',
    channels: ['wecom', 'email'],
    templates: {
      wecom: { zh: { content: '到账 {{ n }}' } },
      email: { zh: { title: '报销', content: '邮件 {{ n }}' } },
    },
    fallback,
    ...more,
  }
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  return putType(world.ctx, writer, world.corpId, key, definition)
}
const notify = async (type: string, n: number, more: object = {}): Promise<string> => {
  const body = { type, toUser: 'zhangsan', data: { n }, ...more }
  const { retCode, retMessage, body: answer } = await fresh(world, dev).post('/api/message/notify', body)
  expect(retCode, retMessage).toBe('0')
  await settled(world)
  return answer.msgId
}
const status = (msgId: string) => statusOf(world, msgId, dev)
const mails = async (text: string) => (await shownMail(world)).filter(one => one.text.includes(text)).length
const texts = async (text: string) => (await arrived(world, text)).length
const whyOf = async (msgId: string): Promise<string[]> => {
  const { body } = await fresh(world, dev).get('/api/message/why', { msgId, userId: 'zhangsan' })
  return body.steps.map((one: Record<string, string>) =>
    [one['channel'], one['what'], one['cause']].join(' ').trim(),
  )
}
const read = async (msgId: string) => {
  const message = await findMessage(world.ctx.db, { corpId: world.corpId, id: msgId })
  const { id } = world.ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!
  await world.ctx.db.transaction().execute(tx => noteRead(tx, message!, id, new Date(world.ctx.now())))
  await settled(world)
}
const results = async (msgId: string) => {
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from (select type, data from event union all select type, data from event_outbox) as e
    where type = 'message.result' and data->>'msgId' = ${msgId}`.execute(world.ctx.db)
  return rows[0]!.n
}
const stepsLeft = async (msgId: string) => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from message_waiting where message_id = ${msgId}`.execute(world.ctx.db)
  return rows[0]!.n
}

describe('a type with a fallback', () => {
  it('goes by the next channel to who has not read it in time, and counts each person once', async () => {
    const msgId = await notify('read', 101)
    expect(await status(msgId)).toMatchObject({ status: 'sent', receivers: { total: 1, sent: 1 } })
    await pass(world, 25)
    expect(await mails('邮件 101')).toBe(0)
    expect(await results(msgId)).toBe(0)
    await pass(world, 6)
    expect([await texts('到账 101'), await mails('邮件 101')]).toEqual([1, 1])
    expect(await status(msgId)).toMatchObject({
      status: 'sent',
      receivers: { total: 1, sent: 1, waiting: 0 },
    })
    expect(await whyOf(msgId)).toEqual([
      'accepted',
      'wecom sent',
      'email send 30 分钟内没有查看',
      'email sent',
    ])
    await pass(world, 600)
    expect([await mails('邮件 101'), await results(msgId)]).toEqual([1, 1])
  })

  it('ends with the reading', async () => {
    const msgId = await notify('read', 111)
    expect(await stepsLeft(msgId)).toBe(1)
    expect(await results(msgId)).toBe(0)
    await read(msgId)
    expect([await stepsLeft(msgId), await results(msgId)]).toEqual([0, 1])
    await pass(world, 40)
    expect(await mails('邮件 111')).toBe(0)
    expect((await whyOf(msgId)).at(-1)).toBe('drop 已查看，不再改用其他渠道')
  })

  it('passes on at once what failed, and where it was sent that is enough', async () => {
    await faultSend(world, 'code:81013')
    const msgId = await notify('sent', 121)
    await settled(world)
    expect([await texts('到账 121'), await mails('邮件 121')]).toEqual([0, 1])
    expect(await status(msgId)).toMatchObject({
      status: 'sent',
      receivers: { total: 1, sent: 1, failed: 0 },
      failed: [],
    })
    expect((await whyOf(msgId)).find(one => one.startsWith('email send'))).toContain('没有送达：')
    const other = await notify('sent', 122)
    await pass(world, 31)
    expect(await mails('邮件 122')).toBe(0)
    expect(await stepsLeft(other)).toBe(0)
  })

  it('is listed by the best of the ways of each person', async () => {
    const as = await signInAs(world, 'super', 'zhangsan')
    await faultSend(world, 'code:81013')
    const msgId = await notify('read', 125)
    await settled(world)
    const { list } = (await as.get('/web/messages/list', { msgId })).body
    expect(list).toMatchObject([{ msgId, state: 'sent' }])
    const receivers = (await as.get('/web/messages/receivers', { msgId })).body
    expect(receivers).toMatchObject({ total: 1, list: [{ userId: 'zhangsan', state: 'sent', reason: '' }] })
    expect((await as.get('/web/messages/list', { msgId, state: 'troubled' })).body.list).toEqual([])
    const mine = (await as.get('/web/portal/messages')).body.list as { id: string; channel: string }[]
    expect(mine.filter(one => one.id === msgId)).toMatchObject([{ channel: 'email' }])
  })

  it('passes on what is unclear only after its wait', async () => {
    const msgId = await notify('read', 131)
    await sql`update message_part p set state = 'unknown' from message m
      where m.id = p.message_id and m.parent_id = ${msgId}`.execute(world.ctx.db)
    await pass(world, 20)
    expect(await mails('邮件 131')).toBe(0)
    expect((await status(msgId)).receivers).toMatchObject({ unknown: 1 })
    await pass(world, 11)
    expect(await mails('邮件 131')).toBe(1)
    expect((await status(msgId)).receivers).toMatchObject({ total: 1, sent: 1, unknown: 0 })
  })

  it('stands still in quiet hours, but for what is urgent', async () => {
    const timeZone = 'Asia/Shanghai'
    const now = new Date(world.ctx.now() + 8 * 3_600_000).toISOString().slice(11, 16)
    const from = (readMinute(now, 'now') + 20) % 1440
    const to = (from + 120) % 1440
    const days = [1, 2, 3, 4, 5, 6, 7]
    expect(minuteWords(from)).not.toBe(minuteWords(to))
    await setQuietHours(world.ctx, 'test', world.corpId, { days, from, to, timeZone })
    await notify('read', 141)
    await notify('urgent', 142)
    await pass(world, 31)
    expect([await mails('邮件 141'), await mails('邮件 142')]).toEqual([0, 1])
    await pass(world, 105)
    expect(await mails('邮件 141')).toBe(0)
    await pass(world, 20)
    expect(await mails('邮件 141')).toBe(1)
    await setQuietHours(world.ctx, 'test', world.corpId, null)
  })

  it('tells the leader who and which type, and no more', async () => {
    const msgId = await notify('leader', 151)
    await pass(world, 31)
    await pass(world, 61)
    await pass(world, 11)
    const [told, ...more] = await arrived(world, '没有查看')
    expect(more).toEqual([])
    expect(told).toMatchObject({ to: ['lisi'] })
    expect(JSON.stringify(told?.content)).toContain('报销')
    expect(JSON.stringify(told?.content)).not.toContain('151')
    expect((await status(msgId)).receivers).toMatchObject({ total: 1, sent: 1 })
    // Calls that replace lock plans before the day, too.
    const twice = await notify('leader', 159)
    await pass(world, 31)
    await pass(world, 61)
    const { ctx, corpId } = world
    await whileHeld(
      world,
      tx => lockPlans(tx, corpId, [twice]),
      () => {
        world.clock.offsetMs += 11 * 60_000
        ctx.queue.kick()
      },
      tx => addMessageDays(tx, [{ corpId, createdAt: new Date(ctx.now()) }]),
    )
    await settled(world)
    expect(await arrived(world, '没有查看')).toHaveLength(2)
    const own = await notify('leader', 152, { toUser: 'lisi' })
    await pass(world, 31)
    await pass(world, 61)
    await pass(world, 11)
    expect(await arrived(world, '没有查看')).toHaveLength(2)
    const { rows } = await sql<{ code: string }>`select cause->>'code' as code from message_step
      where message_id = ${own} order by id desc limit 1`.execute(world.ctx.db)
    expect(rows[0]?.code).toBe('noLeader')
  })

  it('tells a leader of many persons by one notice, without those who looked meanwhile', async () => {
    const all = [...world.ctx.mirrors.of(world.corpId).members.all()]
    const led = all
      .filter(core => core.status === 1 && !['zhangsan', 'lisi'].includes(core.userId))
      .slice(0, 26)
    for (const { userId } of led)
      await world.admin('user/update', { userid: userId, direct_leader: ['lisi'] })
    await world.sync()
    await put('led', [step({ channel: 'leader' })])
    const before = (await arrived(world, '没有查看')).length
    const half = (from: number) =>
      led
        .slice(from, from + 13)
        .map(one => one.userId)
        .join('|')
    const msgId = await notify('led', 153, { toUser: half(0) })
    world.clock.offsetMs += 5 * 60_000
    await notify('led', 154, { toUser: half(13) })
    await pass(world, 26)
    expect(await arrived(world, '没有查看')).toHaveLength(before)
    await pass(world, 5)
    expect(await arrived(world, '没有查看')).toHaveLength(before)
    const { db } = world.ctx
    const message = (await findMessage(db, { corpId: world.corpId, id: msgId }))!
    await db.transaction().execute(tx => noteRead(tx, message, led[0]!.id, new Date(world.ctx.now())))
    await settled(world)
    await pass(world, 6)
    const [told, ...more] = (await arrived(world, '没有查看')).slice(before)
    expect(more).toEqual([])
    expect([told?.to, told?.content['title']]).toEqual([
      ['lisi'],
      expect.stringContaining('25 人没有查看：报销'),
    ])
    expect(told?.content['description']).toContain('……还有 5 条')
    const { rows } = await sql<{ code: string; n: number }>`
      select s.cause->>'code' as code, count(*)::int as n from message_step s join message m on m.corp_id = s.corp_id and m.id = s.message_id
      where s.member_id = any(${led.map(one => one.id)}::bigint[]) and s.cause->>'code' in ('toLeader', 'readInTime') group by 1 order by 1`.execute(
      db,
    )
    expect(rows).toEqual([
      { code: 'readInTime', n: 1 },
      { code: 'toLeader', n: 25 },
    ])
  })

  it('sends a step once over a crash between its lines, and tells of the message once, at its end', async () => {
    const msgId = await notify('read', 161)
    const { outbox } = world.ctx
    const { leave } = outbox
    let deaths = 0
    outbox.leave = async (tx, drafts) => {
      outbox.leave = leave
      deaths++
      await leave(tx, drafts)
      throw new Error('the node died')
    }
    world.clock.offsetMs += 31 * 60_000
    await settled(world)
    await pass(world, 5)
    expect([deaths, await mails('邮件 161'), await stepsLeft(msgId), await results(msgId)]).toEqual([
      1, 1, 0, 1,
    ])
  })

  it('has nothing more tried when it is cancelled', async () => {
    const msgId = await notify('read', 171)
    const { body } = await fresh(world, dev).post('/api/message/cancel', { msgId })
    expect(body).toEqual({ cancelled: 1, recalled: 0, left: 1 })
    await pass(world, 60)
    expect(await mails('邮件 171')).toBe(0)
    expect(await status(msgId)).toMatchObject({
      status: 'sent',
      receivers: { total: 1, sent: 1, cancelled: 0 },
    })
  })

  it('refuses a plan that contradicts itself', async () => {
    const wrong: [string, FallbackStep[], Partial<Definition>?][] = [
      ['fallback[0].channel', [step({ channel: 'sms' })]],
      ['fallback[0].channel', [step({ channel: 'wecom' })]],
      ['fallback[1].channel', [step(), step()]],
      ['fallback[0].unless', [step({ unless: 'acknowledged' })]],
      ['fallback[0].channel', [step({ channel: 'leader' }), step()]],
      ['fallback[0].leaderSees', [step({ leaderSees: true })]],
      ['fallback ', [step()], { digest: { minutes: 5 } }],
    ]
    for (const [place, fallback, more] of wrong)
      await expect(put('wrong', fallback, more), place).rejects.toMatchObject({
        message: expect.stringContaining(place),
      })
  })

  it('takes no step of a call that was paused since the step was looked at', async () => {
    const msgId = await notify('read', 211)
    const { messageTypes } = world.ctx
    const { version } = messageTypes
    messageTypes.version = async (...of) => {
      messageTypes.version = version
      await setPaused(world.ctx.db, { corpId: world.corpId, messageId: msgId }, true, new Date())
      return version(...of)
    }
    await pass(world, 31)
    expect([await mails('邮件 211'), await stepsLeft(msgId)]).toEqual([0, 1])
    await setPaused(world.ctx.db, { corpId: world.corpId, messageId: msgId }, false, new Date())
    await enqueue(
      world.ctx.db,
      [{ corpId: world.corpId, stream: 'message-plans' }],
      new Date(world.ctx.now()),
    )
    await settled(world)
    expect(await mails('邮件 211')).toBe(1)
  })

  it('keeps back nobody for one whose step cannot be written', async () => {
    const msgId = await notify('read', 221, { toUser: 'zhangsan|lisi' })
    const { outbox } = world.ctx
    const { leave } = outbox
    outbox.leave = async (tx, drafts) => {
      const named = JSON.stringify(drafts.map(one => one.batches))
      if (named.includes('lisi')) throw new Error('cannot be written')
      await leave(tx, drafts)
    }
    await pass(world, 31)
    expect([await mails('邮件 221'), await stepsLeft(msgId)]).toEqual([1, 1])
    outbox.leave = leave
    await pass(world, 2)
    expect([await mails('邮件 221'), await stepsLeft(msgId)]).toEqual([2, 0])
  })

  it('names a leader to no developer who does not see them', async () => {
    await world.admin('department/create', { id: 900, name: '外勤', parentid: 1 })
    await world.admin('user/update', { userid: 'zhangsan', department: [900] })
    await world.sync()
    const few = await world.addDeveloper({
      ...{ name: '考勤系统', scopes: ['message:send', 'message:type'] },
      dataScope: { departments: [900], tags: [] },
    })
    const own = dev
    dev = few
    await put('few', [step({ channel: 'leader' })], { name: '考勤' })
    const msgId = await notify('few', 231)
    await pass(world, 31)
    await pass(world, 11)
    const why = await whyOf(msgId)
    dev = own
    expect(await arrived(world, '没有查看：考勤')).toHaveLength(1)
    expect(why.find(one => one.includes('告知上级'))).toMatch(/告知上级$/)
  })

  it('is sent again to those alone whom no way reached, by one way', async () => {
    const as = await signInAs(world, 'super', 'zhangsan')
    await faultSend(world, 'code:81013')
    const msgId = await notify('sent', 241)
    await settled(world)
    expect(await mails('邮件 241')).toBe(1)
    expect((await as.post('/web/messages/resend', { msgId })).body).toEqual({ receivers: 0 })
    await settled(world)
    expect([await texts('到账 241'), await mails('邮件 241')]).toEqual([0, 1])
    // Now none of the two ways is said to have reached them.
    await sql`update message_part p set state = 'failed' from message m
      where m.id = p.message_id and m.parent_id = ${msgId}`.execute(world.ctx.db)
    expect((await as.post('/web/messages/resend', { msgId })).body).toEqual({ receivers: 1 })
    await settled(world)
    expect([await texts('到账 241'), await mails('邮件 241')]).toEqual([0, 2])
    expect((await status(msgId)).receivers).toMatchObject({ total: 1, sent: 1, failed: 0 })
  })

  it('is not called recalled where only its next step was stopped', async () => {
    await put('mailed', [step({ channel: 'wecom' })], { channels: ['email', 'wecom'] })
    const msgId = await notify('mailed', 251)
    const { body } = await fresh(world, dev).post('/api/message/recall', { msgId })
    expect(body).toMatchObject({ recalled: 1, unrecalled: 1 })
    expect(await status(msgId)).toMatchObject({ status: 'sent', recalledAt: '' })
    await pass(world, 31)
    expect(await texts('到账 251')).toBe(0)
  })

  it('counts each person once where a large call is replaced while it is divided', async () => {
    const msgId = await notify('read', 261, { toUser: 'zhangsan|lisi', about: 'A261' })
    const { rows } = await sql<{
      id: number
    }>`select max(id) as id from member where user_id = 'zhangsan'`.execute(world.ctx.db)
    const later = new Date(world.ctx.now() + 3_600_000)
    await sql`update message_plan set state = 'waiting', due_at = ${later}, divided_to = ${rows[0]!.id}
      where message_id = ${msgId}`.execute(world.ctx.db)
    await notify('read', 262, { about: 'A261' })
    const { total, sent, waiting, failed, unknown, cancelled } = (await status(msgId)).receivers
    expect(total).toBe(sent + waiting + failed + unknown + cancelled)
    expect(cancelled).toBe(0)
  })

  it('ends for whom none of its texts has', async () => {
    const msgId = await notify('read', 271)
    await sql`delete from message_part p using message m where m.id = p.message_id and m.parent_id = ${msgId}`.execute(
      world.ctx.db,
    )
    await pass(world, 31)
    expect(await stepsLeft(msgId)).toBe(1)
    await pass(world, 121 * 1440)
    expect(await stepsLeft(msgId)).toBe(0)
  })
})
