import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { setDeveloper } from '../../../callers/developers/developer-admin.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import { keptReason } from '../../channels/telling.ts'
import { setTypeState } from '../../message-types/change-type.ts'
import type { Definition } from '../../message-types/definition.ts'
import { putType } from '../../message-types/put-type.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import { arrived, fresh, statusOf, useAgents, useSmtp } from '../messages.fixture.ts'
import { settleWaiting } from '../open-parts-store.ts'
import { pruneMessages } from '../retention-store.ts'
import { pass as passIn, settled as settledIn } from './waiting.fixture.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await useAgents(world)
  await useSmtp(world)
  dev = await world.addDeveloper({
    name: '报销系统',
    scopes: ['message:send', 'message:type', 'webhook:manage'],
  })
  await setSendApproval(world.ctx, 'test', world.corpId, { all: false })
  await put('one', { text: '{{ n }} 元已到账' })
  await put('must', { text: '{{ n }}', level: 'must' })
  await put('digest', { text: '待收 {{ n }}', digest: { minutes: 60 } })
  await put('first', { text: '首条 {{ n }}', digest: { minutes: 60, first: true } })
  await put('limit', { text: '限量 {{ n }}', frequency: { atMost: 1, minutes: 60, rest: 'drop' } })
  await put('short', { text: '短 {{ n }}', expiresAfter: 5 })
})
afterAll(() => world.close())

const put = async (key: string, body: { text: string } & Partial<Definition>) => {
  const { text, ...plan } = body
  const definition: Definition = {
    name: '报销',
    level: 'normal',
    channels: ['wecom'],
    templates: { wecom: { zh: { content: text } } },
    ...plan,
  }
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  await putType(world.ctx, writer, world.corpId, key, definition)
}
const at = (minutes: number) => new Date(world.ctx.now() + minutes * 60_000).toISOString()
const notify = (body: object) =>
  fresh(world, dev).post('/api/message/notify', { type: 'one', toUser: 'zhangsan', data: { n: 1 }, ...body })
const send = (content: string, body: object = {}) =>
  fresh(world, dev).post('/api/message/send', {
    toUser: 'zhangsan',
    sendType: '0',
    msgType: '03',
    agentName: '审批',
    content,
    ...body,
  })
const cancel = (body: object) => fresh(world, dev).post('/api/message/cancel', body)
const status = (msgId: string) => statusOf(world, msgId, dev)
const count = async (table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(world.ctx.db))
    .rows[0]!.n

