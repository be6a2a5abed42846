import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { removeWhole } from '../../features/corp-lifecycle/lifecycle.fixture.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { signal } from '../../platform/storage/bus.ts'
import { type Server, startServer } from '../../server.ts'
import { addCorp, setCorp } from './corps.ts'

let world: World
let other: Server
beforeAll(async () => {
  world = await startWorld({ synced: false })
  for (const corpId of ['ww1', 'ww2'])
    await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'secret' })
  other = await startServer(readConfig(world.env), { log: createLog('silent') })
})
afterAll(async () => {
  await other.close()
  await world.close()
})

const nodes = () => [world.ctx, other.ctx]
const corpIds = () => nodes().map(({ corps }) => corps.all().map(corp => corp.corpId))

it('a corp that changed is read again on every node, and no other is', async () => {
  const untouched = nodes().map(({ corps }) => corps.get('ww2'))
  await setCorp(world.ctx, 'test', 'ww1', { name: '新名称' })
  for (const { corps } of nodes()) await expect.poll(() => corps.get('ww1').name).toBe('新名称')
  for (const [index, { corps }] of nodes().entries()) expect(corps.get('ww2')).toBe(untouched[index])
  expect(corpIds()).toEqual([
    ['ww1', 'ww2'],
    ['ww1', 'ww2'],
  ])
})

it('after a signal that names no corp all of them are read again', async () => {
  const before = other.ctx.corps.get('ww2')
  await signal(world.ctx.db, 'wisp_config', '')
  await expect.poll(() => other.ctx.corps.get('ww2') === before).toBe(false)
})

it('a corp that was removed goes from every node, with its address book', async () => {
  for (const { mirrors } of nodes()) await mirrors.load('ww1')
  await removeWhole(world.ctx, 'ww1')
  await expect.poll(corpIds).toEqual([['ww2'], ['ww2']])
  for (const { mirrors } of nodes()) await expect.poll(() => mirrors.find('ww1')).toBeUndefined()
})
