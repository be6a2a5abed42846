import { afterAll, beforeAll, expect, it } from 'vitest'
import { managerBy } from '../../../test/admin-token.ts'
import { startWorld, type World } from '../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../test/sign-in.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { exportSettings } from '../../features/settings-file/apply-settings.ts'

let world: World
let lisi: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  lisi = await signInAs(world, 'super', 'lisi')
})
afterAll(() => world.close())

const wisp = (...words: string[]) => runCommand(world.ctx, words)
const list = async () => (await lisi.get('/web/roles')).body.list

it('makes, shows, changes, gives, takes and removes a role on the command line', async () => {
  const points = ['--points', 'directory:read,console:use']
  const { id } = (await wisp('role', 'add', '查看员', ...points, '--departments', '1')).data as { id: number }
  expect((await wisp('role', 'list')).text).toMatch(/查看员 .*有效 .*部门/)
  const given = await wisp('role', 'give', String(id), 'zhangsan', '--until', '2099-01-01T00:00:00Z')
  expect(given.text).toContain(`zhangsan 现在有角色 ${id}`)
  const shown = await wisp('role', 'show', String(id))
  expect(shown.text).toContain('console:use directory:read')
  expect(shown.text).toMatch(/zhangsan .*有效/)
  const set = ['role', 'set', String(id), '--range', 'corp']
  await wisp(...set, '--name', '全企业查看员')
  const changed = { id, name: '全企业查看员', range: { kind: 'corp' }, holders: 1, state: 'live' }
  expect(await list()).toMatchObject([changed])
  await expect(wisp(...set, '--departments', '1')).rejects.toThrow('--range corp')
  await expect(wisp('role', 'add', '全企业查看员', ...points)).rejects.toThrow('已有名为')
  await expect(wisp('role', 'add', '空')).rejects.toThrow('points')
  await expect(wisp('role', 'take', String(id), 'lisi')).rejects.toThrow('没有角色')
  expect((await wisp('role', 'take', String(id), 'zhangsan')).text).toContain('不再有角色')
  expect((await wisp('role', 'remove', String(id))).text).toContain(`已删除角色 ${id}`)
  await expect(wisp('role', 'show', String(id))).rejects.toThrow('没有编号为')
  expect(await list()).toEqual([])
})

it('is told to programs, and stands in the file of settings without who has it', async () => {
  const { ctx, corpId } = world
  const range = { kind: 'departments', departmentIds: [1] }
  const { body } = await lisi.post('/web/roles/save', { name: '部门', points: ['directory:read'], range })
  await lisi.post('/web/roles/give', { id: body.id, userId: 'zhangsan' })
  const manager = await managerBy(world, { corpId, member: 'lisi' })
  const { list } = (await manager.get('/api/admin/ownRoles')).body
  expect(list).toMatchObject([
    { id: body.id, name: '部门', holders: 1, range: { departments: [{ id: '1' }] } },
  ])
  const file = JSON.parse(await exportSettings(ctx, corpId))
  const item = { id: String(body.id), name: '部门', range: 'departments', departmentIds: [1], until: null }
  expect(file.roles).toMatchObject([item])
  expect(JSON.stringify(file.roles)).not.toContain('zhangsan')
})

it('refuses a save over that of somebody else, a second of the same name, and strange ranges', async () => {
  const range = { kind: 'corp' }
  const { body } = await lisi.post('/web/roles/save', { name: '两人', points: ['sync:read'], range })
  const { version } = (await lisi.get('/web/roles/role', { id: body.id })).body
  await lisi.post('/web/roles/save', { id: body.id, version, name: '两人', points: ['sync:run'], range })
  const stale = { id: body.id, version, name: '两人', points: ['sync:read'], range }
  expect(await lisi.post('/web/roles/save', stale)).toMatchObject({ status: 409 })
  expect(await lisi.post('/web/roles/remove', { id: body.id, version })).toMatchObject({ status: 409 })
  const add = (change: object) =>
    lisi.post('/web/roles/save', { name: 'x', points: ['sync:read'], range, ...change })
  expect(await add({ name: '两人' })).toMatchObject({ retCode: '1000' })
  expect(await add({ range: { kind: 'departments', departmentIds: [99_999] } })).toMatchObject({
    retCode: '1005',
  })
  expect(await add({ range: { kind: 'departments' } })).toMatchObject({ retCode: '1001' })
  expect(await add({ range: { kind: 'apps', appIds: ['no'] } })).toMatchObject({ retCode: '1000' })
  expect(await lisi.post('/web/roles/give', { id: body.id, userId: 'nobody' })).toMatchObject({
    retCode: '1007',
  })
})
