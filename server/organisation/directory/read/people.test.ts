import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { idsOf, type Naive, type NaiveMember, naiveView, wireDepartment } from '../naive.fixture.ts'

let world: World
let dev: Caller
let arrays: Caller
let noMobiles: Caller
let naive: Naive
beforeAll(async () => {
  world = await startWorld()
  const edit = (body: Record<string, unknown>) => world.admin('user/update', body)
  await edit({ userid: 'lisi', mobile: '13811112222', alias: '50%_off', gender: 2, address: '东湖路 1 号' })
  await edit({ userid: 'yeqiang', status: 5 })
  await edit({ userid: 'wudong', department: [9, 5, 11], order: [1, 2, 3] })
  await world.sync()
  dev = checked(world.dev)
  arrays = checked(await world.addDeveloper({ listStyle: 'array' }))
  noMobiles = checked(await world.addDeveloper({ scopes: ['directory:read'] }))
  naive = await naiveView(world)
})
afterAll(() => world.close())

const member = (userid: string) => naive.members.find(one => one.userid === userid) as NaiveMember
const wire = (one: NaiveMember) => ({
  userId: one.userid,
  userName: one.name,
  orgId: String(one.main_department),
  mobile: one.mobile,
  alias: one.alias,
  fileId: expect.stringMatching(/^([0-9a-z]+-[0-9a-f]{10})?$/),
  sex: one.gender,
  email: one.email,
  address: one.address,
  status: one.status,
  avatarUrl: expect.stringMatching(/^(http.*)?$/),
})
const orgs = (one: NaiveMember) =>
  one.department.map(id => wireDepartment(world, naive.departments.find(department => department.id === id)!))
const search = async (searchName: string, more: object = {}, as = dev) =>
  (await as.post('/api/user/search', { searchName, ...more })).body.list

describe('user/get (4.4)', () => {
  it('answers every listed member with all departments', async () => {
    for (const one of naive.members) {
      const { body } = await dev.get('/api/user/get', { userId: one.userid })
      expect(body).toEqual({ ...wire(one), orgList: orgs(one) })
    }
  })

  it('names no department outside the data scope, not even as the main one', async () => {
    const scoped = await world.addDeveloper({
      scopes: ['directory:read'],
      dataScope: { departments: [5], tags: [] },
    })
    const whole = (await world.dev.get('/api/user/get', { userId: 'wudong' })).body
    expect(whole.orgId).toBe('9')
    const { body } = await scoped.get('/api/user/get', { userId: 'wudong' })
    const orgIds = body.orgList.map((one: { orgId: string }) => one.orgId)
    expect([body.orgId, orgIds]).toEqual(['5', ['5', '11']])
    const found = (await scoped.get('/api/user/orgUserList', { orgId: '11' })).body
    expect(found.list.map((one: { orgId: string }) => one.orgId)).not.toContain('9')
  })

  it('matches userids without regard to case', async () => {
    for (const userId of ['LISI', 'Lisi', 'lIsI'])
      expect((await dev.get('/api/user/get', { userId })).body.userId).toBe('lisi')
  })

  it.each([
    ['nobody', '1007 无效的用户 id: nobody'],
    ['yeqiang', '1007 无效的用户 id: yeqiang'],
    ['%', '1007 无效的用户 id: %'],
    ['__proto__', '1007 无效的用户 id: __proto__'],
  ])('refuses %s', async (userId, wanted) => {
    expect(refusal(await dev.get('/api/user/get', { userId }))).toBe(wanted)
  })

  it('follows a changed userid for 30 days, unless somebody else gets it', async () => {
    await world.connectCallback()
    await world.admin('user/rename', { userid: 'wangbo', new_userid: 'wangbo2' })
    await world.settle()
    expect((await dev.get('/api/user/get', { userId: 'WangBo' })).body.userId).toBe('wangbo2')
    const added = await dev.post('/api/org/addTagUsers', { tagId: 3, userIdList: ['wangbo', 'nobody'] })
    expect(added.body.invalUserIds).toBe('nobody')
    expect(idsOf((await dev.get('/api/org/tagUserList', { tagId: 3 })).body.userList)).toContain('wangbo2')
    world.clock.offsetMs = 31 * 86_400_000
    const late = checked(await world.addDeveloper())
    expect((await late.get('/api/user/get', { userId: 'wangbo' })).retCode).toBe('1007')
    world.clock.offsetMs = 0
    await world.admin('user/create', {
      userid: 'WANGBO',
      name: '王博',
      mobile: '13900000001',
      department: [4],
    })
    await world.settle()
    expect((await dev.get('/api/user/get', { userId: 'wangbo' })).body.userName).toBe('王博')
    await world.admin('user/delete', { userid: 'WANGBO' })
    await world.admin('user/rename', { userid: 'wangbo2', new_userid: 'wangbo' })
    await world.settle()
  })
})

