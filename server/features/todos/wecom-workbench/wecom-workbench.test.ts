import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { addApp } from '../../apps/apps.ts'
import { useAgents } from '../../messages/messages.fixture.ts'
import { setTodoAppSettings } from '../settings/settings.ts'

let world: World
let dev: Caller
let appId: string
let agentId: number
let count = 0

beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  await useAgents(world)
  ;({ agentId } = world.ctx.corps.get(world.corpId).agents[0]!)
  dev = await world.addDeveloper({ scopes: ['todo:read', 'todo:write'] })
  const settings = { name: 'OA', homeUrl: 'https://oa.example.com/', devId: dev.devId, agentId }
  appId = (await addApp(world.ctx, 'test', world.corpId, settings)).id
})
afterAll(() => world?.close())
beforeEach(async () => {
  await world.control('faults', undefined, 'DELETE')
  await world.control('calls', undefined, 'DELETE')
})

const set = (inWecom: boolean) => setTodoAppSettings(world.ctx, 'test', world.corpId, appId, { inWecom })
async function put(userId: string, change: object = {}): Promise<string> {
  const todoNo = `W-${++count}`
  const row = { todoNo, userId, agentId: appId, title: todoNo, url: 'https://oa.example.com/x', ...change }
  await dev.post('/api/todo/put', { list: [row] })
  return todoNo
}
type WorkbenchData = { agentId: number; items: { key: string; data: string; jump_url: string }[] }
const shown = async (userid: string): Promise<string[] | undefined> => {
  const { agents } = (await world.control(`workbench?userid=${userid}`)) as { agents: WorkbenchData[] }
  return agents.find(one => one.agentId === agentId)?.items.map(one => one.data)
}
const shows = (userid: string, ...numbers: string[]) =>
  until(`${userid} sees ${numbers}`, async () => (await shown(userid))?.join() === numbers.join())
const calls = async (path: string) => {
  const counts = (await world.control('calls')) as Record<string, Record<string, number>>
  const found = Object.entries(counts).find(([name]) => name.includes(path))?.[1] ?? {}
  return Object.values(found).reduce((sum, one) => sum + one, 0)
}

it('has no place on WeCom’s workbench until it is switched on, then the template first and what everybody has', async () => {
  await put('zhangsan')
  await put('zhangsan', { kind: 'read' })
  expect(await shown('zhangsan')).toBeUndefined()
  await set(true)
  await shows('zhangsan', '1', '1')
  expect(await shown('lisi')).toEqual(['0', '0'])
  await put('lisi')
  await shows('lisi', '1', '0')
})

it('tells the last number of many, and never more than ten a minute', async () => {
  world.clock.offsetMs += 60_000
  const nos: string[] = []
  for (let n = 0; n < 25; n++) nos.push(await put('wangwu'))
  world.clock.offsetMs += 7000
  world.ctx.queue.kick()
  await shows('wangwu', '25', '0')
  expect(await calls('set_workbench_data')).toBeLessThanOrEqual(4)
  for (const todoNo of nos.slice(1)) await dev.post('/api/todo/finish', { agentId: appId, todoNo })
  world.clock.offsetMs += 7000
  world.ctx.queue.kick()
  await shows('wangwu', '1', '0')
})

it('takes its own time after WeCom refused, and loses no number', async () => {
  await world.control('faults', { match: 'set_workbench_data', mode: 'code:45009', probability: 1 })
  world.clock.offsetMs += 7000
  await put('lisi')
  await until('the refusal', async () => (await calls('set_workbench_data')) > 0)
  await world.control('faults', undefined, 'DELETE')
  world.clock.offsetMs += 61_000
  world.ctx.queue.kick()
  await shows('lisi', '2', '0')
})

it('goes when it is switched off, and says why WeCom does not take it', async () => {
  await set(false)
  await until('no place', async () => (await shown('zhangsan')) === undefined)
  await world.control('faults', { match: 'set_workbench_template', mode: 'code:60020', probability: 1 })
  await set(true)
  const failure = async () =>
    (await sql<{ failure: string | null }>`select failure from todo_workbench_app`.execute(world.ctx.db))
      .rows[0]?.failure
  expect(await until('the refusal', failure)).toContain('60020')
  await world.control('faults', undefined, 'DELETE')
  world.clock.offsetMs += 601_000
  world.ctx.queue.kick()
  await shows('zhangsan', '1', '1')
  const other = (
    await addApp(world.ctx, 'test', world.corpId, { name: '无', homeUrl: 'https://x.example.com/' })
  ).id
  const on = setTodoAppSettings(world.ctx, 'test', world.corpId, other, { inWecom: true })
  await expect(on).rejects.toThrow('没有关联自建应用')
})
