import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Manager, managerBy } from '../../../../test/admin-token.ts'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAsOperator } from '../../../../test/sign-in.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { chooseForType } from '../../message-choices/put-choice.ts'
import type { Definition } from '../../message-types/definition.ts'
import { putType } from '../../message-types/put-type.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import { noteAcknowledged, noteRead } from '../marks/marks.ts'
import { faultSend, fresh, useAgents, useSms } from '../messages.fixture.ts'
import { findMessage } from '../parts/store.ts'
import { pass, settled } from '../waiting/waiting.fixture.ts'
import { countDueDays } from './count-days.ts'
import { type FigureName, figureNames } from './figure-facts-store.ts'
import type { Figures } from './figures.ts'
import { keptDays } from './figures-store.ts'

let world: World
let dev: Caller
let as: SignedInClient
let all: Manager
beforeAll(async () => {
  world = await startWorld({ members: 20 })
  await useAgents(world)
  await useSms(world, 'aliyun')
  await setSendApproval(world.ctx, 'test', world.corpId, { all: false, smsPrice: 5 })
  dev = await world.addDeveloper({ name: '报销系统', scopes: ['message:send', 'message:type', 'sms:send'] })
  const sms = { zh: { templateId: 'code', params: ['{{ n }}', '5'] } }
  await put('paid', { frequency: { atMost: 50, minutes: 60, rest: 'drop' } })
  await put('digest', { digest: { minutes: 30 } })
  await put('text', { channels: ['sms'], templates: { sms } })
  all = await managerBy(world)
})
afterAll(() => world.close())

const put = (key: string, more: Partial<Definition>) => {
  const templates = { wecom: { zh: { content: '{{ n }} 元已到账' } } }
  const definition: Definition = { name: '报销', level: 'normal', channels: ['wecom'], templates, ...more }
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  return putType(world.ctx, writer, world.corpId, key, definition)
}
const notify = async (type: string, body: object = {}) => {
  const asked = { type, toUser: 'zhangsan', data: { n: '1' }, ...body }
  const answer = await fresh(world, dev).post('/api/message/notify', asked)
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body['msgId'] as string
}
const memberId = async (userId: string) => {
  const query = world.ctx.db.selectFrom('member').select('id').where('user_id', '=', userId)
  return (await query.executeTakeFirstOrThrow()).id
}
const mark = async (msgId: string, userId: string, note = noteRead) => {
  const { ctx, corpId } = world
  const message = await findMessage(ctx.db, { corpId, id: msgId })
  const id = await memberId(userId)
  await ctx.db.transaction().execute(tx => note(tx, message!, id, new Date(ctx.now())))
}
const at = (minutes: number) => new Date(world.ctx.now() + minutes * 60_000).toISOString()
const ofDeveloper = async (key: string, by = dev) => {
  const answer = await fresh(world, by).get('/api/message/type/figures', { key })
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body as unknown as Figures
}

/** How many messages the list shows for each figure. */
async function listed(type: string, { days, to }: Figures): Promise<Record<FigureName, number>> {
  // The clock has moved past the life of a session.
  as = await signInAsOperator(world)
  const numbers = {} as Record<FigureName, number>
  for (const figure of figureNames) {
    const asked = { type, figure, developer: dev.devId, from: days[0]!.from, to }
    const { retCode, retMessage, body } = await as.get('/web/messages/list', asked)
    expect(retCode, retMessage).toBe('0')
    numbers[figure] = Number(body['total'])
  }
  return numbers
}

