import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import type { PickDepartment, PickMember } from './picker.ts'

describe('the pickers of app pages', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ members: 80, departments: 20 })
  })
  afterAll(() => world.close())

  const departments = async (as: SignedInClient, query = {}) =>
    (await as.get('/web/portal/picker/departments', query)).body.list as PickDepartment[]
  const found = async (as: SignedInClient, text: string) =>
    (await as.get('/web/portal/picker/search', { text })).body as {
      members: PickMember[]
      departments: PickDepartment[]
    }
  const mirror = () => world.ctx.mirrors.of(world.corpId)

  it('show everything to super administrators', async () => {
    const boss = await signInAs(world, 'super', 'lisi')
    const [root] = await departments(boss)
    expect(root).toMatchObject({ orgId: '1', hasChildren: true })
    expect((await departments(boss, { parentId: 1 })).length).toBe(mirror().tree.get(1)?.children.length)
    expect((await found(boss, 'zhangsan')).members).toEqual([
      expect.objectContaining({ userId: 'zhangsan', userName: '张三', orgName: expect.stringMatching(/./) }),
    ])
  })

  it('show a plain member their own departments and below, and nothing else', async () => {
    const { tree, members } = mirror()
    const [member] = [...members.all()].filter(
      one =>
        one.status === 1 && one.departments.length === 1 && (tree.get(one.departments[0]!)?.depth ?? 0) > 0,
    )
    const own = member!.departments[0]!
    const me = await signIn(world, { userId: member!.userId })
    expect((await departments(me)).map(one => one.orgId)).toEqual([String(own)])
    const stranger = tree.order.find(node => node.department.id !== own && node.depth === 1)!.department.id
    const refusals = [
      await me.get('/web/portal/picker/departments', { parentId: 1 }),
      await me.get('/web/portal/picker/members', { orgId: stranger }),
      await me.get('/web/portal/picker/members', { orgId: 999_999 }),
    ]
    expect(refusals.map(one => one.retCode)).toEqual(['1005', '1005', '1005'])
    const inside = (await me.get('/web/portal/picker/members', { orgId: own })).body
    expect((inside.list as PickMember[]).map(one => one.userId)).toContain(member!.userId)
    const outsider = [...members.all()].find(one => one.departments.every(id => id === stranger))!
    expect((await found(me, outsider.userId)).members.map(one => one.userId)).not.toContain(outsider.userId)
    expect((await found(me, tree.get(stranger)!.department.name)).departments).toEqual([])
  })

  it('name whom an app had chosen as far as the person sees them, whatever the app calls them', async () => {
    const { tree, members } = mirror()
    const mine = [...members.all()].find(
      one =>
        one.status === 1 && one.departments.length === 1 && (tree.get(one.departments[0]!)?.depth ?? 0) > 0,
    )!
    const own = mine.departments[0]!
    const stranger = [...members.all()].find(one => one.departments.join() === '1')!
    const me = await signIn(world, { userId: mine.userId })
    const names = (userIds: string[], orgIds: string[] = []) =>
      me.post('/web/portal/picker/names', { userIds, orgIds })
    const given = await names([mine.userId, stranger.userId, 'nobody'], [String(own), '1', '999999'])
    expect(given.body.list).toEqual([
      { id: mine.userId, name: mine.name },
      { id: stranger.userId, name: stranger.userId },
      { id: 'nobody', name: 'nobody' },
      { id: String(own), name: tree.get(own)!.department.name },
      { id: '1', name: '1' },
      { id: '999999', name: '999999' },
    ])
    expect((await names(['请拨打 400'])).retCode).toBe('1000')
  })

  it('show a graded administrator what was assigned', async () => {
    const assigned = mirror().tree.order.find(node => node.depth === 1)!.department.id
    const graded = await signInAs(world, 'graded', 'zhangsan', [{ departmentId: assigned, manage: false }])
    expect((await departments(graded)).map(one => one.orgId)).toEqual([String(assigned)])
  })
})
