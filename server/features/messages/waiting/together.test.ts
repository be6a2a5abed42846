import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { isListed, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { partsIn, usualZone } from '../../../platform/time-zone.ts'
import {
  chosenBy,
  chosenFor,
  noTypeChoice,
  putChoiceForAll,
  putTypeChoice,
} from '../../message-choices/choices-store.ts'
import type { Definition } from '../../message-types/definition.ts'
import { putType } from '../../message-types/put-type.ts'
import { allDays } from '../../quiet-hours/quiet-hours.ts'
import { setQuietHours } from '../../quiet-hours/set-quiet-hours.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import { messagesOfCorps } from '../accept/message-day-store.ts'
import { messagesPerDay } from '../fate/fate-store.ts'
import { tellResults } from '../fate/results-store.ts'
import { arrived, fresh, statusOf, useAgents } from '../messages.fixture.ts'
import { findMessage } from '../parts/store.ts'
import { findPlans, setDivided } from '../plans/plan-store.ts'
import { joinDigests, putWaiting } from '../plans/waiting-store.ts'
import { inOnePiece } from './in-one-piece.ts'
import { nextPiece } from './leave-calls.ts'
import { type OpenCall, openCall } from './open-call.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await setSendApproval(world.ctx, 'test', world.corpId, { all: false })
  await useAgents(world)
  dev = await world.addDeveloper({
    name: '报销系统',
    scopes: ['message:send', 'message:type', 'webhook:manage'],
  })
  await put('bill', { name: '报销' })
  await put('leave', { name: '请假' })
  await put('must', { name: '盘点', level: 'must' })
  await put('short', { name: '短', expiresAfter: 61 })
  await put('digest', { name: '待收', digest: { minutes: 60 } })
})
afterAll(() => world.close())

const put = (key: string, plan: Pick<Definition, 'name'> & Partial<Definition>) =>
  putType(world.ctx, { actor: 'test', devId: dev.devId, mayApprove: true }, world.corpId, key, {
    level: 'normal',
    channels: ['wecom'],
    templates: { wecom: { zh: { content: `${plan.name} {{ n }} 号` } } },
    ...plan,
  })
const notify = async (type: string, n: number, body: object = {}) => {
  const asked = { type, toUser: 'zhangsan', data: { n }, ...body }
  const answer = await fresh(world, dev).post('/api/message/notify', asked)
  expect(answer.retCode, answer.retMessage).toBe('0')
  return answer.body as { msgId: string; state: string }
}

/** From ten minutes ago, for `minutes` from the minute that it is. */
async function quietFor(minutes: number): Promise<Date> {
  const { hour, minute } = partsIn(new Date(world.ctx.now()), usualZone)
  const now = Number(hour) * 60 + Number(minute)
  const quiet = { days: allDays, from: (now + 1430) % 1440, to: (now + minutes) % 1440, timeZone: usualZone }
  await setQuietHours(world.ctx, 'test', world.corpId, quiet)
  return new Date(Math.floor(world.ctx.now() / 60_000) * 60_000 + minutes * 60_000)
}
/** Until six in the morning, so that what follows is of one day. */
async function untilMorning(): Promise<void> {
  const { hour, minute } = partsIn(new Date(world.ctx.now()), usualZone)
  await pass((30 - Number(hour)) * 60 - Number(minute))
}
const pass = async (minutes: number) => {
  world.clock.offsetMs += minutes * 60_000
  await settled()
}
async function settled(): Promise<void> {
  world.ctx.queue.kick()
  await until('nothing is due', async () => {
    const { rows } = await sql<{
      due: boolean
    }>`select exists (select from queue where stream in ('message-plans', 'messages')
      and (lease is not null or due_at <= ${new Date(world.ctx.now())})) as due`.execute(world.ctx.db)
    return !rows[0]!.due
  })
  await world.ctx.dispatcher.drain()
}
const waiting = async (msgId: string) =>
  (
    await sql<{ memberId: number; userId: string; dueAt: Date; expiresAt: Date | null }>`
      select w.member_id as "memberId", w.user_id as "userId", w.due_at as "dueAt", m.expires_at as "expiresAt"
      from message_waiting w join message m on m.corp_id = w.corp_id and m.id = w.message_id where w.message_id = ${msgId}`.execute(
      world.ctx.db,
    )
  ).rows

