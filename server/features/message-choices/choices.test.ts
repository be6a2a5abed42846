import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { removeDeveloper } from '../../callers/developers/developer-admin.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { restoreDeleted } from '../deleted/restore.ts'
import { approveType } from '../message-types/change-type.ts'
import { useAgents, useSmtp } from '../messages/messages.fixture.ts'
import { choicesOf, createMessageChoices } from './choices.ts'

let world: World
let dev: Caller
let me: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 10 })
  await useAgents(world)
  await useSmtp(world)
  dev = await world.addDeveloper({ name: '人事系统', scopes: ['message:send', 'message:type'] })
  me = await signIn(world, { userId: 'lisi' })
  await put('leave', { level: 'normal' })
  await put('alarm', { level: 'urgent' })
  await put('salary', { level: 'must' })
  for (const key of ['alarm', 'salary']) await approveType(world.ctx, 'test', world.corpId, key, 1)
})
afterAll(() => world.close())

const path = '/web/portal/message-choices'
const texts = {
  wecom: { zh: { content: '请假已批准' } },
  email: { zh: { title: '请假', content: '请假已批准' } },
}
async function put(key: string, body: object, by = dev): Promise<void> {
  const whole = { key, name: key, channels: ['wecom', 'email'], templates: texts, ...body }
  const answer = await by.post('/api/message/type/put', whole)
  expect(answer.retCode, answer.retMessage).toBe('0')
}
const choose = (type: string, change: object, by = me) => by.post(`${path}/type`, { type, ...change })
const idOf = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!.id
const chosen = async (type: string, userId = 'lisi') =>
  (await choicesOf(world.ctx, world.corpId, type, [idOf(userId), idOf('zhangsan')])).get(idOf(userId))
const shown = async (type: string, by = me) =>
  (await by.get(path)).body.types.find((one: { key: string }) => one.key === type)
const rows = async () =>
  (await sql<{ n: number }>`select count(*)::int as n from message_choice`.execute(world.ctx.db)).rows[0]!.n

