import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { addApp, setApp } from '../../features/apps/apps.ts'
import { setRole } from '../../organisation/people/administrators.ts'
import { checked, refusal } from '../../platform/http/checked.fixture.ts'
import { setDeveloper } from '../developers/developer-admin.ts'
import { endSession, insertSession, touchSession } from '../sessions/session-store.ts'
import { putAdminAccount } from '../sign-in/account-store.ts'
import { issueTicket } from './tickets.ts'

const scopes = ['directory:read', 'ticket:issue', 'tag:write']

describe('jessionId', () => {
  let world: World
  let dev: Caller
  let appId: string
  beforeAll(async () => {
    world = await startWorld()
    await world.connectCallback()
    dev = checked(await world.addDeveloper({ scopes }))
    appId = (
      await addApp(world.ctx, 'test', world.corpId, { name: '报修', devId: dev.devId, agentId: 1000077 })
    ).id
  })
  afterAll(() => world.close())

  const memberId = (userId: string) =>
    world.ctx.mirrors.of(world.corpId).members.byKey(userId.toLowerCase())?.id as number
  const issue = async (userId: string, as = dev, app = appId) => {
    const { body } = await as.post('/api/ticket/issue', { userId, appId: app })
    return body.jessionId as string
  }
  const info = async (jessionId: string, as = dev) => (await as.get('/api/user/getInfo', { jessionId })).body
  const expectDead = async (jessionId: string, as = dev) => {
    expect(await info(jessionId, as)).toBeNull()
    for (const path of ['/api/org/authList', '/api/org/list'])
      expect(refusal(await as.get(path, { jessionId }))).toBe('1012 jessionId 已失效')
    expect(refusal(await as.get('/api/org/list', { jessionId, orgId: 2 }))).toBe('1012 jessionId 已失效')
    // A valid userId beside the ticket does not help.
    expect((await as.get('/api/org/authList', { jessionId, userId: 'lisi' })).retCode).toBe('1012')
  }

  it('is issued for an own app, by its id or its agentId, and a member it knows', async () => {
    for (const app of [appId, '1000077', 1000077]) {
      const { body } = await dev.post('/api/ticket/issue', { userId: 'ZHANGSAN', appId: app })
      expect(body.expiresIn).toBe(43_200)
      expect(await info(body.jessionId)).toEqual({
        corpId: world.corpId,
        userId: 'zhangsan',
        userName: '张三',
        roleLevel: 0,
        orgList: [
          { orgId: '2', orgName: '总经理办公室', corpId: world.corpId, parentId: '1', sortNo: 100000000 },
        ],
      })
    }
    const stored = await world.ctx.db.selectFrom('ticket').select('id').execute()
    expect(stored.every(({ id }) => /^[0-9a-f]{64}$/.test(id))).toBe(true)
  })

  it('is not issued otherwise', async () => {
    const foreign = await world.addDeveloper({ scopes })
    const foreignApp = await addApp(world.ctx, 'test', world.corpId, { name: '别人的', devId: foreign.devId })
    const closed = await addApp(world.ctx, 'test', world.corpId, { name: '停用', devId: dev.devId })
    await setApp(world.ctx, 'test', world.corpId, closed.id, { enabled: false })
    const cases: [unknown, string][] = [
      [{ appId }, '1001 参数为空: userId'],
      [{ userId: 'zhangsan' }, '1001 参数为空: appId'],
      [{ userId: 'zhangsan', appId: 'app0' }, '1000 参数错误: 没有应用 app0'],
      [{ userId: 'zhangsan', appId: '1' }, '1000 参数错误: 没有应用 1'],
      [{ userId: 'zhangsan', appId: '999999999' }, '1000 参数错误: 没有应用 999999999'],
      [{ userId: 'zhangsan', appId: foreignApp.id }, `1000 参数错误: 没有应用 ${foreignApp.id}`],
      [
        { userId: 'zhangsan', appId: closed.id },
        `1000 参数错误: 应用 ${closed.id} 已停用，请管理员在应用中心启用`,
      ],
      [{ userId: 'nobody', appId }, '1007 无效的用户 id: nobody'],
      [{ userId: 'xiao.jiade', appId }, '1007 无效的用户 id: xiao.jiade 未激活或已禁用，请在企业微信中激活或启用'],
      [{ userId: 'limeijia', appId }, '1007 无效的用户 id: limeijia 未激活或已禁用，请在企业微信中激活或启用'],
    ]
    for (const [body, wanted] of cases)
      expect(refusal(await dev.post('/api/ticket/issue', body))).toBe(wanted)
    const reader = await world.addDeveloper()
    expect((await reader.post('/api/ticket/issue', { userId: 'zhangsan', appId })).retCode).toBe('1009')
  })

  it('is nothing to another developer, nor when it was made up', async () => {
    const jessionId = await issue('zhangsan')
    const other = checked(await world.addDeveloper({ scopes }))
    await expectDead(jessionId, other)
    for (const made of ['x', `${jessionId}x`, jessionId.slice(1), jessionId.toLowerCase(), '__proto__'])
      await expectDead(made)
    expect(refusal(await dev.get('/api/user/getInfo'))).toBe('1001 参数为空: jessionId')
    expect((await info(jessionId)).userId).toBe('zhangsan')
  })

  it('counts as use of the session that opened the app', async () => {
    const { ctx, corpId } = world
    const as = await signIn(world, { userId: 'lisi' })
    const to = { corpId, appId, sessionId: as.sessionId, memberId: memberId('lisi') }
    const { jessionId } = await issueTicket(ctx.db, ctx, to)
    const start = world.clock.offsetMs
    for (let hours = 0; hours < 5; hours++) {
      world.clock.offsetMs += 3_600_000
      const current = checked(await world.addDeveloper({ scopes }))
      await setApp(ctx, 'test', corpId, appId, { devId: current.devId })
      expect((await info(jessionId, current))?.userId).toBe('lisi')
    }
    expect((await as.get('/web/session')).body.signedIn).toBe(true)
    world.clock.offsetMs = start
    await setApp(ctx, 'test', corpId, appId, { devId: dev.devId })
  })

  it('dies after 12 h', async () => {
    const jessionId = await issue('zhangsan')
    world.clock.offsetMs = 43_190_000
    const late = checked(await world.addDeveloper({ scopes }))
    await setApp(world.ctx, 'test', world.corpId, appId, { devId: late.devId })
    expect((await info(jessionId, late)).userId).toBe('zhangsan')
    world.clock.offsetMs = 43_201_000
    await expectDead(jessionId, late)
    world.clock.offsetMs = 0
    await setApp(world.ctx, 'test', world.corpId, appId, { devId: dev.devId })
  })

  it('dies with its app for good: switched on again, it gives new ones', async () => {
    const jessionId = await issue('zhangsan')
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: false })
    await expectDead(jessionId)
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: true })
    await expectDead(jessionId)
    expect(await info(await issue('zhangsan'))).not.toBeNull()
  })

  it('dies when the member is disabled, quits or leaves, and follows a changed userid', async () => {
    const [disabled, quit, left, renamed] = await Promise.all(
      ['wangwu', 'zhaomin', 'wanying', 'yiwen'].map(userId => issue(userId)),
    )
    await world.admin('user/update', { userid: 'wangwu', enable: 0 })
    await world.admin('user/update', { userid: 'zhaomin', status: 5 })
    await world.admin('user/delete', { userid: 'wanying' })
    await world.admin('user/rename', { userid: 'yiwen', new_userid: 'yi.wen' })
    await world.settle()
    for (const jessionId of [disabled, quit, left]) await expectDead(jessionId as string)
    // Enabled again, a member gets new tickets, and the old ones stay dead.
    await world.admin('user/update', { userid: 'wangwu', enable: 1, status: 1 })
    await world.admin('user/update', { userid: 'zhaomin', status: 1 })
    await world.settle()
    for (const jessionId of [disabled, quit]) await expectDead(jessionId as string)
    expect((await info(await issue('wangwu'))).userId).toBe('wangwu')
    expect((await info(renamed as string)).userId).toBe('yi.wen')
    await world.admin('user/create', { userid: 'wanying', name: '万颖', mobile: '13900000077', status: 1 })
    await world.settle()
    await expectDead(left as string)
  })

  it('dies with its session, at its end or its logout', async () => {
    const ctx = world.ctx
    const at = new Date(ctx.now())
    const expiresAt = new Date(ctx.now() + 3_600_000)
    const person = { corpId: world.corpId, memberId: memberId('lisi'), adminName: null }
    for (const id of ['session-a', 'session-b'])
      await insertSession(ctx.db, { id, ...person, createdAt: at, expiresAt, acr: 1, amr: ['wecom'] })
    const to = { corpId: world.corpId, appId, memberId: memberId('lisi') }
    const a = await issueTicket(ctx.db, ctx, { ...to, sessionId: 'session-a' })
    const b = await issueTicket(ctx.db, ctx, { ...to, sessionId: 'session-b' })
    expect((await info(a.jessionId)).userId).toBe('lisi')
    await endSession(ctx.db, 'session-a', at)
    await expectDead(a.jessionId)
    expect((await info(b.jessionId)).userId).toBe('lisi')
    world.clock.offsetMs = 3_601_000
    await expectDead(b.jessionId)
    world.clock.offsetMs = 0
  })

  it('dies with a session that was not used for too long, which is shorter for administrators', async () => {
    const ctx = world.ctx
    const at = new Date(ctx.now())
    await putAdminAccount(ctx.db, { name: 'admin', password: 'x', mustChange: false }, at)
    const times = { createdAt: at, expiresAt: new Date(ctx.now() + 12 * 3_600_000) }
    const holders = {
      idle: { corpId: world.corpId, memberId: memberId('lisi'), adminName: null },
      'idle-admin': { corpId: null, memberId: null, adminName: 'admin' },
    }
    const tickets = []
    for (const [sessionId, { memberId, adminName }] of Object.entries(holders)) {
      await insertSession(ctx.db, {
        id: sessionId,
        ...holders[sessionId as 'idle'],
        ...times,
        acr: 1,
        amr: [],
      })
      const who = memberId === null ? { adminName: String(adminName) } : { memberId }
      tickets.push(await issueTicket(ctx.db, ctx, { corpId: world.corpId, appId, sessionId, ...who }))
    }
    const [ofMember, ofAdministrator] = tickets.map(ticket => ticket.jessionId)
    const unusedFor = async (minutes: number) => {
      for (const id of Object.keys(holders))
        await touchSession(ctx.db, id, new Date(ctx.now() - minutes * 60_000))
      return [await info(ofMember!), await info(ofAdministrator!)].map(body => body?.userId)
    }
    expect(await unusedFor(59)).toEqual(['lisi', 'admin'])
    expect(await unusedFor(61)).toEqual(['lisi', undefined])
    expect(await unusedFor(239)).toEqual(['lisi', undefined])
    expect(await unusedFor(241)).toEqual([undefined, undefined])
  })

  it('names the system super administrator without departments', async () => {
    const account = { name: 'admin', password: 'x', mustChange: false }
    await putAdminAccount(world.ctx.db, account, new Date(world.ctx.now()))
    const to = { corpId: world.corpId, appId, adminName: 'admin' }
    const { jessionId } = await issueTicket(world.ctx.db, world.ctx, to)
    expect(await info(jessionId)).toEqual({
      corpId: world.corpId,
      userId: 'admin',
      userName: '系统超级管理员',
      roleLevel: 1,
    })
    const { body } = await dev.get('/api/org/authList', { jessionId })
    expect(body.list.map((one: { orgId: string }) => one.orgId)).toEqual(['1'])
  })

  it('tells the level of administrators at once', async () => {
    const jessionId = await issue('lisi')
    expect((await info(jessionId)).roleLevel).toBe(0)
    await setRole(world.ctx, 'test', world.corpId, 'lisi', { level: 2 })
    expect((await info(jessionId)).roleLevel).toBe(2)
    const departments = [{ departmentId: 5, manage: true }]
    await setRole(world.ctx, 'test', world.corpId, 'lisi', { level: 3, departments })
    expect(await info(jessionId)).toMatchObject({ roleLevel: 3, orgList: [{ orgId: '3' }] })
  })

  it('is nothing to a developer whose data scope does not reach the person', async () => {
    const jessionId = await issue('lisi')
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: { departments: [3], tags: [] } })
    expect((await info(jessionId)).userId).toBe('lisi')
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: { departments: [2], tags: [] } })
    await expectDead(jessionId)
    expect((await dev.post('/api/ticket/issue', { userId: 'lisi', appId })).retCode).toBe('1007')
    await setDeveloper(world.ctx, 'test', dev.devId, { dataScope: null })
  })
})
