import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { callsOf } from '../store.ts'
import { createUsage } from './usage.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 5, departments: 2, tags: 1 })
})
afterAll(() => world.close())

const usageOf = (devId: string) =>
  callsOf(world.ctx.db, { corpId: world.corpId, devId, sinceDay: '2000-01-01' }, ['endpoint'])

it('calls that could not be written are written with the next', async () => {
  const { devId } = await world.addDeveloper()
  const { db } = world.ctx
  const usage = createUsage({ db, now: Date.now, nodeId: 'one' })
  usage.count(devId, '/a', false)
  await sql`alter table developer_usage rename to developer_usage_away`.execute(db)
  await expect(usage.flush()).rejects.toThrow('developer_usage')
  await sql`alter table developer_usage_away rename to developer_usage`.execute(db)
  usage.count(devId, '/a', true)
  await usage.flush()
  expect(await usageOf(devId)).toMatchObject([{ endpoint: '/a', calls: 2, failures: 1 }])
})

it('two nodes that write the same rows do not wait for each other for ever', async () => {
  const developers = await Promise.all(Array.from({ length: 10 }, () => world.addDeveloper()))
  const nodes = ['one', 'two'].map(nodeId => createUsage({ db: world.ctx.db, now: Date.now, nodeId }))
  for (let round = 0; round < 20; round++) {
    nodes.forEach((node, index) => {
      const order = index === 0 ? developers : developers.toReversed()
      for (const { devId } of order) for (let n = 0; n < 40; n++) node.count(devId, `/${n}`, false)
    })
    await Promise.all(nodes.map(node => node.flush()))
  }
  expect(await usageOf(developers[0]?.devId ?? '')).toMatchObject(
    Array.from({ length: 40 }, () => ({ calls: 40 })),
  )
})