it('counts what became of the messages of a type, as the list shows them', async () => {
  const read = await notify('paid', { toUser: 'zhangsan|lisi' })
  await settled(world)
  await mark(read, 'zhangsan', noteAcknowledged)
  await mark(read, 'lisi')
  await mark(read, 'lisi')
  await faultSend(world, 'code:81013')
  await notify('paid')
  await settled(world)
  const chooser = { corpId: world.corpId, memberId: await memberId('lisi'), actor: 'lisi' }
  await chooseForType(world.ctx, chooser, 'paid', { switched: 'off' })
  await notify('paid', { toUser: 'lisi' })
  await notify('paid', { sendAt: at(60), expiresAt: at(90) })
  await notify('paid', { sendAt: at(24 * 60) })
  await settled(world)
  // A message whose node was away until it expired.
  await sql`update message set expires_at = ${at(-1)} where corp_id = ${world.corpId} and expires_at is not null`.execute(
    world.ctx.db,
  )
  await pass(world, 61)
  const figures = await ofDeveloper('paid')
  expect(figures.total).toMatchObject({
    ...{ accepted: 5, receivers: 6, waiting: 1, left: 1, reached: 1, failed: 1 },
    ...{ read: 1, readers: 2, acknowledged: 1, acknowledgers: 1, muted: 1, mutedPeople: 1, expired: 1 },
    cost: 0,
  })
  const { total } = figures
  const numbers = await listed('paid', figures)
  expect(numbers).toEqual({ ...Object.fromEntries(figureNames.map(name => [name, total[name]])), cost: 0 })
  const { data } = await runCommand(world.ctx, ['message', 'type', 'figures', 'paid', '--days', '30'])
  expect(data).toMatchObject({ total, days: { length: 30 } })
  expect((await all.get('/api/admin/messageType/figures', { key: 'paid' })).body['total']).toEqual(total)
  const page = await as.get('/web/message-types/figures', { key: 'paid', developer: dev.devId })
  expect(page.body).toMatchObject({ total, hasPrice: true })
})

it('counts what a digest lists by what became of the digest, which is no message itself', async () => {
  const first = await notify('digest')
  await notify('digest')
  await settled(world)
  expect((await ofDeveloper('digest')).total).toMatchObject({ accepted: 2, waiting: 2, left: 0, reached: 0 })
  await pass(world, 31)
  const { rows } = await sql<{ id: string }>`select digest_message_id as id from message_collected
    where message_id = ${first}`.execute(world.ctx.db)
  await mark(rows[0]!.id, 'zhangsan')
  const figures = await ofDeveloper('digest')
  expect(figures.total).toMatchObject({ accepted: 2, waiting: 0, left: 2, reached: 2, read: 2, failed: 0 })
  expect(await listed('digest', figures)).toMatchObject({ accepted: 2, left: 2, reached: 2, read: 2 })
})

it('counts the cost of SMS that no budget pays for, of those that left', async () => {
  await notify('text', { toUser: 'zhangsan|lisi' })
  await settled(world)
  const figures = await ofDeveloper('text')
  expect(figures.total).toMatchObject({ accepted: 1, reached: 1, cost: 10 })
  expect((await listed('text', figures)).cost).toBe(1)
  await setSendApproval(world.ctx, 'test', world.corpId, { smsBudget: 1000 })
  await notify('text')
  await settled(world)
  expect((await ofDeveloper('text')).total.cost).toBe(15)
  as = await signInAsOperator(world)
  const costToday = async () => {
    const { list } = (await as.get('/web/messages/channels')).body
    return list.find((one: { name: string }) => one.name === 'sms').cost.today
  }
  expect(await costToday()).toBe(15)
  // As where the vendor's record said later that it had not left.
  const setState = (state: string) =>
    sql`update message_part set state = ${state} where corp_id = ${world.corpId} and cost = 10`.execute(
      world.ctx.db,
    )
  await setState('failed')
  expect([await costToday(), (await ofDeveloper('text')).total.cost]).toEqual([5, 5])
  await setState('sent')
  await setSendApproval(world.ctx, 'test', world.corpId, { smsBudget: 0 })
})

it('counts what has no type, of each developer', async () => {
  const other = await world.addDeveloper({ name: '门禁', scopes: ['message:send', 'message:type'] })
  const send = (toUser: string) =>
    other.post('/api/message/send', {
      ...{ toUser, sendType: '0', msgType: '03', agentName: '门禁', content: '没有类型' },
    })
  await send('zhangsan')
  await send('zhangsan|lisi')
  expect((await ofDeveloper('-', other)).total).toMatchObject({ accepted: 2, receivers: 3, reached: 2 })
  expect((await ofDeveloper('-')).total.accepted).toBe(0)
  const ask = (devId: string) => all.get('/api/admin/messageType/figures', { key: '-', devId })
  expect((await ask(other.devId)).body['total']).toMatchObject({ accepted: 2 })
  expect(await ask('nobody')).toMatchObject({ retCode: '1002' })
})

