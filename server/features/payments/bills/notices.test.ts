import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import { arrived, useAgents } from '../../messages/messages.fixture.ts'
import { setMerchant } from '../merchants/connect.ts'
import { connectMerchant } from '../merchants/merchant.fixture.ts'
import { markClosed } from './state-store.ts'
import { eventsOf } from './store.ts'

const dayMs = 86_400_000

let world: World
let dev: Caller
beforeAll(async () => {
  world = await startWorld({ members: 12 })
  await connectMerchant(world)
  dev = await world.addDeveloper({ scopes: ['pay:read', 'pay:write'] })
})
afterAll(() => world.close())

let count = 0
async function create(change: object): Promise<{ id: number; title: string }> {
  const title = `账单 ${++count}`
  const given = { billNo: `N-${count}`, userId: 'zhangsan', title, amount: 123_456, notify: true, ...change }
  const { body, retMessage } = await dev.post('/api/pay/bill/create', given)
  expect(retMessage).toBe('成功')
  return { id: Number(body.billId), title }
}

const timeline = async (id: number) =>
  (await eventsOf(world.ctx.db, world.corpId, id)).map(({ kind, detail }) => ({ kind, ...detail }))
/** Waits until the timeline has so many entries. */
async function entries(id: number, n: number) {
  await until(`${n} entries`, async () => (await timeline(id)).length >= n)
  return timeline(id)
}
/** Lets the queue look at the clock again, which was set by hand. */
const look = () =>
  enqueue(world.ctx.db, [{ corpId: world.corpId, stream: 'pay-notices' }], new Date(world.ctx.now()))

it('is not told while no channel is set up, and the timeline says so', async () => {
  const { id } = await create({})
  expect(await entries(id, 2)).toEqual([
    { kind: 'created' },
    { kind: 'told', channel: '', why: 'noChannel', said: '' },
  ])
  expect((await dev.get('/api/pay/bill/get', { billNo: 'N-1' })).body.toldAt).toBe('')
})

it('is told of a bill once, and reminded a day before it is due', async () => {
  await useAgents(world)
  const due = Date.now() + 3 * dayMs
  const { id, title } = await create({ dueAt: new Date(due).toISOString() })
  expect(await entries(id, 2)).toEqual([
    { kind: 'created' },
    { kind: 'told', channel: 'wecom', why: '', said: '' },
  ])
  const [message, ...others] = await arrived(world, title)
  expect(others).toEqual([])
  expect(message?.to).toEqual(['zhangsan'])
  expect(JSON.stringify(message?.content)).toContain('1,234.56')
  expect(JSON.stringify(message?.content)).toContain(`${world.ctx.publicUrl()}/pay/bill/${id}`)
  world.clock.offsetMs = 2 * dayMs + 1000
  await look()
  expect((await entries(id, 3)).at(-1)).toEqual({ kind: 'reminded', channel: 'wecom', why: '', said: '' })
  expect(await arrived(world, title)).toHaveLength(2)
  world.clock.offsetMs = 0
})

it('is not told again by a node that took over from one that died after sending', async () => {
  const { id, title } = await create({})
  await entries(id, 2)
  await sql`update pay_bill set told_at = null, remind_at = now() where id = ${id}`.execute(world.ctx.db)
  await look()
  expect((await entries(id, 3)).at(-1)).toMatchObject({ kind: 'told', channel: 'wecom' })
  expect(await arrived(world, title)).toHaveLength(1)
})

it('is not reminded of a bill that was closed, nor of one that is due at once', async () => {
  const closed = await create({ dueAt: new Date(Date.now() + 3 * dayMs).toISOString() })
  const soon = await create({ dueAt: new Date(Date.now() + 3_600_000).toISOString() })
  for (const { id } of [closed, soon]) await entries(id, 2)
  expect(await markClosed(world.ctx.db, world.corpId, closed.id, new Date())).toBe(true)
  const waiting = await world.ctx.db
    .selectFrom('pay_bill')
    .select('id')
    .where('id', 'in', [closed.id, soon.id])
    .where('remind_at', 'is not', null)
    .execute()
  expect(waiting).toEqual([])
})

it('is told of only when it can be paid', async () => {
  const { id, title } = await create({ notify: false })
  const { mchId } = world.ctx.merchants.defaultOf(world.corpId)!
  const enable = (enabled: boolean) => setMerchant(world.ctx, 'test', world.corpId, mchId, { enabled })
  await enable(false)
  await sql`update pay_bill set remind_at = now() where id = ${id}`.execute(world.ctx.db)
  await look()
  expect(await entries(id, 1)).toEqual([{ kind: 'created' }])
  expect(await arrived(world, title)).toEqual([])
  await enable(true)
  await look()
  expect((await entries(id, 2)).at(-1)).toMatchObject({ kind: 'told', channel: 'wecom' })
})

it('who may not act is told nothing', async () => {
  const { id } = await create({ userId: 'lisi', notify: false })
  await world.admin('user/update', { userid: 'lisi', enable: 0 })
  await world.sync()
  await sql`update pay_bill set remind_at = now() where id = ${id}`.execute(world.ctx.db)
  await look()
  expect((await entries(id, 2)).at(-1)).toEqual({ kind: 'told', channel: '', why: 'noPayer', said: '' })
})
