import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { putAgent } from '../../../organisation/corps/corps.ts'
import { resolveAudience } from '../../../organisation/directory/read/audience.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import type { NewPart } from '../../channels/part.ts'
import { sealContent } from '../../channels/sealed.ts'
import { reservePace } from '../../channels/wecom/pace-store.ts'
import { expandNext } from '../deliver/expand.ts'
import { claimParts } from '../deliver/part-store.ts'
import { useWecom } from '../messages.fixture.ts'
import { insertParts, type MessageWithAudience } from '../parts/store.ts'
import { insertMessages } from './accept-store.ts'

// What one developer sends to thousands, beside what others send.

let world: World
let agentId: number
beforeAll(async () => {
  world = await startWorld({ members: 1300 })
  const [agent] = world.sandbox.agents
  if (!agent) throw new Error('the sandbox has agents')
  ;({ agentId } = agent)
  await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: ['messages'] })
  await useWecom(world, { agentId })
})
afterAll(() => world.close())

const text = { sendType: '0', msgType: '03', agentName: '审批', content: '你好' }

/** A large send that nobody works on, because its task is not enqueued. */
function largeSend(devId: string, memberIds: number[], afterMs = 0): MessageWithAudience {
  const { ctx, corpId } = world
  return {
    id: ctx.newId(),
    corpId,
    devId,
    channel: 'email',
    agentId: null,
    agentName: '审批',
    templateId: null,
    content: sealContent(ctx, {}),
    truncated: [],
    audience: { memberIds },
    expandedTo: 0,
    receivers: 0,
    requestId: null,
    requestHash: null,
    aboutAlert: false,
    typeKey: null,
    typeVersion: null,
    parentId: null,
    children: null,
    about: null,
    dueAt: null,
    expiresAt: null,
    answer: {},
    createdAt: new Date(ctx.now() + afterMs),
    recalledAt: null,
  }
}

const expandedTo = async (id: string) => {
  const row = await world.ctx.db
    .selectFrom('message')
    .select('expanded_to')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.expanded_to
}

it('is written down bit by bit, in turns with other developers', async () => {
  const { ctx, corpId } = world
  const [one, other] = [await world.addDeveloper(), await world.addDeveloper()]
  const [first = '', second = ''] = [one.devId, other.devId].sort()
  const unknown = Array.from({ length: 2500 }, (_, n) => 1_000_000 + n)
  const sends = [
    largeSend(first, unknown),
    largeSend(first, unknown.slice(0, 1000), 1000),
    largeSend(second, unknown),
  ]
  await insertMessages(ctx.db, sends)
  const turns: (string | undefined)[] = []
  const seen: unknown[] = []
  for (let last: string | undefined = ''; last !== undefined; ) {
    last = await expandNext(ctx, corpId, 'email', last)
    turns.push(last)
    seen.push(await expandedTo(sends[0]!.id))
  }
  expect(turns).toEqual([first, second, first, second, first, second, first, first, undefined])
  expect(seen.slice(0, 5)).toEqual([1000, 1000, 2000, 2000, null])
})