it('says what is wrong with what is asked', async () => {
  const ask = (query: Record<string, string>) => fresh(world, dev).get('/api/message/type/figures', query)
  expect(await ask({ key: 'nothing' })).toMatchObject({ retCode: '1000' })
  expect(await ask({ key: 'paid', days: '8' })).toMatchObject({ retCode: '1000' })
  expect(await ask({})).toMatchObject({ retCode: '1001' })
})

it('keeps what was counted of days with many messages, and counts a day again while it can change', async () => {
  const { ctx, corpId } = world
  const before = await ofDeveloper('paid')
  // So many that they are not counted when somebody looks.
  const big = () => sql`update corp_message_day set messages = 5000 where corp_id = ${corpId}`.execute(ctx.db)
  await big()
  const notYet = { countedAt: '', accepted: 0 }
  expect((await ofDeveloper('paid')).days.at(-1)).toMatchObject(notYet)
  // Nor are few messages to very many people.
  const receivers = (more: number) =>
    sql`update message set receivers = receivers + ${more} where corp_id = ${corpId} and type_key = 'digest'`.execute(
      ctx.db,
    )
  await sql`update corp_message_day set messages = 5 where corp_id = ${corpId}`.execute(ctx.db)
  await receivers(50_000)
  expect((await ofDeveloper('paid')).days.at(-1)).toMatchObject(notYet)
  await receivers(-50_000)
  await big()
  await Promise.all([countDueDays(ctx), countDueDays(ctx)])
  const counted = await ofDeveloper('paid')
  expect(counted.total).toEqual(before.total)
  const today = counted.days.at(-1)!
  expect(today).toMatchObject({ ...before.days.at(-1), countedAt: today.countedAt })
  await notify('paid')
  await settled(world)
  await big()
  await countDueDays(ctx)
  expect((await ofDeveloper('paid')).total.accepted).toBe(before.total.accepted)
  world.clock.offsetMs += 6 * 60_000
  // A run whose time is up leaves days to the next one.
  await countDueDays(ctx, -1)
  expect((await ofDeveloper('paid')).total.accepted).toBe(before.total.accepted)
  await countDueDays(ctx)
  expect((await ofDeveloper('paid')).total.accepted).toBe(before.total.accepted + 1)
})

it('leaves a day alone whose messages may be deleted, and counts in the zone of the corp', async () => {
  const { ctx, corpId } = world
  await sql`insert into message_settings (corp_id, keep_days) values (${corpId}, 1)
    on conflict (corp_id) do update set keep_days = 1`.execute(ctx.db)
  world.clock.offsetMs += 48 * 3_600_000
  await countDueDays(ctx)
  const { total, listedFrom, days } = await ofDeveloper('paid')
  expect(total.accepted).toBe(6)
  expect(listedFrom).toBe(days.at(-1)!.day)
  await sql`update message_settings set keep_days = 180 where corp_id = ${corpId}`.execute(ctx.db)
  await sql`update corp set time_zone = 'America/New_York' where corp_id = ${corpId}`.execute(ctx.db)
  await countDueDays(ctx)
  const zones = await sql<{ zone: string }>`select distinct time_zone as zone from message_day_figures
    where corp_id = ${corpId}`.execute(ctx.db)
  expect(zones.rows).toEqual([{ zone: 'America/New_York' }])
  const kept = await keptDays(ctx.db, { corpId, type: 'paid' }, { from: '2000-01-01', to: '2100-01-01' })
  expect(kept.reduce((sum, one) => sum + one.accepted, 0)).toBe(6)
})

it('keeps what was counted of messages that were deleted by their age, although newer ones are kept longer', async () => {
  const { ctx, corpId } = world
  const before = await ofDeveloper('paid')
  expect(before.total.accepted).toBe(6)
  await sql`delete from message where corp_id = ${corpId}`.execute(ctx.db)
  world.clock.offsetMs += 48 * 3_600_000
  for (const messages of [5000, 1]) {
    // Few messages are counted when somebody looks, many are not.
    await sql`update corp_message_day set messages = ${messages} where corp_id = ${corpId}`.execute(ctx.db)
    await countDueDays(ctx)
    expect((await ofDeveloper('paid')).total, String(messages)).toEqual(before.total)
  }
})
