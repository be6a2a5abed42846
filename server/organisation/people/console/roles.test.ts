import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'

let world: World
let system: SignedInClient
let lisi: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  system = await signInAs(world, 'system')
  lisi = await signInAs(world, 'super', 'lisi')
})
afterAll(() => world.close())

const list = async (query = {}) => (await system.get('/web/directory/roles', query)).body
const versionOf = async (userId: string) =>
  (await list()).list.find((row: { userId: string }) => row.userId === userId)?.version
const set = (body: object, as = system) => as.post('/web/directory/role-set', body)
const remove = (body: object, as = system) => as.post('/web/directory/role-remove', body)

it('appoints, changes and removes administrators', async () => {
  const departments = [
    { orgId: '3', manage: true },
    { orgId: '5', manage: false },
  ]
  expect((await set({ userId: 'zhangsan', level: '3', departments })).retCode).toBe('0')
  const { list: rows, total, systemAccount } = await list()
  expect([total, systemAccount]).toEqual([2, 'admin'])
  expect(rows.map((row: { userId: string; level: number }) => [row.userId, row.level])).toEqual([
    ['lisi', 2],
    ['zhangsan', 3],
  ])
  expect(rows[1].departments).toEqual([
    { orgId: '3', orgName: '人力资源部', path: '华宇智联科技集团 / 人力资源部', manage: true },
    { orgId: '5', orgName: '研发中心', path: '华宇智联科技集团 / 研发中心', manage: false },
  ])
  const version = rows[1].version
  expect((await set({ userId: 'zhangsan', level: '2', version })).retCode).toBe('0')
  expect((await list({ level: '3' })).total).toBe(0)
  expect((await list({ text: '张' })).total).toBe(1)
  expect((await remove({ userId: 'zhangsan', version: await versionOf('zhangsan') })).retCode).toBe('0')
  expect((await list()).total).toBe(1)
})

it('refuses what makes no sense', async () => {
  expect((await set({ userId: 'nobody', level: '2' })).retCode).toBe('1007')
  expect((await set({ userId: 'wangwu', level: '5' })).retCode).toBe('1000')
  expect((await set({ userId: 'wangwu', level: '3' })).retCode).toBe('1001')
  expect(
    (await set({ userId: 'wangwu', level: '3', departments: [{ orgId: '99', manage: true }] })).retCode,
  ).toBe('1005')
  expect((await remove({ userId: 'wangwu' })).retCode).toBe('1000')
})

it('lets nobody overwrite what another has just set', async () => {
  const departments = [{ orgId: '3', manage: true }]
  await set({ userId: 'wangwu', level: '3', departments })
  const version = await versionOf('wangwu')
  await set({ userId: 'wangwu', level: '3', departments: [{ orgId: '4', manage: true }], version })
  const late = await set({ userId: 'wangwu', level: '2', version })
  expect(late.retMessage).toContain('刚刚被他人修改过')
  expect((await set({ userId: 'wangwu', level: '2' })).retMessage).toContain('刚刚被他人修改过')
  expect((await remove({ userId: 'wangwu', version })).retMessage).toContain('刚刚被他人修改过')
})

it('asks twice before somebody removes themselves', async () => {
  const version = await versionOf('lisi')
  const departments = [{ orgId: '3', manage: true }]
  expect((await remove({ userId: 'lisi', version }, lisi)).retMessage).toContain('输入自己的账号 lisi')
  expect((await set({ userId: 'lisi', level: '3', departments, version }, lisi)).retMessage).toContain('lisi')
  expect((await remove({ userId: 'lisi', version, confirm: 'lisi' }, lisi)).retCode).toBe('0')
  expect((await lisi.get('/web/directory/roles')).status).toBe(403)
})

it('names who did something: administrators, and the members that the asking one sees', async () => {
  const { members, tree } = world.ctx.mirrors.of(world.corpId)
  const departmentId = members.byKey('zhangsan')?.departments[0] ?? 0
  await signInAs(world, 'super', 'lisi')
  const graded = await signInAs(world, 'graded', 'zhangsan', [{ departmentId, manage: true }])
  const other = [...members.all()].find(
    one =>
      !one.departments.some(
        id => id === departmentId || tree.get(id)?.parent?.department.id === departmentId,
      ),
  )
  const names = async (as: SignedInClient) =>
    (await as.get('/web/console/names', { ids: `ZhangSan,lisi,cli,${other?.userId}` })).body.list
  const all = [
    { id: 'ZhangSan', name: '张三' },
    { id: 'lisi', name: '李四' },
    { id: other?.userId, name: other?.name },
  ]
  expect(await names(system)).toEqual(all)
  expect(await names(graded)).toEqual(all.slice(0, 2))
})
