import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { perform } from './perform.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 3, departments: 2, tags: 1 })
})
afterAll(() => world.close())

const rename = (name: string, then: () => void) =>
  perform(world.ctx, { act: 'corp.set', actor: 'test', corpId: world.corpId }, async tx => {
    await tx.updateTable('corp').set({ name }).where('corp_id', '=', world.corpId).execute()
    then()
    return { target: world.corpId, detail: { name }, answer: name.length }
  })

const recorded = () =>
  world.ctx.db
    .selectFrom('audit')
    .select(['actor', 'target', 'detail'])
    .where('act', '=', 'corp.set')
    .execute()

it('records an act with what it writes, and has read the configuration again when it answers', async () => {
  expect(await rename('华宇', () => {})).toBe(2)
  expect(world.ctx.corps.get(world.corpId).name).toBe('华宇')
  expect(await recorded()).toEqual([{ actor: 'test', target: world.corpId, detail: { name: '华宇' } }])
})

it('tells every node that the configuration is another', async () => {
  const told: string[] = []
  await world.ctx.bus.listen(
    'wisp_config',
    corpId => told.push(corpId),
    () => {},
  )
  await rename('华宇', () => {})
  await until('the signal', () => told.includes(world.corpId))
})

it('writes nothing of an act that fails, nor records it', async () => {
  const fails = rename('别的', () => {
    throw new Error('refused in the transaction')
  })
  await expect(fails).rejects.toThrow('refused in the transaction')
  await world.ctx.reloadConfig(world.corpId)
  expect(world.ctx.corps.get(world.corpId).name).toBe('华宇')
  expect(await recorded()).toHaveLength(2)
})