it('after quiet hours more than three for one person leave as one, the others each, spread over five minutes', async () => {
  const end = await quietFor(60)
  const list: [string, number][] = [
    ['bill', 101],
    ['bill', 102],
    ['leave', 103],
    ['leave', 104],
  ]
  const four = []
  for (const [type, n] of list) four.push(await notify(type, n))
  const must = await notify('must', 105)
  for (const n of [201, 202, 203]) await notify('bill', n, { toUser: 'lisi' })
  const all = await notify('bill', 301, { toUser: '@all' })
  expect([...four, must, all].map(one => one.state)).toEqual(Array(6).fill('waiting'))
  await settled()
  expect(await arrived(world, '号')).toEqual([])
  const dueTimes = (await waiting(all.msgId)).map(one => one.dueAt.getTime() - end.getTime())
  expect(Math.min(...dueTimes)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...dueTimes)).toBeLessThan(300_000)
  expect(Math.max(...dueTimes) - Math.min(...dueTimes)).toBeGreaterThan(120_000)
  // Those who get four with the message to all get five; three with it are four.
  await fresh(world, dev).post('/api/message/cancel', { msgId: all.msgId })
  await pass(66)
  const [digest, ...more] = await arrived(world, '4 条消息')
  expect([digest?.to, digest?.content['title'], more]).toEqual([
    ['zhangsan'],
    '【请假】4 条消息：报销、请假',
    [],
  ])
  for (const [, n] of list) expect(digest?.content['description']).toContain(`${n} 号`)
  expect(await arrived(world, '105 号')).toMatchObject([{ to: ['zhangsan'], msgtype: 'text' }])
  for (const n of [201, 202, 203])
    expect(await arrived(world, `${n} 号`)).toMatchObject([{ to: ['lisi'], msgtype: 'text' }])
  for (const { msgId } of four)
    expect(await statusOf(world, msgId, dev)).toMatchObject({ status: 'sent', receivers: { sent: 1 } })
})

it('what expires soon after quiet hours is not kept until it has', async () => {
  await quietFor(60)
  const { msgId } = await notify('short', 401, { toUser: '@all' })
  await settled()
  const late = (await waiting(msgId)).filter(one => one.dueAt >= one.expiresAt!)
  expect([(await waiting(msgId)).length > 20, late]).toEqual([true, []])
  await pass(66)
})

it('an about is replaced behind hundreds of others that have it', async () => {
  await quietFor(60)
  const first = await notify('bill', 501, { about: 'daily' })
  await settled()
  await sql`insert into message select (jsonb_populate_record(m, jsonb_build_object('id', 'other' || n, 'request_id', null,
      'created_at', m.created_at + interval '1 second'))).* from message m, generate_series(1, 250) n where m.id = ${first.msgId}`.execute(
    world.ctx.db,
  )
  await sql`insert into message_about select a.corp_id, 'other' || n, a.dev_id, a.type_key, a.about
    from message_about a, generate_series(1, 250) n where a.message_id = ${first.msgId}`.execute(world.ctx.db)
  await notify('bill', 502, { about: 'daily' })
  expect(await statusOf(world, first.msgId, dev)).toMatchObject({ status: 'cancelled' })
  const done = await fresh(world, dev).post('/api/message/cancel', { type: 'bill', about: 'daily' })
  expect(done.body.cancelled).toBe(1)
  await setQuietHours(world.ctx, 'test', world.corpId, null)
  await settled()
})

