import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { addDeveloper } from '../../../callers/developers/developer-admin.ts'
import { grantsView } from './grants-view.ts'

let world: World
let devId: string
beforeAll(async () => {
  world = await startWorld({ members: 3, departments: 2 })
  devId = (await addDeveloper(world.ctx, 'test', world.corpId, { name: '甲' })).devId
})
afterAll(() => world.close())

async function gives(departments: number[] | null, groups: number[] = []): Promise<string | undefined> {
  const { ctx, corpId } = world
  await sql`
    update developer set scope_departments = ${departments}, scope_tags = ${departments && []}, scope_groups = ${groups}
    where dev_id = ${devId}`.execute(ctx.db)
  const { grants } = await grantsView(ctx, corpId, 'zh')
  return grants.find(one => one.kind === 'developer' && one.target === devId)?.gives
}

it('tells a data scope of nobody from none at all, and names the groups of one', async () => {
  expect(await gives([])).toContain('数据范围：没有人')
  expect(await gives([], [7])).toMatch(/数据范围：人群：7(；|$)/)
  expect(await gives([1])).toMatch(/数据范围：部门：[^；]+(；|$)/)
  expect(await gives([1])).not.toMatch(/没有人|整个企业/)
  expect(await gives(null)).toContain('数据范围：整个企业')
})
