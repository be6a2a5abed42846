import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { setRole } from '../../people/administrators.ts'

/**
 * The graded administrator is zhangsan (in 2), who manages 3 (with 9 and 10 below) and may view 5 (with 11 and 12). lisi
 * and yiwen are in 3, zhaomin in 5, wangwu in 4; tanghaijun is in 5 and 10, WeiLeitao in 10 and 6.
 */
let world: World
let system: SignedInClient
let graded: SignedInClient
beforeAll(async () => {
  world = await startWorld()
  system = await signInAs(world, 'system')
  graded = await signInAs(world, 'graded', 'zhangsan', [
    { departmentId: 3, manage: true },
    { departmentId: 5, manage: false },
  ])
})
afterAll(() => world.close())

const orgIds = (rows: { orgId: string }[]) => rows.map(row => row.orgId)
const userIds = (rows: { userId: string }[]) => rows.map(row => row.userId)
const refusal = (answer: { retCode: string; retMessage: string }) => `${answer.retCode} ${answer.retMessage}`

describe('departments', () => {
  it('come level by level with counts', async () => {
    const { body } = await system.get('/web/directory/departments')
    expect(body.synced).toBe(true)
    expect(body.list).toEqual([
      {
        orgId: '1',
        orgName: '华宇智联科技集团',
        parentId: '0',
        level: 'manage',
        childCount: 5,
        memberCount: 1,
        memberCountBelow: 60,
      },
    ])
    const below = (await system.get('/web/directory/departments', { parentId: 1 })).body
    expect(orgIds(below.list).sort()).toEqual(['2', '3', '4', '5', '6'])
    expect(below.path).toEqual([{ orgId: '1', orgName: '华宇智联科技集团' }])
    const total = below.list.reduce(
      (sum: number, row: { memberCountBelow: number }) => sum + row.memberCountBelow,
      0,
    )
    expect(total).toBeGreaterThanOrEqual(59)
  })

  it('show a graded administrator its own and the way to them', async () => {
    const { body } = await graded.get('/web/directory/departments')
    expect(body.list).toMatchObject([
      { orgId: '1', level: 'path', memberCount: null, memberCountBelow: null, childCount: 2 },
    ])
    const below = (await graded.get('/web/directory/departments', { parentId: 1 })).body.list
    expect(below.map((row: { orgId: string; level: string }) => [row.orgId, row.level]).sort()).toEqual([
      ['3', 'manage'],
      ['5', 'view'],
    ])
    for (const parentId of [2, 4, 7, 999])
      expect(refusal(await graded.get('/web/directory/departments', { parentId }))).toBe(
        `1005 无效的部门 id: ${parentId}`,
      )
  })
})