const timesTold = async (msgId: string) => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n
    from (select type, data from event union all select type, data from event_outbox) as e
    where type = 'message.result' and data->>'msgId' = ${msgId}`.execute(world.ctx.db)
  return rows[0]!.n
}

const pass = (minutes: number) => passIn(world, minutes)
const settled = () => settledIn(world)

describe('a message with sendAt', () => {
  it('waits, and leaves at its time, once', async () => {
    const later = await send('十点开会', { sendAt: at(30), toUser: 'zhangsan|lisi|nobody' })
    expect([later.retCode, later.body]).toMatchObject(['0', { status: 'queued', invaliduser: 'nobody' }])
    const typed = await notify({ sendAt: at(30), data: { n: 411 } })
    expect(typed.body).toMatchObject({ state: 'waiting', accepted: 1 })
    await settled()
    expect(await status(later.body.msgId)).toMatchObject({
      status: 'queued',
      receivers: { total: 2, waiting: 2, sent: 0 },
    })
    expect(await arrived(world, '十点开会')).toEqual([])
    await pass(31)
    expect(await arrived(world, '十点开会')).toMatchObject([{ to: ['zhangsan', 'lisi'] }])
    expect(await arrived(world, '411 元')).toHaveLength(1)
    const told = await status(later.body.msgId)
    expect(told).toMatchObject({ status: 'sent', receivers: { total: 2, sent: 2, waiting: 0 } })
    expect(told.waitsUntil).toBeUndefined()
  })

  it('is at once when that is now, and goes the way of any other message', async () => {
    const plans = await count('message_plan')
    const { body } = await send('就现在', { sendAt: new Date(world.ctx.now() + 500).toISOString() })
    expect(body.status).toBe('sent')
    expect(await count('message_plan')).toBe(plans)
  })

  it('is refused where it means nothing', async () => {
    const before = await count('message')
    const wrong = [
      { sendAt: at(-2) },
      { sendAt: at(91 * 24 * 60) },
      { sendAt: '2027-01-01T08:00:00' },
      { sendAt: '2027-02-30T08:00:00Z' },
      { sendAt: 'tomorrow' },
      { expiresAt: at(-1) },
      { sendAt: at(20), expiresAt: at(10) },
      { about: 'x'.repeat(65) },
      { sendAt: at(20), data: {} },
      { type: 'must', expiresAt: at(10) },
    ]
    for (const body of wrong) {
      const { retCode, retMessage } = await notify(body)
      expect([retCode, body], retMessage).toEqual(['1000', body])
    }
    expect((await notify({ sendAt: at(5), toUser: 'nobody' })).retCode).toBe('1007')
    expect(await count('message')).toBe(before)
  })

  it('is answered as the first was when it is repeated, also after its time', async () => {
    const body = { sendAt: at(10), requestId: 'again', data: { n: 421 } }
    const first = await notify(body)
    expect((await notify(body)).body).toEqual(first.body)
    await pass(24 * 60 - 20)
    expect((await notify(body)).body).toEqual(first.body)
    expect((await notify({ ...body, sendAt: at(20) })).retCode).toBe('1000')
    expect(await arrived(world, '421 元')).toHaveLength(1)
  })

  it('reaches those who are there then, and names those who are not', async () => {
    const { body } = await notify({ sendAt: at(10), toUser: 'zhangsan|wangwu', data: { n: 431 } })
    await world.admin('user/delete', { userid: 'wangwu' })
    await world.sync()
    await pass(11)
    expect(await arrived(world, '431 元')).toMatchObject([{ to: ['zhangsan'] }])
    expect((await status(body.msgId)).receivers).toMatchObject({ total: 2, sent: 1, cancelled: 1 })
  })

  it('does not leave of a type that was revoked, or of a developer who is disabled', async () => {
    await put('going', { text: '{{ n }}' })
    const { body } = await notify({ type: 'going', sendAt: at(10), data: { n: 441 } })
    await setTypeState(world.ctx, 'test', world.corpId, 'going', 'revoked')
    const other = await world.addDeveloper({ scopes: ['message:send'] })
    const lost = await fresh(world, other).post('/api/message/send', {
      toUser: 'zhangsan',
      sendType: '0',
      msgType: '03',
      agentName: '审批',
      content: '停用了',
      sendAt: at(10),
    })
    await setDeveloper(world.ctx, 'test', other.devId, { enabled: false })
    await pass(11)
    expect(await status(body.msgId)).toMatchObject({ status: 'cancelled', reason: '消息类型已被停用' })
    expect(await arrived(world, '停用了')).toEqual([])
    await setDeveloper(world.ctx, 'test', other.devId, { enabled: true })
    expect((await statusOf(world, lost.body.msgId, other)).status).toBe('cancelled')
  })

  it('expires when its time is over before it could leave', async () => {
    const { body } = await send('过期的', { sendAt: at(10), expiresAt: at(20) })
    await pass(30)
    expect(await status(body.msgId)).toMatchObject({
      status: 'cancelled',
      reason: '已过期',
      receivers: { total: 1, cancelled: 1 },
    })
    expect(await arrived(world, '过期的')).toEqual([])
  })

  it('to everybody is one call', async () => {
    const { body } = await send('全员', { sendAt: at(10), toUser: '@all' })
    await pass(11)
    expect(await arrived(world, '全员')).toHaveLength(1)
    const { listed } = world.ctx.mirrors.of(world.corpId).members
    expect((await status(body.msgId)).receivers).toMatchObject({ total: listed, sent: listed })
  })
})

describe('what has not left', () => {
  it('is cancelled by its id, once', async () => {
    const sendAt = at(10)
    const { body } = await notify({ sendAt, toUser: 'zhangsan|lisi', data: { n: 511 } })
    const why = async () => {
      const answer = await fresh(world, dev).get('/api/message/why', { msgId: body.msgId, userId: 'lisi' })
      return answer.body.steps.slice(1)
    }
    expect(await why()).toMatchObject([{ what: 'wait', until: new Date(sendAt).toISOString() }])
    expect((await cancel({ msgId: body.msgId })).body).toEqual({ cancelled: 2, recalled: 0, left: 0 })
    expect((await cancel({ msgId: body.msgId })).body).toEqual({ cancelled: 0, recalled: 0, left: 0 })
    await pass(11)
    expect(await arrived(world, '511 元')).toEqual([])
    expect(await status(body.msgId)).toMatchObject({ status: 'cancelled', reason: '发送方已取消' })
    expect(await why()).toMatchObject([{ what: 'cancel', cause: '发送方已取消' }])
  })

  it('is recalled as well', async () => {
    const { body } = await send('不发了', { sendAt: at(10) })
    expect((await fresh(world, dev).post('/api/message/recall', { msgId: body.msgId })).body).toEqual({
      recalled: 1,
      unrecalled: 0,
    })
    await pass(11)
    expect(await arrived(world, '不发了')).toEqual([])
    expect(await status(body.msgId)).toMatchObject({ status: 'cancelled', reason: '已撤回' })
  })

  it('is replaced by a later one with its about, for the same persons', async () => {
    const first = await notify({ about: 'r1', sendAt: at(10), toUser: 'zhangsan|lisi', data: { n: 521 } })
    const later = await notify({ about: 'r1', sendAt: at(10), data: { n: 522 } })
    expect(await status(first.body.msgId)).toMatchObject({
      status: 'queued',
      receivers: { total: 2, waiting: 1, cancelled: 1 },
    })
    const other = await notify({ about: 'r2', sendAt: at(10), data: { n: 523 } })
    await pass(11)
    expect(await arrived(world, '521 元')).toMatchObject([{ to: ['lisi'] }])
    expect(await arrived(world, '522 元')).toHaveLength(1)
    expect(await arrived(world, '523 元')).toHaveLength(1)
    expect((await status(first.body.msgId)).receivers).toMatchObject({ total: 2, sent: 1, cancelled: 1 })
    const last = await notify({ about: 'r1', toUser: '@all', data: { n: 524 } })
    await settled()
    expect(await arrived(world, '524 元')).toHaveLength(1)
    const done = await cancel({ type: 'one', about: 'r1', recall: '1' })
    expect(done.body).toEqual({ cancelled: 0, recalled: 3, left: 0 })
    expect((await cancel({ type: 'one', about: 'r1', recall: '1' })).body).toEqual({
      cancelled: 0,
      recalled: 0,
      left: 0,
    })
    expect([later, other, last].map(one => one.retCode)).toEqual(['0', '0', '0'])
  })

  it('is replaced whole where all its persons get the later one', async () => {
    const first = await send('旧的', { about: 's1', sendAt: at(10) })
    await send('新的', { about: 's1', sendAt: at(10), toUser: 'zhangsan|lisi' })
    expect(await status(first.body.msgId)).toMatchObject({
      status: 'cancelled',
      reason: '被业务编号相同的后一条消息取代',
    })
    await pass(11)
    expect(await arrived(world, '旧的')).toEqual([])
    expect(await arrived(world, '新的')).toHaveLength(1)
  })
})

describe('a digest', () => {
  it('leaves for each person, and names the type of what is private', async () => {
    await put('secret', { text: '密 {{ n }}', digest: { minutes: 60 }, private: true })
    for (const n of [591, 592]) await notify({ type: 'secret', toUser: 'zhangsan|lisi', data: { n } })
    await settled()
    await pass(61)
    const shown = (await arrived(world, '2 条消息')).filter(
      one => !one.content['description']?.includes('待收'),
    )
    expect(shown.flatMap(one => one.to).sort()).toEqual(['lisi', 'zhangsan'])
    expect(shown[0]?.content['description']).toContain('· 报销')
    expect(await arrived(world, '591')).toEqual([])
  })

  it('leaves what asks for a receipt by itself', async () => {
    await put('asked', { text: '待确认 {{ n }}', digest: { minutes: 60 }, receipt: true })
    for (const n of [595, 596]) await notify({ type: 'asked', data: { n } })
    await settled()
    expect(await arrived(world, '待确认')).toEqual([])
    await pass(61)
    const sent = await arrived(world, '待确认')
    expect(sent).toHaveLength(2)
    for (const one of sent) expect(JSON.stringify(one.content)).toContain('收到')
  })

  it('leaves as one message, whose state is that of what it lists', async () => {
    const sent = []
    for (const n of [601, 602, 603]) sent.push(await notify({ type: 'digest', data: { n } }))
    await settled()
    expect(await arrived(world, '待收')).toEqual([])
    expect(await status(sent[0]!.body.msgId)).toMatchObject({ status: 'queued', receivers: { waiting: 1 } })
    await pass(61)
    const [digest, ...more] = await arrived(world, '待收')
    expect(more).toEqual([])
    expect(digest?.content['title']).toBe('【报销】3 条消息：报销')
    expect(digest?.content['description']).toContain('· 待收 601\n· 待收 602\n· 待收 603')
    for (const { body } of sent)
      expect(await status(body.msgId)).toMatchObject({
        status: 'sent',
        receivers: { total: 1, sent: 1, waiting: 0 },
      })
    expect(
      (await fresh(world, dev).post('/api/message/recall', { msgId: sent[0]!.body.msgId })).retCode,
    ).toBe('1000')
    expect(await count('message_digest')).toBe(0)
  })

  it('of one message is that message', async () => {
    await notify({ type: 'digest', data: { n: 611 } })
    await settled()
    await pass(61)
    expect(await arrived(world, '611')).toMatchObject([{ msgtype: 'text' }])
  })

  it('leaves out what was cancelled meanwhile', async () => {
    const gone = await notify({ type: 'digest', data: { n: 621 } })
    for (const n of [622, 623]) await notify({ type: 'digest', data: { n } })
    await settled()
    expect((await cancel({ msgId: gone.body.msgId })).body.cancelled).toBe(1)
    await pass(61)
    const [digest] = await arrived(world, '622')
    expect(digest?.content['description']).not.toContain('621')
  })

  it('is told of once, at the end of the last, and says of each person what became of theirs', async () => {
    const { body } = await notify({ type: 'digest', toUser: 'zhangsan|lisi', data: { n: 626 } })
    // One that is alone is no digest, and goes to both in one call.
    await notify({ type: 'digest', toUser: 'zhangsan|lisi', data: { n: 627 } })
    await settled()
    await world.control('faults', { match: 'message/send', mode: 'code:81013', times: 1 })
    await pass(61)
    expect(await timesTold(body.msgId)).toBe(1)
    const whyOf = async (userId: string) => {
      const answer = await fresh(world, dev).get('/api/message/why', { msgId: body.msgId, userId })
      const { what, cause } = answer.body.steps.at(-1)
      return `${what} ${cause}`
    }
    const ends = await Promise.all(['zhangsan', 'lisi'].map(whyOf))
    expect(ends.filter(one => one === 'sent ')).toHaveLength(1)
    expect(ends.filter(one => /^failed .*81013/.test(one))).toHaveLength(1)
  })

  it('lets the first go at once', async () => {
    for (const n of [631, 632, 633]) {
      await notify({ type: 'first', data: { n } })
      await settled()
    }
    expect(await arrived(world, '首条')).toHaveLength(1)
    await pass(61)
    expect(await arrived(world, '首条')).toHaveLength(2)
  })
})

it('texts of their own for several persons, which leave at once, are told of once', async () => {
  await world.control('faults', { match: 'message/send', mode: 'slow', times: 1, delayMs: 300 })
  const rows = ['zhangsan', 'lisi', 'wangwu'].map((userId, n) => ({ userId, data: { n: 641 + n } }))
  const { body } = await notify({ toUser: undefined, data: undefined, rows })
  await settled()
  expect(await arrived(world, '641 元')).toHaveLength(1)
  expect(await timesTold(body.msgId)).toBe(1)
})

it('a limit drops what is beyond it, with its reason', async () => {
  const first = await notify({ type: 'limit', data: { n: 701 } })
  await settled()
  const second = await notify({ type: 'limit', toUser: 'zhangsan|lisi', data: { n: 702 } })
  await settled()
  expect(await arrived(world, '701')).toHaveLength(1)
  expect(await arrived(world, '702')).toMatchObject([{ to: ['lisi'] }])
  expect((await status(first.body.msgId)).status).toBe('sent')
  expect(await status(second.body.msgId)).toMatchObject({
    status: 'sent',
    receivers: { total: 2, sent: 1, cancelled: 1 },
  })
})

it('what upstream does not take before it expires is not sent any more', async () => {
  await world.control('faults', { match: 'message/send', mode: 'busy', times: 1 })
  const { body } = await notify({ type: 'short', data: { n: 801 } })
  await pass(6)
  expect(await status(body.msgId)).toMatchObject({ status: 'cancelled', reason: '已过期' })
  expect(await arrived(world, '短 801')).toEqual([])
})

it('what waits is not forgotten by its age, and after a restore leaves only where its time is to come', async () => {
  const soon = await send('恢复前', { sendAt: at(10) })
  const later = await send('恢复后', { sendAt: at(30) })
  const { ctx } = world
  const inAYear = new Date(ctx.now() + 400 * 86_400_000)
  await pruneMessages(ctx.db, { now: inAYear, before: inAYear, atMost: 10_000 })
  expect((await status(soon.body.msgId)).status).toBe('queued')
  world.clock.offsetMs += 20 * 60_000
  await settleWaiting(ctx.db, keptReason({ code: 'restored' }), new Date(ctx.now()))
  await settled()
  expect(await status(soon.body.msgId)).toMatchObject({
    status: 'cancelled',
    reason: expect.stringContaining('备份'),
  })
  await pass(11)
  expect([(await arrived(world, '恢复前')).length, (await arrived(world, '恢复后')).length]).toEqual([0, 1])
  expect((await status(later.body.msgId)).status).toBe('sent')
})

it('a call is told of when its parts ended before it was known that no more follow', async () => {
  const { body } = await notify({ sendAt: at(30), data: { n: 412 } })
  await pass(31)
  expect(await timesTold(body.msgId)).toBe(1)
  for (const table of ['event_outbox', 'event'])
    await sql`delete from ${sql.table(table)} where data->>'msgId' = ${body.msgId}`.execute(world.ctx.db)
  expect(await timesTold(body.msgId)).toBe(0)
  const { rows } = await sql<{ channel: string }>`
    update message set expanded_to = 1000, audience = '{"memberIds": []}' where parent_id = ${body.msgId} returning channel`.execute(
    world.ctx.db,
  )
  const due = rows.map(({ channel: key }) => ({ corpId: world.corpId, stream: 'messages' as const, key }))
  expect(due).toHaveLength(1)
  await enqueue(world.ctx.db, due, new Date(world.ctx.now()))
  await settled()
  expect(await timesTold(body.msgId)).toBe(1)
})
