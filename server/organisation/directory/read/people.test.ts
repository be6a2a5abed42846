import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { checked, refusal } from '../../../platform/http/checked.fixture.ts'
import { idsOf, type NaiveDirectory, type NaiveMember, naiveView, wireDepartment } from '../naive.fixture.ts'

let world: World
let dev: Caller
let arrays: Caller
let noMobiles: Caller
let naive: NaiveDirectory
beforeAll(async () => {
  world = await startWorld()
  const edit = (body: Record<string, unknown>) => world.admin('user/update', body)
  await edit({ userid: 'lisi', mobile: '13811112222', alias: '50%_off', gender: 2, address: '东湖路 1 号' })
  await edit({
    userid: 'lisi',
    position: '市场经理',
    direct_leader: ['zhangsan', 'wudong'],
    email: 'Li.Si@huayu.example',
    extattr: {
      attrs: [
        { type: 0, name: '工号', text: { value: 'G-007' } },
        { type: 1, name: '主页', web: { url: 'https://people.example/lisi', title: '李四的主页' } },
      ],
    },
  })
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

  it('answers a bare array to developers marked so, and says in a header when there are more', async () => {
    const asked = (searchName: string, more: object = {}) =>
      arrays.post('/api/user/search', { searchName, ...more })
    const one = await asked('张三')
    expect(one.body).toHaveLength(1)
    expect(one.headers.get('x-wisp-more')).toBeNull()
    const first = await asked('1')
    expect([first.body.length, first.headers.get('x-wisp-more')]).toEqual([50, '1'])
    expect((await asked('1', { pageSize: 1000 })).headers.get('x-wisp-more')).toBeNull()
    expect((await asked('1', { pageNo: 1000 })).headers.get('x-wisp-more')).toBeNull()
  })

  it('does the same for the members of a department, whose page 0 is the first one', async () => {
    const page = (more: object) => arrays.get('/api/user/orgUserList', { orgId: 1, fetchChild: 1, ...more })
    // Once put together and once kept.
    for (const _ of [1, 2]) {
      const first = await page({ pageNo: 0, pageSize: 5 })
      expect([first.body.length, first.headers.get('x-wisp-more')]).toEqual([5, '1'])
      expect(first.body).toEqual((await page({ pageNo: 1, pageSize: 5 })).body)
    }
    expect((await page({ pageNo: 1000, pageSize: 5 })).headers.get('x-wisp-more')).toBeNull()
    expect((await page({})).headers.get('x-wisp-more')).toBeNull()
  })

  it('says in a list how many there are, on whichever page', async () => {
    const total = (await search('1', { pageSize: 1000 })).length
    for (const more of [{}, { pageSize: 7 }, { pageNo: 2, pageSize: 7 }, { pageNo: 1000 }]) {
      const answer = await dev.post('/api/user/search', { searchName: '1', ...more })
      expect(answer.body.total).toBe(total)
      expect(answer.headers.get('x-wisp-more')).toBeNull()
    }
    expect((await dev.post('/api/user/search', { searchName: '没有这个人' })).body.total).toBe(0)
  })

  it('finds by the beginning of a mail address with an @, in whatever case, within the data scope', async () => {
    expect(idsOf(await search('li.si@'))).toEqual(['lisi'])
    expect(idsOf(await search('LI.SI@HUAYU.example'))).toEqual(['lisi'])
    expect(await search('%@')).toEqual([])
    expect(await search('i.si@')).toEqual([])
    const elsewhere = await world.addDeveloper({ dataScope: { departments: [9], tags: [] } })
    expect(await search('li.si@', {}, elsewhere)).toEqual([])
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

describe('fields (4.4, 4.5, 4.8)', () => {
  const all = 'position|mainDepartment|directLeaders|employeeNumber|extattr'
  const profile = () => ({
    position: '市场经理',
    mainDepartment: {
      orgId: String(member('lisi').main_department),
      orgName: naive.departments.find(one => one.id === member('lisi').main_department)?.name,
    },
    directLeaders: [
      { userId: 'zhangsan', userName: '张三' },
      { userId: 'wudong', userName: member('wudong').name },
    ],
    employeeNumber: 'G-007',
    extattr: [
      { name: '工号', value: 'G-007', url: '' },
      { name: '主页', value: '李四的主页', url: 'https://people.example/lisi' },
    ],
  })
  let profiled: Caller
  beforeAll(async () => {
    profiled = checked(await world.addDeveloper({ scopes: ['directory:read', 'directory:profile'] }))
  })

  it('answers those that are asked for behind the others, in all three calls', async () => {
    const plain = (await profiled.get('/api/user/get', { userId: 'lisi' })).body
    expect(plain).not.toHaveProperty('position')
    const { body } = await profiled.get('/api/user/get', { userId: 'lisi', fields: all })
    expect(body).toEqual({ ...plain, ...profile() })
    const asked = { searchName: '李四', fields: ['position', 'employeeNumber'] }
    const [found] = (await profiled.post('/api/user/search', asked)).body.list
    expect(found).toEqual({ ...plain, position: '市场经理', employeeNumber: 'G-007' })
    const orgId = plain.orgId
    const pages = { orgId, pageNo: 1, pageSize: 1000 }
    const usual = (await profiled.get('/api/user/orgUserList', pages)).body
    const page = (await profiled.get('/api/user/orgUserList', { ...pages, fields: 'extattr' })).body
    expect(page.list.map((one: object) => ({ ...one, extattr: undefined }))).toEqual(usual.list)
    expect(page.list.find((one: { userId: string }) => one.userId === 'lisi').extattr).toEqual(
      profile().extattr,
    )
    expect((await profiled.get('/api/user/orgUserList', pages)).body).toEqual(usual)
  })

  it('names neither leaders nor departments outside the data scope', async () => {
    const orgId = Number((await dev.get('/api/user/get', { userId: 'wudong' })).body.orgList[1].orgId)
    const scoped = await world.addDeveloper({
      scopes: ['directory:read', 'directory:profile'],
      dataScope: { departments: [orgId], tags: [] },
    })
    await world.admin('user/update', { userid: 'wudong', direct_leader: ['zhangsan'] })
    await world.sync()
    const asked = { userId: 'wudong', fields: 'mainDepartment|directLeaders' }
    const { body } = await scoped.get('/api/user/get', asked)
    expect(body.mainDepartment.orgId).toBe(String(orgId))
    expect(body.directLeaders).toEqual([])
  })

  it('follows a changed attribute, and one that is taken away', async () => {
    const numberOf = async () =>
      (await profiled.get('/api/user/get', { userId: 'wudong', fields: 'employeeNumber' })).body
        .employeeNumber
    for (const value of ['W-1', 'W-2', '']) {
      const attrs = value ? [{ type: 0, name: 'Employee ID', text: { value } }] : []
      await world.admin('user/update', { userid: 'wudong', extattr: { attrs } })
      await world.sync()
      expect(await numberOf()).toBe(value)
    }
  })

  it('are refused without the scope, and by a name that is none', async () => {
    const asked = { userId: 'lisi', fields: 'position' }
    const words = '1009 无权限: 开发者没有 directory:profile 权限，不能使用 fields'
    expect(refusal(await dev.get('/api/user/get', asked))).toBe(words)
    expect(refusal(await dev.post('/api/user/search', { searchName: 'x', fields: 'extattr' }))).toBe(words)
    expect(refusal(await dev.get('/api/user/orgUserList', { orgId: 1, fields: 'extattr' }))).toBe(words)
    expect(refusal(await profiled.get('/api/user/get', { userId: 'lisi', fields: 'salary' }))).toBe(
      '1000 参数错误: fields 应为 position、mainDepartment、directLeaders、employeeNumber、extattr 中的一个或多个，收到 salary',
    )
  })
})

describe('user/find', () => {
  const find = (asked: object, as = dev) => as.post('/api/user/find', asked)

  it.each([
    { mobile: '13811112222' },
    { mobile: '+86 138-1111-2222' },
    { email: 'li.si@huayu.example' },
    { email: 'Li.Si@huayu.example', mobile: '' },
  ])('%j finds the one member', async asked => {
    const { body } = await find(asked)
    expect(body).toEqual({ ...wire(member('lisi')), orgList: orgs(member('lisi')) })
  })

  it.each([
    [{}, '1001 参数为空: mobile 或 email'],
    [{ mobile: '13811112222', email: 'a@b.example' }, '1000 参数错误: mobile 与 email 只能填一个'],
    [{ mobile: '1381111' }, '1000 参数错误: mobile 应为完整的手机号，其他国家和地区的以 + 开头'],
    [{ email: 'li.si@' }, '1000 参数错误: email 应为完整的邮箱地址'],
    [
      { mobile: '13999999998' },
      '1007 无效的用户 id: 没有成员使用这个 mobile（不存在、已离职，或不在数据范围内）',
    ],
    [
      { email: 'nobody@huayu.example' },
      '1007 无效的用户 id: 没有成员使用这个 email（不存在、已离职，或不在数据范围内）',
    ],
    [
      { email: 'li_si@huayu.example' },
      '1007 无效的用户 id: 没有成员使用这个 email（不存在、已离职，或不在数据范围内）',
    ],
  ])('refuses %j', async (asked, wanted) => {
    expect(refusal(await find(asked))).toBe(wanted)
  })

  it('refuses to choose among several, and looks within the data scope', async () => {
    const [one, two] = naive.members.filter(({ userid }) => !['lisi', 'zhangsan'].includes(userid))
    const ids = [one, two].map(found => found?.userid ?? '')
    await world.ctx.db
      .updateTable('member')
      .set({ email: 'Both@huayu.example' })
      .where('user_id', 'in', ids)
      .execute()
    expect(refusal(await find({ email: 'both@huayu.example' }))).toBe(
      '1000 参数错误: 有 2 人使用这个 email，请改用 userId',
    )
    const elsewhere = await world.addDeveloper({ dataScope: { departments: [9], tags: [] } })
    expect((await find({ mobile: '13811112222' }, elsewhere)).retCode).toBe('1007')
    expect((await find({ email: 'li.si@huayu.example' }, elsewhere)).retCode).toBe('1007')
    expect((await find({ mobile: '13811112222' }, noMobiles)).retCode).toBe('1009')
  })
})