describe('members', () => {
  const members = async (query: Record<string, string | number>, as = system) =>
    (await as.get('/web/directory/members', query)).body

  it('are paged, each once', async () => {
    const seen: string[] = []
    for (let pageNo = 1; pageNo <= 4; pageNo++)
      seen.push(...userIds((await members({ pageNo, pageSize: 20 })).list))
    expect(seen).toHaveLength(60)
    expect(new Set(seen).size).toBe(60)
    expect((await members({})).total).toBe(60)
  })

  it('are filtered by department, state and words', async () => {
    const direct = await members({ orgId: 5 })
    expect(userIds(direct.list)).toContain('zhaomin')
    expect(userIds(direct.list)).not.toContain('ChenAichun')
    expect(userIds((await members({ orgId: 5, fetchChild: 1, pageSize: 100 })).list)).toContain('ChenAichun')
    const waiting = await members({ status: 'notActivated' })
    expect(waiting.isSortable).toBe(true)
    expect(waiting.list.every((row: { status: number }) => row.status === 4)).toBe(true)
    expect(waiting.total).toBe(waiting.list.length)
    expect(userIds((await members({ text: 'zs' })).list)[0]).toBe('zhangsan')
    expect(userIds((await members({ text: '敏', orgId: 5, fetchChild: 1 })).list)).toEqual(['zhaomin'])
    expect((await members({ text: '敏', orgId: 3, fetchChild: 1 })).total).toBe(0)
  })

  it('are sorted', async () => {
    const up = userIds((await members({ sort: 'userId', pageSize: 100 })).list).map(id => id.toLowerCase())
    expect(up).toEqual([...up].sort())
    const down = userIds((await members({ sort: '-userId', pageSize: 100 })).list).map(id => id.toLowerCase())
    expect(down).toEqual(up.reverse())
    expect(refusal(await system.get('/web/directory/members', { sort: 'mobile' }))).toMatch(/^1000 .*sort/)
  })

  it('carry what a row shows', async () => {
    const { list } = await members({ text: 'tanghaijun' })
    expect(list[0]).toMatchObject({ userId: 'tanghaijun', userName: '唐海军', status: 1 })
    expect(list[0].mobile).toMatch(/^1\d{10}$/)
    expect(orgIds(list[0].departments).sort()).toEqual(['10', '5'])
    if (list[0].avatarUrl) expect(list[0].avatarUrl).toMatch(/\/api\/file\/avatar\?.*sign=/)
  })

  it('are only those of its departments for a graded administrator', async () => {
    const all = await members({ pageSize: 200 }, graded)
    const seen = userIds(all.list)
    expect(seen).toEqual(expect.arrayContaining(['lisi', 'zhaomin', 'ChenAichun', 'WeiLeitao']))
    for (const hidden of ['zhangsan', 'wangwu', 'TangJiayan']) expect(seen).not.toContain(hidden)
    const leitao = all.list.find((row: { userId: string }) => row.userId === 'WeiLeitao')
    expect(orgIds(leitao.departments)).toEqual(['10'])
    expect((await members({ text: 'wangwu' }, graded)).total).toBe(0)
    expect((await members({ orgId: 3, fetchChild: 1 }, graded)).total).toBeGreaterThan(0)
    for (const orgId of [1, 2, 4, 999])
      expect(refusal(await graded.get('/web/directory/members', { orgId }))).toBe(
        `1005 无效的部门 id: ${orgId}`,
      )
  })
})