describe('what a person chooses', () => {
  it('costs no query where nobody of the corp chose anything', async () => {
    const db = new Proxy(world.ctx.db, {
      get() {
        throw new Error('asked the database')
      },
    })
    expect(world.ctx.messageChoices.hasAny(world.corpId)).toBe(false)
    expect(await choicesOf({ ...world.ctx, db }, world.corpId, 'leave', [1, 2])).toEqual(new Map())
  })

  it('lists the types that reached the person, and says who decided', async () => {
    expect((await me.get(path)).body).toMatchObject({ isAllOff: false, quietHours: null, types: [] })
    for (const type of ['leave', 'alarm', 'salary'])
      expect((await dev.post('/api/message/notify', { type, toUser: 'lisi' })).retCode).toBe('0')
    await until('three types', async () => (await me.get(path)).body.types.length === 3)
    expect(await shown('leave')).toMatchObject({
      name: 'leave',
      sender: '人事系统',
      level: 'normal',
      isOn: true,
      decidedBy: 'type',
      waysBy: 'type',
      ways: [
        { channel: 'wecom', name: '企业微信', isOn: true, reaches: true },
        { channel: 'email', name: '邮件', isOn: true, reaches: true },
      ],
      digest: '',
      digestOfType: '',
    })
    expect(await shown('alarm')).toMatchObject({ isOn: true, decidedBy: 'level', waysBy: 'level' })
    expect(await shown('salary')).toMatchObject({ isOn: true, decidedBy: 'level' })
  })

  it('holds for a type: off, ways in order, ways that are not wanted, a digest', async () => {
    expect((await choose('leave', { switched: 'off' })).retCode).toBe('0')
    expect(await shown('leave')).toMatchObject({ isOn: false, decidedBy: 'person' })
    await choose('leave', { channels: ['email', 'wecom'], without: ['wecom'], digest: '18:00' })
    expect(await chosen('leave')).toEqual({
      isOff: true,
      isAllOff: false,
      channels: ['email', 'wecom'],
      without: ['wecom'],
      digest: { at: '18:00' },
      quietHours: undefined,
    })
    await choose('leave', { digest: 'off' })
    expect((await chosen('leave'))?.digest).toBe('off')
    expect(await chosen('leave', 'zhangsan')).toBeUndefined()
    // A channel that the type gets later is the last.
    await put('leave', { channels: ['wecom', 'email'], name: '请假' })
    expect(await shown('leave')).toMatchObject({
      name: '请假',
      ways: [{ channel: 'email' }, { isOn: false }],
    })
    await choose('leave', { switched: 'default', channels: [], without: [], digest: 'type' })
    expect([await chosen('leave'), await rows()]).toEqual([undefined, 0])
  })

  it('is off without any way, and on again with all', async () => {
    await choose('leave', { without: ['wecom', 'email'] })
    expect(await shown('leave')).toMatchObject({ isOn: false, decidedBy: 'person' })
    await choose('leave', { switched: 'default' })
    expect([(await shown('leave')).isOn, await rows()]).toEqual([true, 0])
  })

  it('comes before 全部关闭, which deletes nothing and does not touch what must arrive', async () => {
    await choose('leave', { digest: 'off' })
    await me.post(`${path}/all`, { isAllOff: '1' })
    expect(await chosen('leave')).toMatchObject({ isAllOff: true, digest: 'off' })
    expect(await shown('leave')).toMatchObject({ isOn: false, decidedBy: 'allOff' })
    expect(await shown('salary')).toMatchObject({ isOn: true, decidedBy: 'level' })
    await choose('leave', { switched: 'on' })
    expect(await chosen('leave')).toMatchObject({ isOff: false, isAllOff: false })
    expect(await shown('leave')).toMatchObject({ isOn: true, decidedBy: 'person' })
    await me.post(`${path}/all`, { isAllOff: '0' })
    await choose('leave', { switched: 'default', digest: 'type' })
    expect(await chosen('leave')).toBeUndefined()
  })

  it.each([
    ['an urgent type', 'alarm', { switched: 'off' }, '紧急消息，不能更改'],
    ['the order of an urgent type', 'alarm', { channels: ['email'] }, '紧急消息，不能更改'],
    ['what must arrive, off', 'salary', { switched: 'off' }, '必达消息，不能关闭'],
    ['what must arrive, collected', 'salary', { digest: '18:00' }, '合并发送由类型决定'],
    ['what must arrive, by no way', 'salary', { without: ['email', 'wecom'] }, '至少保留一个'],
    [
      'a channel that the type has not',
      'leave',
      { without: ['sms'] },
      'without：消息类型 leave 没有渠道 sms',
    ],
    ['a channel twice', 'leave', { channels: ['email', 'email'] }, 'channels 中有重复的渠道'],
    ['no time', 'leave', { digest: '25:00' }, 'digest'],
    ['no type', 'nothing', { switched: 'off' }, '没有消息类型 nothing'],
  ])('refuses %s, and writes nothing', async (_what, type, change, words) => {
    expect(await choose(type, change)).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining(words),
    })
    expect(await rows()).toBe(0)
  })

  it('keeps the last way that reaches the person to what must arrive', async () => {
    await sql`update member set email = '' where user_id = 'lisi'`.execute(world.ctx.db)
    expect((await choose('salary', { without: ['wecom'] })).retMessage).toContain(
      '至少保留一个能送达您的渠道',
    )
    expect((await choose('salary', { without: ['email'], channels: ['email', 'wecom'] })).retCode).toBe('0')
    expect(await shown('salary')).toMatchObject({
      isOn: true,
      waysBy: 'person',
      ways: [{ channel: 'email', isOn: false, reaches: false }, { channel: 'wecom' }],
    })
    await sql`update member set email = 'lisi@example.com' where user_id = 'lisi'`.execute(world.ctx.db)
    await choose('salary', { without: [], channels: [] })
  })

  it('has quiet hours, whose bad values are named', async () => {
    const hours = { days: [5, 1], from: 1320, to: 420, timeZone: 'Europe/Berlin' }
    const quiet = (quietHours?: object) => me.post(`${path}/quiet-hours`, { quietHours })
    await quiet(hours)
    const kept = { ...hours, days: [1, 5] }
    expect((await me.get(path)).body.quietHours).toEqual(kept)
    expect((await chosen('leave'))?.quietHours).toEqual(kept)
    for (const [bad, words] of [
      [{ timeZone: 'Mars/Base' }, '没有时区 Mars/Base'],
      [{ to: 1320 }, 'from 与 to 相同'],
      [{ days: [1, 1] }, '重复的日子'],
      [{ days: [8] }, 'days'],
      [{ from: 1440 }, 'from'],
    ] as const)
      expect((await quiet({ ...hours, ...bad })).retMessage).toContain(words)
    expect((await me.get(path)).body.quietHours).toEqual(kept)
  })

  it('is seen by administrators and changed by none of them', async () => {
    await choose('leave', { without: ['email'] })
    await choose('leave', { switched: 'off' }, await signIn(world, { userId: 'zhangsan' }))
    const admin = await signInAs(world, 'super', 'wangwu')
    const counts = await admin.get('/web/message-types/choices', { key: 'leave' })
    expect(counts.body).toEqual({ off: 1, withoutMail: 1, allOff: 0 })
    const told = (await runCommand(world.ctx, ['message', 'choices', 'lisi'])).text
    expect(told).toContain('22:00–07:00 1,5 Europe/Berlin')
    expect(told).toContain('邮件 停用')
    const entries = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'message.choice')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(entries).toMatchObject([
      { actor: 'zhangsan', target: 'leave', detail: { changes: [{ field: 'isOff', after: true }] } },
    ])
  })

  it('is known on other nodes by a signal, and after a start by reading', async () => {
    const started = await createMessageChoices(world.ctx)
    expect(started.hasAny(world.corpId)).toBe(false)
    await started.reload(world.corpId)
    expect(started.hasAny(world.corpId)).toBe(true)
    const listening = await createMessageChoices(world.ctx)
    await choose('leave', { digest: 'off' })
    await until('the signal', () => listening.hasAny(world.corpId))
  })

  it('goes with its person, and with its type, with which it comes back', async () => {
    const other = await world.addDeveloper({ name: '别的系统', scopes: ['message:send', 'message:type'] })
    await put('other', { level: 'normal' }, other)
    await choose('other', { switched: 'off' })
    await choose('other', { switched: 'off' }, await signIn(world, { userId: 'wangwu' }))
    const before = await rows()
    await removeDeveloper(world.ctx, 'test', world.corpId, other.devId)
    expect(await rows()).toBe(before - 2)
    await sql`delete from member where user_id = 'wangwu'`.execute(world.ctx.db)
    const object = { kind: 'developer', id: other.devId } as const
    await restoreDeleted(world.ctx, 'test', world.corpId, object)
    expect(await rows()).toBe(before - 1)
    expect(await chosen('other')).toMatchObject({ isOff: true })
    await removeDeveloper(world.ctx, 'test', world.corpId, other.devId)
    await sql`delete from member where user_id = 'lisi'`.execute(world.ctx.db)
    expect(await rows()).toBe(1)
    const left = await sql`select 1 from message_choice_all`.execute(world.ctx.db)
    expect(left.rows).toEqual([])
  })
})