it('a digest that somebody joins while the last of it is cancelled keeps what joins', async () => {
  const gone = await notify('digest', 601)
  const later = await notify('bill', 602, { sendAt: new Date(world.ctx.now() + 9e6).toISOString() })
  await settled()
  const { db } = world.ctx
  const [row] = await waiting(gone.msgId)
  const { memberId, userId, dueAt } = row!
  const { promise: isJoined, resolve: joined } = Promise.withResolvers<void>()
  const { promise: commit, resolve: doCommit } = Promise.withResolvers<void>()
  const joining = db.transaction().execute(async tx => {
    const asked = { id: 'new', typeKey: 'digest', memberId, about: '', closesAt: dueAt }
    const [digest] = await joinDigests(tx, world.corpId, [asked])
    const person = { messageId: later.msgId, memberId, userId, typeKey: 'digest', about: null, dueAt }
    await putWaiting(tx, world.corpId, [{ ...person, digestId: digest!.id }])
    joined()
    await commit
  })
  await isJoined
  const cancelled = fresh(world, dev).post('/api/message/cancel', { msgId: gone.msgId })
  await until('the cancelling waits', async () => {
    const { rows } =
      await sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%message_digest%'`.execute(
        db,
      )
    return rows.length > 0
  })
  doCommit()
  await joining
  expect((await cancelled).body.cancelled).toBe(1)
  const { rows } =
    await sql`select from message_digest d join message_waiting w on w.digest_id = d.id`.execute(db)
  expect(rows).toHaveLength(1)
  await fresh(world, dev).post('/api/message/cancel', { msgId: later.msgId })
  await sql`delete from message_waiting`.execute(db)
  await sql`delete from message_digest`.execute(db)
})

it('a digest is not counted beside what it lists', async () => {
  const { db, now } = world.ctx
  const counted = async () => {
    const [{ today = 0 } = {}] = [
      (await messagesOfCorps(db, { days: 2, now: now(), corpIds: [world.corpId] })).get(world.corpId),
    ]
    const days = await messagesPerDay(db, world.corpId, 1, now())
    return [today, days.reduce((sum, one) => sum + one.messages, 0)]
  }
  await untilMorning()
  const before = await counted()
  for (const n of [701, 702]) await notify('digest', n)
  await settled()
  await pass(61)
  expect(await arrived(world, '2 条消息')).toHaveLength(1)
  const after = await counted()
  expect(after.map((one, at) => one - before[at]!)).toEqual([2, 2])
})

it('digests that are due together close many in one commit, none of them twice or never over a crash in between', async () => {
  const { db, outbox } = world.ctx
  await setQuietHours(world.ctx, 'test', world.corpId, null)
  const types = ['d1', 'd2', 'd3', 'd4']
  for (const type of types) await put(type, { name: `汇总${type}`, digest: { minutes: 60 } })
  for (const type of types) for (const n of [811, 812]) await notify(type, n, { toUser: '@all' })
  await settled()
  const persons = [...world.ctx.mirrors.of(world.corpId).members.all()].filter(isListed).length
  const { leave } = outbox
  const closed: number[] = []
  outbox.leave = async (tx, drafts) => {
    await leave(tx, drafts)
    closed.push(drafts.length)
    if (closed.length === 2) throw new Error('the node died')
  }
  world.clock.offsetMs += 61 * 60_000
  const begin = new Date(world.ctx.now())
  await settled().finally(() => {
    outbox.leave = leave
  })
  const { rows } = await sql<{ digests: number; collected: number; commits: number }>`
    select count(distinct c.digest_message_id)::int as digests, count(*)::int as collected, count(distinct c.xmin::text)::int as commits
    from message_collected c join message m on m.corp_id = c.corp_id and m.id = c.message_id
    where m.type_key = any(${types}::text[])`.execute(db)
  const all = persons * types.length
  expect(rows).toEqual([{ digests: all, collected: 2 * all, commits: 3 }])
  expect([closed[0], closed.slice(1).reduce((sum, n) => sum + n)]).toEqual([200, 2 * (all - 200)])
  const { rows: sent } = await sql<{ n: number }>`select count(*)::int as n from message
    where created_at >= ${begin} and parent_id is null and type_key = any(${types}::text[])`.execute(db)
  expect(sent).toEqual([{ n: all }])
})

