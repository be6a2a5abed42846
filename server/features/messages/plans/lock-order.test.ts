import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Answer, type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Definition } from '../../message-types/definition.ts'
import { putType } from '../../message-types/put-type.ts'
import { setSendApproval } from '../../send-approval/set-approval.ts'
import { addMessageDays } from '../accept/message-day-store.ts'
import { tellResults } from '../fate/results-store.ts'
import { arrived, fresh, useAgents } from '../messages.fixture.ts'
import { lockMessages } from '../parts/store.ts'
import { settled, whileHeld } from '../waiting/waiting.fixture.ts'
import { lockPlans } from './plan-store.ts'
import { postponeDigests } from './waiting-store.ts'

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 60 })
  await useAgents(world)
  dev = await world.addDeveloper({ name: '报销', scopes: ['message:send', 'message:type', 'webhook:manage'] })
  const writer = { actor: 'test', devId: dev.devId, mayApprove: true } as const
  const common: Omit<Definition, 'name'> = {
    level: 'normal',
    channels: ['wecom'],
    templates: { wecom: { zh: { content: '{{ n }} 号' } } },
  }
  await putType(world.ctx, writer, world.corpId, 'one', { name: '一条', ...common })
  await putType(world.ctx, writer, world.corpId, 'urgent', { name: '紧急', ...common, level: 'urgent' })
  await putType(world.ctx, writer, world.corpId, 'digest', {
    name: '合并',
    digest: { minutes: 60 },
    ...common,
  })
})
afterAll(() => world.close())

const notify = (type: string, toUser: string, more: object = {}) =>
  fresh(world, dev).post('/api/message/notify', { type, toUser, data: { n: 1 }, ...more })

it.each([
  [
    'others count the day',
    (tx: Db) => addMessageDays(tx, [{ corpId: world.corpId, createdAt: new Date(world.ctx.now()) }]),
  ],
  [
    'others tell of it',
    (tx: Db, msgId: string) =>
      tellResults(tx, [{ corpId: world.corpId, id: msgId }], new Date(world.ctx.now())),
  ],
])('a message that replaces several locks all their plans before %s', async (what, lockMore) => {
  const sendAt = new Date(world.ctx.now() + 600_000).toISOString()
  const about = `about ${what}`
  const earlier = [
    await notify('one', 'zhangsan', { sendAt, about }),
    await notify('one', 'lisi', { sendAt, about }),
  ]
  const last = earlier.map(one => String(one.body.msgId)).sort()[1]!
  let replacing: Promise<Answer>
  await whileHeld(
    world,
    tx => lockPlans(tx, world.corpId, [last]),
    () => {
      replacing = notify('one', 'zhangsan|lisi', { sendAt, about })
    },
    tx => lockMore(tx, last),
  )
  const answer = await replacing!
  expect(answer.retCode, answer.retMessage).toBe('0')
})

it('what a digest collects is cancelled behind the lock of the digest', async () => {
  const { body } = await notify('digest', 'zhangsan')
  await settled(world)
  const { rows } = await sql<{ id: string }>`select digest_id as id from message_waiting
    where message_id = ${body.msgId}`.execute(world.ctx.db)
  const { id } = rows[0]!
  let cancelling: Promise<Answer>
  await whileHeld(
    world,
    tx =>
      sql`select 1 from message_digest where corp_id = ${world.corpId} and id = ${id} for update`.execute(tx),
    () => {
      cancelling = fresh(world, dev).post('/api/message/cancel', { msgId: body.msgId })
    },
    tx => postponeDigests(tx, world.corpId, new Map([[id, new Date(world.ctx.now() + 7_200_000)]])),
  )
  const answer = await cancelling!
  expect([answer.retCode, answer.body]).toEqual(['0', { cancelled: 1, recalled: 0, left: 0 }])
})

it('what is urgent is looked at afterwards, behind all rows but the tasks', async () => {
  const { ctx, corpId } = world
  const sendAt = new Date(ctx.now() + 600_000).toISOString()
  const { body } = await notify('urgent', 'zhangsan|lisi', { sendAt, data: { n: 343 } })
  // Its receivers have become more than were accepted.
  await sql`update message set receivers = 1 where id = ${body.msgId}`.execute(ctx.db)
  await setSendApproval(ctx, 'test', corpId, { receivers: 1 })
  await whileHeld(
    world,
    tx => lockMessages(tx, [{ corpId, id: String(body.msgId) }]),
    () => {
      world.clock.offsetMs += 11 * 60_000
      ctx.queue.kick()
    },
    tx => checkAlerts(ctx, tx, corpId),
  )
  await settled(world)
  expect(await arrived(world, '343 号')).toHaveLength(1)
  const { rows } =
    await sql`select state from message_approval where message_id = ${body.msgId}`.execute(ctx.db)
  expect(rows).toEqual([{ state: 'review' }])
})