describe('one member', () => {
  const member = async (userId: string, as = system) => as.get('/web/directory/member', { userId })

  it('is told whole', async () => {
    const { body } = await member('lisi')
    expect(body).toMatchObject({ userId: 'lisi', userName: '李四', canManage: true, roleLevel: 0 })
    expect(body.orgs).toMatchObject([{ orgId: '3', isMain: true, level: 'manage' }])
    expect(body.orgs[0].path.map((one: { orgId: string }) => one.orgId)).toEqual(['1', '3'])
    expect(body.tags).toEqual([{ tagId: '4', tagName: '项目经理' }])
    expect(body.origins[0]).toEqual({ field: 'mobile', source: 'wecom' })
    expect(body.changes).toMatchObject([{ op: 'join', fields: [] }])
    const byDepartment = (await member('zhaomin')).body.tags
    expect(byDepartment).toContainEqual({
      tagId: '3',
      tagName: '新员工',
      via: { orgId: '5', orgName: '研发中心' },
    })
    expect((await member('zhangsan')).body).toMatchObject({
      roleLevel: 3,
      assigned: [
        { orgId: '3', manage: true },
        { orgId: '5', manage: false },
      ],
    })
  })

  it('shows what changed, as far as the viewer could follow it', async () => {
    await world.connectCallback()
    const change = async (fields: Record<string, unknown>) => {
      expect(await world.admin('user/update', fields)).toMatchObject({ errcode: 0 })
      await world.settle()
    }
    const changesOf = async (userId: string, as = system) =>
      (await member(userId, as)).body.changes.map((one: { op: string; fields: unknown }) => [
        one.op,
        one.fields,
      ])
    const before = (await member('lisi')).body
    const beforeGraded = (await member('lisi', graded)).body
    await change({
      userid: 'lisi',
      position: '顾问',
      mobile: '13912345678',
      direct_leader: ['wangwu', 'yiwen'],
    })
    const changed = (seen: typeof before, leaders: string[]) => [
      'put',
      [
        { field: 'position', before: [before.position], after: ['顾问'] },
        { field: 'mobile', before: [before.mobile], after: ['13912345678'] },
        {
          field: 'directLeaders',
          before: seen.directLeaders.map((one: { userName: string }) => one.userName),
          after: leaders,
        },
      ],
    ]
    expect((await changesOf('lisi'))[0]).toEqual(changed(before, ['王五', '易文']))
    expect((await changesOf('lisi', graded))[0]).toEqual(changed(beforeGraded, ['易文']))

    const hidden = (await member('wangwu')).body
    await change({ userid: 'wangwu', position: '秘密职务' })
    await change({ userid: 'wangwu', department: [4, 3], mobile: '13912345679' })
    await change({ userid: 'wangwu', position: '公开职务' })
    expect(await changesOf('wangwu', graded)).toEqual([
      ['put', [{ field: 'position', before: ['秘密职务'], after: ['公开职务'] }]],
      ['put', [{ field: 'departments', before: [], after: ['人力资源部'] }]],
      ['put', []],
      ['join', []],
    ])
    const [, moved, first] = await changesOf('wangwu')
    expect(first).toEqual(['put', [{ field: 'position', before: [hidden.position], after: ['秘密职务'] }]])
    expect(moved[1]).toMatchObject([
      { field: 'mobile', before: [hidden.mobile], after: ['13912345679'] },
      { field: 'departments', after: expect.arrayContaining(['人力资源部']) },
    ])
    await change({ userid: 'wangwu', department: [4] })
    expect((await changesOf('wangwu'))[0]).toMatchObject([
      'put',
      [{ field: 'departments', before: expect.arrayContaining(['人力资源部']) }],
    ])
  })

  it('looks the same unknown or out of sight', async () => {
    for (const userId of ['wangwu', 'nobody', 'zhangsan'])
      expect(refusal(await member(userId, graded))).toBe(`1007 无效的用户 id: ${userId}`)
    expect((await member('zhaomin', graded)).body).toMatchObject({ canManage: false })
    expect((await member('tanghaijun', graded)).body).toMatchObject({ canManage: true })
  })
})

describe('search', () => {
  const search = async (query: Record<string, string>, as = system) =>
    (await as.get('/web/directory/search', query)).body

  it('finds members, departments and tags by name and pinyin', async () => {
    expect((await search({ text: 'zhangs' })).members[0]).toMatchObject({
      userId: 'zhangsan',
      userName: '张三',
    })
    const found = await search({ text: 'yf' })
    expect(found.departments[0]).toMatchObject({ orgId: '5', orgName: '研发中心' })
    expect((await search({ text: 'xyg' })).tags).toEqual([{ tagId: '3', tagName: '新员工' }])
    expect((await search({ text: '研发', kinds: 'members' })).departments).toEqual([])
  })

  it('stays within what a graded administrator sees', async () => {
    expect((await search({ text: 'wangwu' }, graded)).members).toEqual([])
    expect((await search({ text: '财务' }, graded)).departments).toEqual([])
    expect(orgIds((await search({ text: '招聘' }, graded)).departments)).toEqual(['9'])
  })

  it('names what was chosen before', async () => {
    const ids = { orgIds: '3,4', tagIds: '3,77', userIds: 'lisi,wangwu' }
    const { body } = await graded.get('/web/directory/names', ids)
    expect(orgIds(body.departments)).toEqual(['3'])
    expect(body.tags).toEqual([{ tagId: '3', tagName: '新员工' }])
    expect(userIds(body.members)).toEqual(['lisi'])
  })
})

describe('summary', () => {
  it('counts what is seen', async () => {
    const all = (await system.get('/web/directory/summary')).body
    expect(all).toMatchObject({ synced: true, departments: 12, members: 60, tags: 4 })
    const own = (await graded.get('/web/directory/summary')).body
    expect(own.departments).toBe(6)
    expect(own.members).toBe((await graded.get('/web/directory/members')).body.total)
  })
})

