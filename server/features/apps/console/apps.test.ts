import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { issueTicket } from '../../../callers/tickets/tickets.ts'
import { addApp, listApps } from '../apps.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const everyone = { everyone: true, departments: [], userIds: [], tags: [] }

describe('the app centre', () => {
  let world: World
  let admin: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 20, departments: 4, tags: 2 })
    admin = await signInAs(world, 'super')
  })
  afterAll(() => world.close())

  const add = (settings: object) => admin.post('/web/apps/add', { settings })
  const detail = async (id: string) => (await admin.get('/web/apps/app', { id })).body
  const iconOf = (id: string, etag = '') =>
    fetch(`${world.server.url}/web/apps/icon?id=${id}`, {
      headers: { cookie: admin.cookie, ...(etag ? { 'if-none-match': etag } : {}) },
    })

  it('keeps what the form says and gives it back', async () => {
    const { body, retMessage } = await add({
      name: ' 报销 ',
      devId: world.dev.devId,
      agentId: 1000002,
      homeUrl: 'https://a.example/app?x=1#/home',
      mobileUrl: 'https://m.a.example/',
      category: '财务',
      description: '费用报销',
      sortNo: 7,
      openIn: 'frame',
      origins: ['https://cdn.a.example/x', 'https://cdn.a.example'],
      visibility: { everyone: false, departments: [1], userIds: ['ZHANGSAN'], tags: [] },
      icon: png.toString('base64'),
    })
    expect(retMessage).toBe('成功')
    expect(body).toMatchObject({ version: 1, sync: null })
    expect(await detail(body.id)).toMatchObject({
      name: '报销',
      developerName: '测试',
      category: '财务',
      sortNo: 7,
      openIn: 'frame',
      ownOrigins: ['https://cdn.a.example'],
      origins: ['https://a.example', 'https://m.a.example', 'https://cdn.a.example'],
      visibility: {
        everyone: false,
        departments: [{ id: 1, isGone: false }],
        members: [{ userId: 'zhangsan', name: '张三', isGone: false }],
        tags: [],
      },
      visibleTo: { members: 20 },
      notSynced: '该应用没有开启同步菜单',
      updatedBy: 'zhangsan',
    })
  })

  it.each<[object, string]>([
    [{}, '参数为空: name'],
    [{ name: 'x', openIn: 'popup' }, 'settings.openIn'],
  ])('refuses %j', async (settings, why) => {
    const before = (await listApps(world.ctx, world.corpId)).length
    const { retCode, retMessage } = await add(settings)
    expect(retMessage).toContain(why)
    expect(retCode).not.toBe('0')
    expect((await listApps(world.ctx, world.corpId)).length).toBe(before)
  })

  it('serves an icon with its type and an ETag, and takes it away', async () => {
    const { body } = await add({ name: '图标', icon: png.toString('base64') })
    const icon = await iconOf(body.id)
    expect([icon.headers.get('content-type'), icon.headers.get('x-content-type-options')]).toEqual([
      'image/png',
      'nosniff',
    ])
    expect(Buffer.from(await icon.arrayBuffer()).equals(png)).toBe(true)
    expect((await iconOf(body.id, icon.headers.get('etag') ?? '')).status).toBe(304)
    expect((await fetch(`${world.server.url}/web/apps/icon?id=${body.id}`)).status).toBe(401)
    const member = await signIn(world, { userId: 'lisi' })
    expect((await fetch(icon.url, { headers: { cookie: member.cookie } })).status).toBe(200)
    await admin.post('/web/apps/save', { id: body.id, version: 1, settings: { icon: null } })
    expect((await iconOf(body.id)).status).toBe(404)
  })

  it('refuses a save over somebody else’s, and says whose', async () => {
    const { id } = (await add({ name: '两人' })).body
    const system = await signIn(world, { admin: 'admin' })
    const theirs = { id, version: 1, corpId: world.corpId, settings: { name: '她改的' } }
    expect((await system.post('/web/apps/save', theirs)).body).toMatchObject({ version: 2 })
    const mine = await admin.post('/web/apps/save', { id, version: 1, settings: { name: '我改的' } })
    expect(mine.retMessage).toBe('参数错误: admin 刚刚保存过，您的修改没有保存。请重新打开后再改')
    expect((await detail(id)).name).toBe('她改的')
    expect((await admin.post('/web/apps/save', { id, settings: {} })).retMessage).toContain('version')
  })

  it('saves an app whose first sync fails, and tells why', async () => {
    const { body } = await add({
      name: '同步',
      homeUrl: 'https://a.example/',
      syncMenu: true,
      syncUrl: 'http://127.0.0.2:1/menu',
    })
    expect(body.sync).toMatchObject({
      outcome: 'failed',
      n: null,
      error: expect.stringContaining('127.0.0.2'),
    })
    expect(await detail(body.id)).toMatchObject({ syncMenu: true, hasMenu: false })
    const again = { id: body.id, version: body.version, settings: { description: 'again' } }
    const english = await admin.post('/web/apps/save', again, { 'accept-language': 'en' })
    expect(english.body.sync.error).toMatch(/leads to the local address 127\.0\.0\.2/)
    expect(english.body.sync.error).toMatch(/^\P{sc=Han}+$/u)
    const { list } = (await admin.get('/web/apps/list', { text: 'tongbu' })).body
    expect(list).toMatchObject([{ id: body.id, lastSync: { outcome: 'failed' } }])
  })

  it('keeps in a visibility who has left, until they are taken out', async () => {
    const userId = [...world.ctx.mirrors.of(world.corpId).members.all()].at(-1)?.userId ?? ''
    const visibility = { everyone: false, departments: [1], userIds: [userId], tags: [] }
    const { id } = (await add({ name: '离职', visibility })).body
    await world.admin('user/delete', { userid: userId })
    await world.sync()
    expect((await detail(id)).visibility.members).toMatchObject([{ userId, isGone: true }])
    const save = (version: number, userIds: string[]) =>
      admin.post('/web/apps/save', { id, version, settings: { visibility: { ...visibility, userIds } } })
    expect((await save(1, [userId])).retCode).toBe('0')
    expect((await save(2, [])).retCode).toBe('0')
    expect((await save(3, [userId])).retCode).toBe('1007')
  })

  it('counts who would see it', async () => {
    const count = async (visibility: object) =>
      (await admin.post('/web/apps/count-visible', { visibility })).body
    const all = await count(everyone)
    expect(await count({ ...everyone, everyone: false, departments: [1] })).toEqual(all)
    expect(await count({ ...everyone, everyone: false, userIds: ['zhangsan'] })).toEqual({
      members: 1,
      active: 1,
    })
  })

  it('ends the tickets of a disabled app for good', async () => {
    const { ctx, corpId, dev } = world
    const { id } = (await add({ name: '停用', devId: dev.devId })).body
    const memberId = ctx.mirrors.of(corpId).members.byKey('zhangsan')?.id ?? 0
    const { jessionId } = await issueTicket(ctx.db, ctx, { corpId, appId: id, memberId })
    const info = async () => (await dev.get('/api/user/getInfo', { jessionId })).body
    expect(await info()).toMatchObject({ userId: 'zhangsan' })
    expect((await admin.get('/web/apps/dependants', { id })).body).toEqual({
      liveTickets: 1,
      menuVersions: 0,
    })
    const off = await admin.post('/web/apps/enable', { id, enabled: '0' })
    // A form that was open during this change can still be saved.
    expect(off.body).toMatchObject({ enabled: false, version: 1 })
    expect(await info()).toBeNull()
    await admin.post('/web/apps/enable', { id, enabled: '1' })
    expect(await info()).toBeNull()
    expect((await admin.post('/web/apps/remove', { id })).retCode).toBe('0')
    expect((await admin.get('/web/apps/app', { id })).retMessage).toContain(`没有应用 ${id}`)
  })

  it('finds, filters, sorts and pages', async () => {
    const { ctx, corpId } = world
    for (const name of ['考勤', '会议室', '审批'])
      await addApp(ctx, 'test', corpId, { name, category: '行政' })
    const list = async (query: Record<string, string | number>) => {
      const { body } = await admin.get('/web/apps/list', { category: '行政', ...query })
      return [body.total, ...body.list.map((one: { name: string }) => one.name)]
    }
    expect(await list({})).toEqual([3, '考勤', '会议室', '审批'])
    expect(await list({ sort: 'name' })).toEqual([3, '会议室', '考勤', '审批'])
    expect(await list({ sort: '-name', pageSize: 1, pageNo: 3 })).toEqual([3, '会议室'])
    expect(await list({ text: 'kq' })).toEqual([1, '考勤'])
    expect(await list({ text: 'shenpi' })).toEqual([1, '审批'])
    expect(await list({ text: '会议' })).toEqual([1, '会议室'])
    expect(await list({ enabled: '0' })).toEqual([0])
    expect(await list({ developer: 'none' })).toEqual([3, '考勤', '会议室', '审批'])
    expect((await admin.get('/web/apps/list', { sort: 'colour' })).retMessage).toContain('sort 应为')
    const { body } = await admin.get('/web/apps/choices')
    expect(body).toMatchObject({
      developers: [{ name: '测试', enabled: true }],
      categories: ['财务', '行政'],
    })
  })
})