it('a call to many is divided some at a time: it goes on where a node stopped, and can be cancelled in between', async () => {
  expect(nextPiece([{ id: 3 }, { id: 1 }, { id: 2 }] as MemberCore[], 1, 1)).toMatchObject({
    members: [{ id: 2 }],
    isLast: false,
    total: 3,
  })
  await quietFor(60)
  const { db } = world.ctx
  const members = [...world.ctx.mirrors.of(world.corpId).members.all()].filter(isListed)
  const halves = async (n: number) => {
    world.ctx.queue.holdBack(new Map([[world.corpId, 'suspended']]))
    const { msgId } = await notify('bill', n, { toUser: '@all' })
    const { members: some } = nextPiece(members, null, 20)
    const dueAt = new Date(world.ctx.now() + 9e6)
    await putWaiting(
      db,
      world.corpId,
      some.map(({ id, userId }) => ({
        messageId: msgId,
        memberId: id,
        userId,
        typeKey: 'bill',
        about: null,
        digestId: null,
        dueAt,
      })),
    )
    await setDivided(db, { corpId: world.corpId, id: msgId }, some.at(-1)!.id)
    return msgId
  }
  const total = members.length
  const first = await halves(801)
  expect((await statusOf(world, first, dev)).receivers).toMatchObject({ total, waiting: total, cancelled: 0 })
  await fresh(world, dev).post('/api/message/cancel', { msgId: first })
  expect(await statusOf(world, first, dev)).toMatchObject({
    status: 'cancelled',
    receivers: { total, waiting: 0, cancelled: total },
  })
  expect(await waiting(first)).toEqual([])
  const second = await halves(802)
  world.ctx.queue.holdBack(new Map())
  await settled()
  expect(await waiting(second)).toHaveLength(total)
  expect((await statusOf(world, second, dev)).receivers).toMatchObject({ total, waiting: total })
  const done = await fresh(world, dev).post('/api/message/cancel', { msgId: second })
  expect(done.body.cancelled).toBe(total)
})