it('is written down once for those who share a number, however far apart they are', async () => {
  const { ctx, corpId, dev } = world
  const { rows } = await sql<{ id: number; userId: string; mobile: string }>`
    select id, user_id as "userId", mobile from member where mobile ~ '^1' and left_at is null order by id`.execute(
    ctx.db,
  )
  const [first, last] = [rows[0]!, rows.at(-1)!]
  expect(rows.length).toBeGreaterThan(1000)
  const member = ctx.db.updateTable('member').where('id', '=', last.id)
  await member.set({ mobile: first.mobile }).execute()
  // No address is shared by those who have none.
  const without = [rows[1]!, rows.at(-2)!]
  const setMobile = (id: number, mobile: string) =>
    ctx.db.updateTable('member').where('id', '=', id).set({ mobile }).execute()
  for (const one of without) await setMobile(one.id, '10')
  const ids = rows.map(one => one.id)
  const message = { ...largeSend(dev.devId, ids), channel: 'sms' }
  await insertMessages(ctx.db, [message])
  while (await expandNext(ctx, corpId, 'sms', '')) {}
  await member.set({ mobile: last.mobile }).execute()
  for (const one of without) await setMobile(one.id, one.mobile)
  const { receivers } = await ctx.db
    .selectFrom('message')
    .select('receivers')
    .where('id', '=', message.id)
    .executeTakeFirstOrThrow()
  expect(receivers).toBe(ids.length)
  const parts = await ctx.db
    .selectFrom('message_part')
    .select(['member_ids', 'shared'])
    .where('message_id', '=', message.id)
    .execute()
  expect(parts.flatMap(one => one.member_ids.map(Number)).sort((a, b) => a - b)).toEqual(
    ids.filter(id => without.every(one => one.id !== id)),
  )
  const both = parts.find(one => one.member_ids.map(Number).includes(first.id))
  expect(both?.member_ids.map(Number)).toContain(last.id)
  expect(parts.flatMap(one => one.shared ?? [])).toEqual([last.userId])
  await ctx.db.deleteFrom('message').where('id', '=', message.id).execute()
})

it('is claimed for about a thousand receivers at a time', async () => {
  const { ctx, corpId } = world
  const message = { ...largeSend(world.dev.devId, []), expandedTo: null, audience: null }
  await insertMessages(ctx.db, [message])
  const at = new Date(ctx.now() - 1000)
  const part = (n: number): NewPart => ({
    messageId: message.id,
    corpId,
    channel: 'email',
    n,
    chunk: 0,
    afterN: null,
    isFollowed: false,
    userIds: Array.from({ length: 600 }, (_, of) => `nobody${n}-${of}`),
    memberIds: [],
    state: 'waiting',
    attempts: 0,
    nextAttemptAt: at,
    isChecked: false,
    payloadHash: null,
    heldUntil: null,
    hold: null,
    unsureSince: null,
    ways: null,
  })
  await insertParts(ctx.db, [1, 2, 3, 4, 5].map(part))
  const claim = async () => {
    const times = { now: new Date(ctx.now()), leaseUntil: new Date(ctx.now() + 60_000) }
    return (await claimParts(ctx.db, corpId, 'email', times, 64, [])).map(one => one.n).sort()
  }
  expect([await claim(), await claim(), await claim(), await claim()]).toEqual([[1, 2], [3, 4], [5], []])
})

it('does not hold up the messages that others send at the same time', async () => {
  const { ctx, corpId } = world
  // Rows are locked in the order of their keys, so that the wide send waits before it has locked any.
  const [firstKey = ''] = [...ctx.mirrors.of(corpId).members.all()].map(one => one.key).sort()
  const locked = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const holding = ctx.db.transaction().execute(async tx => {
    await reservePace(tx, [{ corpId, agentId, userKey: firstKey }], ctx.now())
    locked.resolve()
    await release.promise
  })
  await locked.promise
  const wide = world.dev.post('/api/message/send', { ...text, toParty: '1' })
  await until('the wide send waits', async () => {
    const { rows } = await sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(ctx.db)
    return rows.length > 0
  })
  const other = await world.addDeveloper()
  const answer = await other.post('/api/message/send', { ...text, toUser: 'lisi' })
  expect(answer).toMatchObject({ retCode: '0', body: { status: 'sent' } })
  release.resolve()
  await holding
  expect((await wide).retCode).toBe('0')
})

it('lets others take their turn while its receivers are looked up', async () => {
  const { ctx } = world
  const developer = ctx.developers.get(world.dev.devId)!
  let turns = 0
  let isDone = false
  const tick = () => {
    turns++
    if (!isDone) setImmediate(tick)
  }
  setImmediate(tick)
  const receivers = { toUser: [], toParty: ['1'], toTag: [] }
  const { members } = await resolveAudience(ctx, viewOf(ctx, developer), receivers)
  isDone = true
  expect(members.length).toBeGreaterThan(1000)
  expect(turns).toBeGreaterThanOrEqual(2)
})