describe('tags', () => {
  const tag = async (tagId: number, as = system) => (await as.get('/web/directory/tag', { tagId })).body
  const taggedIds = async (tagId: number, as = system) =>
    userIds((await as.get('/web/directory/tag-members', { tagId, pageSize: 100 })).body.list)

  it('are listed with what is seen of them', async () => {
    const { body } = await system.get('/web/directory/tags', { sort: '-memberCount' })
    expect(body.total).toBe(4)
    expect(body.list[0]).toMatchObject({ tagName: '管理层', memberCount: 33, departmentCount: 0 })
    expect((await system.get('/web/directory/tags', { text: '党' })).body.list).toHaveLength(1)
    const seen = (await graded.get('/web/directory/tags')).body.list[0].memberCount
    expect(seen).toBeGreaterThan(0)
    expect(seen).toBeLessThan(33)
    expect(await taggedIds(1, graded)).not.toContain('yeqiang')
    expect((await tag(3, graded)).departments).toMatchObject([{ orgId: '5', canManage: false }])
    expect(refusal(await graded.get('/web/directory/tag', { tagId: 99 }))).toBe('1006 无效的标签 id: 99')
  })

  it('are written to WeCom first, only with members that are managed, and audited where something changed', async () => {
    const body = { tagId: '3', userIds: ['lisi', 'wangwu', 'zhaomin', 'nobody'], orgIds: ['9', '4', '5'] }
    const edited = (await graded.post('/web/directory/tag-edit', body)).body
    expect(edited).toEqual({
      invalidUserIds: ['wangwu', 'zhaomin', 'nobody'],
      invalidOrgIds: ['4', '5'],
      changedUsers: 1,
      changedOrgs: 1,
    })
    expect(await taggedIds(3)).toEqual(['lisi'])
    const state = (await world.control('state')) as {
      tags: { tagid: number; userlist: { userid: string }[] }[]
    }
    expect(state.tags.find(one => one.tagid === 3)?.userlist.map(one => one.userid)).toEqual(['lisi'])
    const again = { tagId: '3', userIds: ['LiSi'], orgIds: ['9'] }
    expect((await graded.post('/web/directory/tag-edit', again)).body).toMatchObject({
      invalidUserIds: [],
      changedUsers: 0,
      changedOrgs: 0,
    })
    const removed = { tagId: '3', userIds: ['lisi', 'yiwen'], orgIds: ['9'], isRemoving: '1' }
    expect((await graded.post('/web/directory/tag-edit', removed)).body.changedUsers).toBe(1)
    expect((await graded.post('/web/directory/tag-edit', removed)).body.changedUsers).toBe(0)
    expect(await taggedIds(3)).toEqual([])
    const acts = await world.ctx.db.selectFrom('audit').selectAll().where('act', 'like', 'tag.%').execute()
    expect(acts.map(one => [one.actor, one.act, one.target])).toEqual([
      ['zhangsan', 'tag.add-members', '3'],
      ['zhangsan', 'tag.remove-members', '3'],
    ])
    expect(acts.map(one => one.detail)).toMatchObject([
      { userIds: ['lisi'], orgIds: ['9'] },
      { userIds: ['lisi'], orgIds: ['9'] },
    ])
    expect(refusal(await graded.post('/web/directory/tag-edit', { tagId: '3' }))).toMatch(/^1001 /)
  })
})