it('the end is told once, also where the last part ends while the last person is cancelled', async () => {
  await quietFor(60)
  const { db } = world.ctx
  const { msgId } = await notify('bill', 901, { toUser: 'zhangsan|lisi' })
  await settled()
  await world.control('faults', { match: 'message/send', mode: 'busy', times: 1 })
  await sql`update message_waiting set due_at = ${new Date(world.ctx.now())} where message_id = ${msgId} and user_id = 'lisi'`.execute(
    db,
  )
  await sql`update queue set due_at = ${new Date(world.ctx.now())} where stream = 'message-plans'`.execute(db)
  await settled()
  const ended = Promise.withResolvers<void>()
  const isEnding = Promise.withResolvers<void>()
  const ending = db.transaction().execute(async tx => {
    const { rows } = await sql`update message_part p set state = 'sent' from message m
      where m.parent_id = ${msgId} and p.message_id = m.id and p.state = 'waiting' returning 1`.execute(tx)
    expect(rows).toHaveLength(1)
    await tellResults(tx, [{ corpId: world.corpId, id: msgId }], new Date(world.ctx.now()))
    isEnding.resolve()
    await ended.promise
  })
  await isEnding.promise
  const cancelling = fresh(world, dev).post('/api/message/cancel', { msgId })
  await until('the cancelling waits for its turn', async () => {
    const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`.execute(db)
    return rows.length > 0
  })
  ended.resolve()
  expect((await cancelling).body.cancelled).toBe(1)
  await ending
  const { rows } = await sql`select entity from event_outbox where entity = ${`message:${msgId}`}
    union all select entity from event where entity = ${`message:${msgId}`}`.execute(db)
  expect(rows).toHaveLength(1)
})

it('what cannot be written for one person keeps back no others', async () => {
  await quietFor(60)
  const { db } = world.ctx
  const { msgId } = await notify('bill', 951, { toUser: 'zhangsan|lisi' })
  await settled()
  const lisi = (await waiting(msgId)).find(one => one.userId === 'lisi')!
  await sql`alter table message_step add constraint no_lisi check (what <> 'send' or member_id <> ${sql.lit(lisi.memberId)}) not valid`.execute(
    db,
  )
  await pass(66)
  expect(await arrived(world, '951 号')).toMatchObject([{ to: ['zhangsan'] }])
  await sql`alter table message_step drop constraint no_lisi`.execute(db)
  await pass(2)
  expect((await arrived(world, '951 号')).flatMap(one => one.to)).toEqual(['zhangsan', 'lisi'])
})

it('decides about those alone who chose, and lets all others leave in one piece', async () => {
  const { ctx, corpId } = world
  const { db } = ctx
  await setQuietHours(ctx, 'test', corpId, null)
  const members = [...ctx.mirrors.of(corpId).members.all()].filter(isListed)
  const [lisi, other] = [members.find(one => one.userId === 'lisi')!, members.at(-1)!]
  const at = new Date(ctx.now())
  const choose = (memberId: number, isOff: boolean) =>
    putTypeChoice(db, { corpId, memberId }, 'bill', { ...noTypeChoice, isOff }, at)
  ctx.messageChoices.noteChoice(corpId)
  await choose(lisi.id, true)
  await putChoiceForAll(db, { corpId, memberId: other.id }, { isAllOff: true, quietHours: null }, at)
  await choose(other.id, false)
  const byId = (rows: { memberId: number }[]) => rows.sort((a, b) => a.memberId - b.memberId)
  const ids = members.map(one => one.id)
  expect(byId(await chosenFor(db, corpId, 'bill', 10))).toEqual(byId(await chosenBy(db, corpId, 'bill', ids)))
  ctx.queue.holdBack(new Map([[corpId, 'suspended']]))
  const { msgId } = await notify('bill', 971, { toUser: '@all' })
  const message = (await findMessage(db, { corpId, id: msgId }))!
  const call = (await openCall(ctx, message, (await findPlans(db, corpId, [msgId])).get(msgId)!)) as OpenCall
  const { fates, others, total } = (await inOnePiece(ctx, call, call.audience))!
  expect(fates.map(one => [one.userId, one.decision])).toEqual([
    ['lisi', { do: 'drop', cause: { code: 'offByPerson' } }],
  ])
  expect([total, others.isAll, others.members.length]).toEqual([members.length, false, members.length - 1])
  ctx.queue.holdBack(new Map())
  await settled()
  expect(await statusOf(world, msgId, dev)).toMatchObject({
    receivers: { total: members.length, cancelled: 1, waiting: 0 },
  })
  expect((await arrived(world, '971 号')).flatMap(one => one.to)).not.toContain('lisi')
  await choose(lisi.id, false)
  expect(await inOnePiece(ctx, call, call.audience)).toMatchObject({ fates: [], others: { isAll: true } })
  expect((await notify('bill', 972, { toUser: '@all' })).state).toBe('accepted')
})

it('what was held up until the next quiet hours waits for their end', async () => {
  await quietFor(60)
  const { msgId } = await notify('bill', 961)
  await settled()
  world.ctx.queue.holdBack(new Map([[world.corpId, 'suspended']]))
  world.clock.offsetMs += 300 * 60_000
  const end = await quietFor(60)
  world.ctx.queue.holdBack(new Map())
  await settled()
  expect(await arrived(world, '961 号')).toEqual([])
  expect((await waiting(msgId))[0]!.dueAt.getTime()).toBeGreaterThanOrEqual(end.getTime())
  await pass(66)
  expect(await arrived(world, '961 号')).toHaveLength(1)
})
