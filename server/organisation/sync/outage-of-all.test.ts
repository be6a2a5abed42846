import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { createAnswering } from '../../platform/operation/answering.ts'
import { followWecom, outageOfAll } from './outage-of-all.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ synced: false })
})
afterAll(() => world.close())

it('is written down, and its end too, once the database takes it', async () => {
  const { ctx } = world
  const answering = createAnswering(ctx.now)
  let isAway = false
  const db = new Proxy(ctx.db, {
    get(own, name) {
      if (name === 'transaction' && isAway) throw new Error('the database is away')
      const value = Reflect.get(own, name, own)
      return typeof value === 'function' ? value.bind(own) : value
    },
  })
  followWecom({ ...ctx, db, answering })
  const isKnown = async () => (await outageOfAll(ctx.db)) !== undefined
  isAway = true
  for (const who of ['corp1', 'corp2']) answering.missed('wecom', who, 'timeout')
  expect(await isKnown()).toBe(false)
  isAway = false
  await until('the outage', isKnown)
  isAway = true
  answering.heard('wecom')
  expect(await isKnown()).toBe(true)
  isAway = false
  await until('its end', async () => !(await isKnown()))
})
