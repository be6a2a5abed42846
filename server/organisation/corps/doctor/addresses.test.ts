import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { greet } from './addresses.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 1, synced: false })
})
afterAll(() => world.close())

it('asks who we are with credentials, which are nobody’s', async () => {
  await world.control('calls', undefined, 'DELETE')
  const { upstreamPool: pool, stopping: signal } = world.ctx
  const greeting = await greet(world.ctx, { pool, timeoutMs: 10_000, signal })
  expect(greeting).toMatchObject({ errcode: 40013, fromIp: '127.0.0.1' })
  expect(await world.control('calls')).toEqual({ '/cgi-bin/gettoken': { 40013: 1 } })
})
