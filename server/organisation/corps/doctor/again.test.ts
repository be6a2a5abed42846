import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { countDrift, findRun } from '../../sync/runs/run-store.ts'
import { putAgent } from '../corps.ts'
import { lastDiagnosis, runDoctor } from './doctor.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 40, departments: 8, tags: 2 })
})
afterAll(() => world.close())

it('examines again what has changed since', async () => {
  const failed = async () => (await lastDiagnosis(world.ctx, world.corpId))?.failed
  const [agent] = world.sandbox.agents
  if (!agent) throw new Error('no agent')
  await putAgent(world.ctx, 'test', world.corpId, { ...agent, secret: 'wrong', uses: [] })
  await runDoctor(world.ctx, world.corpId)
  expect(await failed()).toEqual(['应用「工作台」（AgentId 1000002）', '通讯录回调'])
  await putAgent(world.ctx, 'test', world.corpId, { ...agent, uses: [] })
  await expect.poll(failed, { timeout: 20_000 }).toEqual(['通讯录回调'])
  await world.connectCallback()
  await expect.poll(failed, { timeout: 20_000 }).toEqual([])
})

it('knows at once, and in the next run, what the contact secret may read', async () => {
  const regime = () => world.ctx.corps.get(world.corpId).regime
  await putAgent(world.ctx, 'test', world.corpId, { ...world.sandbox.agents[0]!, uses: ['names'] })
  await world.control('regime', { regime: 'restricted' })
  const id = await world.sync()
  expect(regime()).toBe('restricted')
  // What WeCom no longer tells is no difference, and is not counted as one.
  const changes = Object.values((await findRun(world.ctx.db, world.corpId, id))?.counts ?? {})
  const counted = changes.reduce((sum, { put, drop }) => sum + put + drop, 0)
  expect(counted).toBe(await countDrift(world.ctx.db, id))
  await world.control('regime', { regime: 'full' })
  await world.sync()
  expect(regime()).toBe('full')
  await world.control('regime', { regime: 'restricted' })
  await runDoctor(world.ctx, world.corpId)
  expect(regime()).toBe('restricted')
})