describe('why somebody sees somebody', () => {
  const why = async (viewer: string, target: string, as = system) =>
    as.get('/web/directory/why', { viewer, target })

  it('names the rule of a person', async () => {
    const own = (await why('lisi', 'yiwen')).body
    expect(own).toMatchObject({ level: 'view', rule: 'own', from: { orgId: '3' } })
    const managed = (await why('zhangsan', 'hujingna')).body
    expect(managed).toMatchObject({ level: 'manage', rule: 'assigned', from: { orgId: '3' } })
    expect(orgIds(managed.from.way)).toEqual(['3', '9'])
    expect((await why('zhangsan', '12')).body).toMatchObject({
      level: 'view',
      rule: 'assigned',
      target: { kind: 'department', name: '后端开发部' },
    })
    const missing = (await why('zhangsan', 'wangwu')).body
    expect(missing).toMatchObject({ level: 'none', rule: 'missing' })
    expect(missing.has.departments).toEqual([
      { orgId: '3', orgName: '人力资源部', manage: true },
      { orgId: '5', orgName: '研发中心', manage: false },
    ])
  })

  it('names the rule of a developer', async () => {
    const whole = world.dev.devId
    const scoped = (await world.addDeveloper({ dataScope: { departments: [3], tags: [2] } })).devId
    expect((await why(whole, 'lisi')).body).toMatchObject({ level: 'manage', rule: 'everything' })
    expect((await why(scoped, 'hujingna')).body).toMatchObject({ rule: 'scope', from: { orgId: '3' } })
    expect((await why(scoped, 'liuyunyun')).body).toMatchObject({ rule: 'tag', tag: { tagName: '党员' } })
    expect((await why(scoped, 'wangwu')).body).toMatchObject({
      level: 'none',
      rule: 'missing',
      has: { departments: [{ orgId: '3' }], tags: [{ tagId: '2' }] },
    })
  })

  it('tells a graded administrator of its own only', async () => {
    expect((await why('lisi', 'yiwen', graded)).body.rule).toBe('own')
    expect(refusal(await why('lisi', 'wangwu', graded))).toMatch(/^1007/)
    expect(refusal(await why('wangwu', 'lisi', graded))).toMatch(/^1007/)
    expect(refusal(await why('lisi', '4', graded))).toMatch(/^1005/)
    expect((await why(world.dev.devId, 'lisi', graded)).status).toBe(403)
    const departments = [3, 4].map(departmentId => ({ departmentId, manage: true }))
    await setRole(world.ctx, 'test', world.corpId, 'lisi', { level: 3, departments })
    const missing = (await why('lisi', '5', graded)).body
    expect([missing.rule, orgIds(missing.has.departments)]).toEqual(['missing', ['3']])
    expect(orgIds((await why('lisi', '5')).body.has.departments)).toEqual(['3', '4'])
    await setRole(world.ctx, 'test', world.corpId, 'lisi', {
      level: 3,
      departments: [{ departmentId: 4, manage: true }],
    })
    await world.admin('user/update', { userid: 'yiwen', department: [3, 4] })
    await world.sync()
    const elsewhere = (await why('lisi', 'yiwen', graded)).body
    expect(elsewhere).toMatchObject({ level: 'manage', rule: 'assigned' })
    expect(elsewhere.from).toBeUndefined()
    expect((await why('lisi', 'yiwen')).body.from.orgId).toBe('4')
  })
})

it('members who quit at WeCom are found by words and their state, and in the file of the list', async () => {
  await world.admin('user/update', { userid: 'yeqiang', status: 5 })
  await world.sync()
  const found = async (query: object) =>
    userIds((await system.get('/web/directory/members', { ...query })).body.list)
  expect(await found({ text: 'yeqiang' })).toEqual([])
  expect(await found({ text: 'yeq', status: 'quit' })).toEqual(['yeqiang'])
  expect(await found({ text: 'yeq', status: 'active' })).toEqual([])
  expect(await found({ text: 'zhangsan', status: 'quit' })).toEqual([])
  const both = await found({ text: 'ye', status: 'active,quit' })
  expect(both).toContain('yeqiang')
  expect(both.length).toBeGreaterThan(1)
  const path = '/web/directory/members/export?text=yeq&status=quit'
  const file = await fetch(`${world.server.url}${path}`, { headers: { cookie: system.cookie } })
  expect(await file.text()).toMatch(/\r\nyeqiang,.*,已退出\r\n/)
})