describe('mobiles', () => {
  it('are masked without directory:mobile, and not searched', async () => {
    const masked = await noMobiles.get('/api/user/get', { userId: 'lisi' })
    expect(masked.body.mobile).toBe('138****2222')
    expect(await search('13811112222', {}, noMobiles)).toEqual([])
    expect(await search('2222', {}, noMobiles)).toEqual([])
    expect((await search('李四', {}, noMobiles))[0].mobile).toBe('138****2222')
    const paths = ['/api/user/orgUserList?', '/api/org/list?fetchUser=1&']
    for (const path of paths) {
      const token = await noMobiles.token()
      const text = await (await fetch(`${world.server.url}${path}orgId=3&devToken=${token}`)).text()
      expect(text).toContain('138****2222')
      expect(text).not.toContain('13811112222')
    }
    expect(idsOf(await search('13811112222'))).toEqual(['lisi'])
    expect(idsOf(await search('1381111'))).toEqual(['lisi'])
  })
})

describe('user/search (4.5)', () => {
  it.each([
    ['张三', 'zhangsan'],
    ['ZHANGSAN', 'zhangsan'],
    ['zs', 'zhangsan'],
    ['zhangsan', 'zhangsan'],
    ['zhsan', 'zhangsan'],
    ['grace', 'zhangsan'],
    ['50%_', 'lisi'],
    ['%', 'lisi'],
    ['_', 'lisi'],
    ['HY000048', 'HY000048'],
  ])('%s finds %s first', async (searchName, userId) => {
    const list = await search(searchName)
    expect(list[0]).toEqual({ ...wire(member(userId)), orgList: orgs(member(userId)) })
  })

  it('finds from one character up all whose name has it, and no one who quit', async () => {
    const wanted = naive.members.filter(one => one.name.includes('强')).map(one => one.userid)
    expect(idsOf(await search('强')).sort()).toEqual(wanted.sort())
    expect(await search('叶强')).toEqual([])
    expect(await search('没有这个人')).toEqual([])
  })

  it('pages without gap or overlap; 50 by default', async () => {
    expect(await search('1')).toHaveLength(50)
    const all = idsOf(await search('1', { pageSize: 1000 }))
    const pages: string[] = []
    for (let pageNo = 1; pages.length < all.length; pageNo++)
      pages.push(...idsOf(await search('1', { pageNo, pageSize: 7 })))
    expect(pages).toEqual(all)
    expect(new Set(all).size).toBe(all.length)
    expect(await search('1', { pageNo: 1000 })).toEqual([])
  })

  it('answers a bare array to developers marked so', async () => {
    expect((await arrays.post('/api/user/search', { searchName: '张三' })).body).toHaveLength(1)
  })
})

describe('user/orgUserList (4.8)', () => {
  it.each([1, 3, 5, 9, 11])('of %i answers its own members, in their order', async orgId => {
    const { body } = await dev.get('/api/user/orgUserList', { orgId })
    const orderIn = (one: NaiveMember) => one.order[one.department.indexOf(orgId)] ?? 0
    const wanted = naive.members
      .filter(one => one.department.includes(orgId))
      .sort((a, b) => orderIn(b) - orderIn(a) || (a.userid.toLowerCase() < b.userid.toLowerCase() ? -1 : 1))
    expect(body).toEqual({ list: wanted.map(wire), total: wanted.length })
    expect((await arrays.get('/api/user/orgUserList', { orgId })).body).toEqual(body.list)
  })

  it('with fetchChild answers everybody below once', async () => {
    for (const orgId of [1, 2, 3, 5]) {
      const { body } = await dev.get('/api/user/orgUserList', { orgId, fetchChild: 1 })
      const below = new Set(naive.below(orgId).map(one => one.id))
      const wanted = naive.members.filter(one => one.department.some(id => below.has(id)))
      expect(body.total).toBe(wanted.length)
      expect(idsOf(body.list).sort()).toEqual(wanted.map(one => one.userid).sort())
    }
  })

  it.each([
    { orgId: 1, fetchChild: 1 },
    { orgId: 5, fetchChild: 1 },
    { orgId: 3, fetchChild: 0 },
  ])('pages %j without gap or overlap', async query => {
    const all = (await dev.get('/api/user/orgUserList', query)).body
    const pages: string[] = []
    for (let pageNo = 1; pages.length < all.total; pageNo++) {
      const { body } = await dev.get('/api/user/orgUserList', { ...query, pageNo, pageSize: 4 })
      expect(body.total).toBe(all.total)
      expect(body.list.length).toBeGreaterThan(0)
      pages.push(...idsOf(body.list))
    }
    expect(pages).toEqual(idsOf(all.list))
    expect((await dev.get('/api/user/orgUserList', { ...query, pageNo: 1000 })).body.list).toEqual([])
    expect((await dev.get('/api/user/orgUserList', { ...query, pageSize: 2 })).body.list).toHaveLength(2)
  })
})
