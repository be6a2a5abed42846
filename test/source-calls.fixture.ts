import { expect } from 'vitest'
import { putSourceRows } from '../server/features/source/put-rows.ts'
import type { Manager } from './admin-token.ts'
import type { World } from './harness.ts'
import { until } from './until.ts'

const nothing = { people: [], departments: [], removePeople: [], removeDepartments: [], isComplete: false }

/** Calls of management for sources of people, each with success; notes in `called` that they were. */
export async function checkSources(all: Manager, called: Set<string>, { ctx, corpId }: World): Promise<void> {
  const post = async (path: string, body: object) => {
    called.add(path)
    const answer = await all.post(path, body)
    expect(answer.retCode, answer.retMessage).toBe('0')
    return answer.body
  }
  const get = async (path: string, query: Record<string, string | number> = {}) => {
    called.add(path)
    const answer = await all.get(path, query)
    expect(answer.retCode, answer.retMessage).toBe('0')
    return answer.body
  }
  const { id } = await post('/api/admin/source/add', { name: '人事系统', kind: 'put' })
  expect(
    await post('/api/admin/source/set', { id, settings: { autoAtMost: 20, developers: ['test'] } }),
  ).toMatchObject({
    name: '人事系统',
    settings: { autoAtMost: 20 },
  })
  const runs = async () => (await get('/api/admin/source/runs', { id })).list
  const previewed = async (position: string) => {
    const before = (await runs()).length
    const person = {
      工号: 'src-1',
      姓名: '来者',
      手机: '13900112233',
      部门: '',
      职务: position,
      直属上级工号: '',
    }
    await putSourceRows(ctx, corpId, id, { ...nothing, people: [person] }, 'test')
    await post('/api/admin/source/preview', { id })
    await until('the preview', async () => (await runs()).length > before)
    return (await runs())[0]
  }
  const refused = await previewed('专员')
  expect(await post('/api/admin/source/refuse', { runId: refused.id })).toEqual({ runId: refused.id })
  const run = await previewed('主管')
  expect(run).toMatchObject({ state: 'preview', counts: { joiners: 1, leavers: 0 } })
  expect((await get('/api/admin/source/rows', { runId: run.id })).list).toMatchObject([
    { kind: 'join', userId: 'src-1' },
  ])
  await post('/api/admin/source/approve', { runId: run.id })
  await until('it is written', async () => (await runs())[0].state === 'done')
  await post('/api/admin/source/undo', { runId: run.id })
  expect((await get('/api/admin/sources')).list).toMatchObject([{ id, lastRun: { kind: 'undo' } }])
  expect(await post('/api/admin/source/remove', { id })).toEqual({ id })
}
