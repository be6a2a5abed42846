import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newSource, type TestSource } from '../../server/features/todo-sources/source.fixture.ts'
import { startWorld, type World } from '../../test/harness.ts'
import { type SmallOa, startSmallOa } from './small-oa.ts'
import { type Task, vendors } from './tasks.ts'

const dir = mkdtempSync(join(tmpdir(), 'wisp-oa-'))
let world: World
let oa: SmallOa
const sources = {} as Record<(typeof vendors)[number], TestSource>
const steps: string[] = []

const start = () =>
  startSmallOa({
    host: '127.0.0.1',
    port: 0,
    file: join(dir, 'tasks.json'),
    onStep: step => steps.push(step),
    bases: Object.fromEntries(vendors.map(one => [one, sources[one].base])),
  })

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 3 })
  for (const kind of vendors) sources[kind] = await newSource(world, { kind })
  oa = await start()
})
afterAll(async () => {
  await oa.close()
  await world.close()
  rmSync(dir, { recursive: true })
})

const submit = (path: string, fields: Record<string, string> = {}) =>
  fetch(`${oa.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
const tasks = async () => (await (await fetch(`${oa.url}/tasks`)).json()) as Task[]

it.each(vendors)('sends, finishes and withdraws to-dos as %s does, and shows the answers', async vendor => {
  const make = async (title: string, kind = 'todo') => {
    expect((await submit('/tasks', { title, receiver: 'lisi', kind, vendor })).status).toBe(303)
    return (await tasks())[0]!
  }
  const states = async () => (await sources[vendor].todos()).map(one => [one.title, one.kind, one.state])
  const one = await make('用印')
  expect((await sources[vendor].todos())[0]?.pcUrl).toBe(`${oa.url}/task/${one.id}`)
  expect(one.answer).toMatch(/"operResult":"1"|"success":true|"returnState":2/)
  const two = await make('请假 <b>')
  await submit(`/task/${one.id}/done`)
  await submit(`/task/${two.id}/withdraw`)
  expect(await states()).toEqual([
    ['用印', 'todo', 'done'],
    ['请假 <b>', 'todo', 'withdrawn'],
  ])
  if (vendor !== 'seeyon') {
    await make('通知', 'read')
    expect((await states()).at(-1)).toEqual(['通知', 'read', 'open'])
  }
  const page = await (await fetch(`${oa.url}/`)).text()
  expect(page).toContain('请假 &#60;b&#62;')
  const unknown = await submit('/tasks', { title: '给谁', receiver: 'nobody', kind: 'todo', vendor })
  expect(unknown.status).toBe(303)
  expect((await tasks())[0]!.answer).toMatch(/不存在|没有这个待办人/)
})

it('keeps its tasks, begins one once, and refuses half a form', async () => {
  const first = { id: 'OA-1', title: '合同', receiver: 'zhangsan', vendor: 'weaver' } as const
  expect(await oa.begin(first)).toBe(true)
  await submit('/task/OA-1/done')
  expect(steps).toContain('oa-done')
  await oa.close()
  oa = await start()
  expect(await oa.begin(first)).toBe(true)
  expect((await tasks()).filter(one => one.id === 'OA-1')).toMatchObject([{ state: 'done' }])
  expect((await submit('/tasks', { title: '', receiver: 'x', vendor: 'weaver' })).status).toBe(400)
  expect((await fetch(`${oa.url}/task/none`)).status).toBe(404)
  expect(await (await fetch(`${oa.url}/task/OA-1`)).text()).not.toContain('<button>')
})
