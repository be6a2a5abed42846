import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callerOf, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { begins, ends } from '../../../features/alerts/open-alerts.fixture.ts'
import { arrived, useAgents } from '../../../features/messages/messages.fixture.ts'
import { readConfig } from '../../../platform/config.ts'
import { calendarDayIn } from '../../../platform/moments.ts'
import { dayOf, nextDayAt } from '../../../platform/operation/day.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { type Server, startServer } from '../../../server.ts'
import { setDeveloper } from '../developer-admin.ts'

const bills = '/api/pay/bill/list'

let world: World
let other: Server
let lisi: SignedInClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  const now = () => Date.now() + world.clock.offsetMs
  other = await startServer(readConfig(world.env), { log: createLog('silent'), now })
  await useAgents(world)
  lisi = await signInAs(world, 'super', 'lisi')
})
afterAll(async () => {
  await other.close()
  await world.close()
})
beforeEach(() => {
  world.clock.offsetMs = 0
})

/** Whether the transaction in which a member's access ends has alerts looked for. It is rolled back. */
const areAlertsDueAfter = (memberId: number) =>
  world.ctx.db
    .transaction()
    .execute(async tx => {
      await tx.deleteFrom('queue').where('stream', '=', 'alert-check').execute()
      await world.ctx.offered.endAccess(tx, world.corpId, [memberId], new Date())
      const due = await tx.selectFrom('queue').select('key').where('stream', '=', 'alert-check').execute()
      throw { isDue: due.length > 0 }
    })
    .catch((rolledBack: { isDue: boolean }) => rolledBack.isDue)

const own = (owner = 'zhangsan') =>
  world.addDeveloper({ name: '报修系统', owners: [owner], scopes: ['directory:read'] })
const ask = (as: SignedInClient, devId: string, scopes: string[], reason = '对账') =>
  as.post('/web/developers/scope-requests/ask', { devId, scopes, reason })
const grant = (id: number, lastDay?: string) =>
  lisi.post('/web/developers/scope-requests/grant', { id, ...(lastDay ? { lastDay } : {}) })
const refuse = (id: number, why: string) => lisi.post('/web/developers/scope-requests/refuse', { id, why })
const detail = async (devId: string) => (await lisi.get('/web/developers/one', { devId })).body
const requests = async (devId: string) =>
  (await lisi.get('/web/developers/scope-requests', { devId })).body.list
const needs = async () =>
  (await lisi.get('/web/alerts')).body.list as { kind: string; alert: object | null }[]
const alerts = async (kind: string) => {
  await world.ctx.jobs.run('alerts')
  return (await needs()).filter(one => one.kind === kind && one.alert)
}
const attention = async () => (await needs()).map(one => one.kind)
const audited = async (devId: string) => {
  const { list } = (await lisi.get('/web/audit', { target: devId, pageSize: 50 })).body
  return list.map((one: { act: string; actor: string }) => `${one.actor} ${one.act}`)
}

describe('an owner', () => {
  it('sees their developers and no others, and makes a secret that bears their name', async () => {
    const { devId } = await own()
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const { list } = (await zhangsan.get('/web/developers/own')).body
    expect(list).toContainEqual({ devId, name: '报修系统', enabled: true })
    expect(list.map((one: { devId: string }) => one.devId)).not.toContain(world.dev.devId)
    expect((await lisi.get('/web/developers/own')).body.list).toEqual([])
    const { devSecret } = (await zhangsan.post('/web/developers/add-secret', { devId })).body
    expect(
      (await callerOf(world.server.url, { devId, devSecret }).get('/api/user/get', { userId: 'zhangsan' }))
        .retCode,
    ).toBe('0')
    const made = (await detail(devId)).secrets.map((one: { createdBy: object | null }) => one.createdBy)
    expect(made).toEqual([null, { userId: 'zhangsan', name: '张三', mayAct: true }])
    expect(await audited(devId)).toContain('zhangsan developer.rotate')
  })

  it('reads the request log and limits of theirs, and of nobody else', async () => {
    const dev = await own()
    const { devId } = dev
    const mine = (await dev.get(bills)).headers.get('x-request-id') ?? ''
    const other = (await world.dev.get(bills)).headers.get('x-request-id') ?? ''
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const log = async (query: object) => zhangsan.get('/web/developers/requests', { ...query })
    expect((await log({ devId, outcome: 'failed' })).body.list).toMatchObject([
      { requestId: mine, code: '1009' },
    ])
    expect([(await log({})).status, (await log({ devId: world.dev.devId })).status]).toEqual([403, 403])
    const one = (requestId: string) => zhangsan.get('/web/developers/requests/one', { devId, requestId })
    expect([(await one(mine)).retCode, (await one(other)).retCode]).toEqual(['0', '1000'])
    expect((await zhangsan.get('/web/developers/limits', { devId })).retCode).toBe('0')
  })

  it('gives no settings to themselves', async () => {
    const { devId } = await own()
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    for (const path of ['save', 'owners/save', 'limits/save'].map(one => `/web/developers/${one}`))
      expect((await zhangsan.post(path, { devId })).status, path).toBe(403)
  })

  it('loses access on every node when taken away, without a new session', async () => {
    const { devId } = await own()
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const status = async (url: string) =>
      (await fetch(`${url}/web/developers/one?devId=${devId}`, { headers: { cookie: zhangsan.cookie } }))
        .status
    await until('the other node knows', async () => (await status(other.url)) === 200)
    const before = (await lisi.get('/web/developers/owners', { devId })).body.version
    await lisi.post('/web/developers/owners/save', { devId, owners: ['lisi'] })
    // A form that was filled before somebody else named others is refused.
    const stale = { devId, owners: ['zhangsan', 'lisi'], version: before }
    expect((await lisi.post('/web/developers/owners/save', stale)).retMessage).toContain('已被他人修改')
    expect(await status(world.server.url)).toBe(403)
    await until('the other node heard', async () => (await status(other.url)) === 403, 1000)
    expect(await audited(devId)).toContain('lisi developer.set')
  })

  it('who leaves loses access at once, and administrators are told', async () => {
    const { devId } = await own('wangwu')
    const wangwu = await signIn(world, { userId: 'wangwu' })
    await wangwu.post('/web/developers/add-secret', { devId })
    expect(await alerts('developerOwnerless')).toEqual([])
    const { id = 0 } = world.ctx.mirrors.of(world.corpId).members.byKey('wangwu') ?? {}
    expect(await areAlertsDueAfter(id)).toBe(true)
    const nobody = -1
    expect(await areAlertsDueAfter(nobody)).toBe(false)
    await world.admin('user/delete', { userid: 'wangwu' })
    await world.sync()
    expect((await wangwu.get('/web/developers/one', { devId })).status).toBe(401)
    const { secrets } = await detail(devId)
    expect(secrets[1].createdBy).toMatchObject({ userId: 'wangwu', mayAct: false })
    expect((await lisi.get('/web/developers/owners', { devId })).body.list).toMatchObject([{ mayAct: false }])
    expect(await attention()).toContain('developerOwnerless')
    await begins(world.ctx, 'developerOwnerless')
    expect(await alerts('developerOwnerless')).toMatchObject([{ path: expect.stringContaining(devId) }])
    await until('the message', async () => (await arrived(world, '没有负责人了')).length > 0)
    await lisi.post('/web/developers/owners/save', { devId, owners: ['zhangsan'] })
    expect(await alerts('developerOwnerless')).toEqual([])
    expect(await attention()).not.toContain('developerOwnerless')
  })
})

describe('a request for scopes', () => {
  it('reaches administrators, is granted with an end, and ends on every node by the clock', async () => {
    const dev = await own()
    const { devId } = dev
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    expect((await dev.get(bills)).retCode).toBe('1009')
    const { id } = (await ask(zhangsan, devId, ['pay:read'])).body
    expect(await attention()).toContain('scopeRequested')
    await begins(world.ctx, 'scopeRequested')
    expect(await alerts('scopeRequested')).toMatchObject([{ what: expect.stringContaining('pay:read') }])
    await until('the message', async () => (await arrived(world, '申请权限')).length > 0)
    expect((await lisi.get('/web/developers/scope-requests/waiting')).body.list).toMatchObject([
      {
        id,
        devId,
        developer: '报修系统',
        userName: '张三',
        scopes: ['pay:read'],
        reason: '对账',
        state: 'asked',
      },
    ])

    const end = nextDayAt(world.ctx.now())
    const today = dayOf(world.ctx.now())
    expect((await grant(id, today)).retCode).toBe('0')
    expect((await detail(devId)).scopeDays).toEqual({ 'pay:read': today })
    expect(await requests(devId)).toMatchObject([{ state: 'granted', decidedBy: 'lisi', lastDay: today }])
    await until('the answer', async () => (await arrived(world, '权限申请已通过')).length === 1)
    await ends(world.ctx, 'scopeRequested')
    expect(await alerts('scopeRequested')).toEqual([])
    expect(await alerts('scopeEnds')).toMatchObject([
      { what: expect.stringContaining(calendarDayIn('zh', today, { isKept: true, today })) },
    ])

    world.clock.offsetMs = end - 60_000 - Date.now()
    const late = callerOf(world.server.url, dev)
    const elsewhere = async () => {
      const path = `${other.url}${bills}?devToken=${await late.token()}`
      return ((await (await fetch(path)).json()) as { retCode: string }).retCode
    }
    expect((await late.get(bills)).retCode).toBe('0')
    await until('the other node knows the scope', async () => (await elsewhere()) === '0')
    world.clock.offsetMs += 61_000
    expect([(await late.get(bills)).retCode, await elsewhere()]).toEqual(['1009', '1009'])
    expect((await late.get('/api/user/get', { userId: 'zhangsan' })).retCode).toBe('0')
  })

  it('is refused with a reason that the owner is told, and may be asked again', async () => {
    const { devId } = await own()
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const { id } = (await ask(zhangsan, devId, ['pay:write'])).body
    expect((await refuse(id, '  ')).retCode).toBe('1001')
    expect((await refuse(id, '请先找财务确认')).retCode).toBe('0')
    await until('the answer', async () => (await arrived(world, '请先找财务确认')).length === 1)
    expect(await requests(devId)).toMatchObject([{ state: 'refused', why: '请先找财务确认' }])
    expect((await grant(id)).retMessage).toMatch(/已经处理过了/)
    expect((await detail(devId)).scopes).toEqual(['directory:read'])
    expect((await ask(zhangsan, devId, ['pay:write'])).retCode).toBe('0')
    const acts = ['zhangsan developer.ask-scopes', 'lisi developer.refuse-scopes']
    expect(await audited(devId)).toEqual(expect.arrayContaining(acts))
  })

  it('brings the scope along when it is for calls of vendors, which are granted with it', async () => {
    const { devId } = await own()
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const askFor = (upstreamPaths: string[]) =>
      zhangsan.post('/web/developers/scope-requests/ask', { devId, upstreamPaths, reason: '考勤' })
    const paths = ['wecom/checkin/getcheckindata', 'wecom/oa/meetingroom/list']
    const { body } = await askFor(paths)
    expect(await requests(devId)).toMatchObject([{ scopes: ['upstream:call'], upstreamPaths: paths }])
    expect((await askFor([paths[0]!])).retMessage).toContain('正在等管理员处理')
    expect((await askFor(['wecom/gettoken'])).retMessage).toContain('凭证')
    expect((await askFor(['wecom/nothing'])).retCode).toBe('1000')
    expect((await needs()).find(one => one.kind === 'scopeRequested')).toBeDefined()
    expect((await grant(body.id)).retCode).toBe('0')
    expect(await detail(devId)).toMatchObject({
      upstreamPaths: paths,
      scopes: ['directory:read', 'upstream:call'],
    })
    expect((await askFor([paths[0]!])).retMessage).toContain('已可代调用')
    const limited = await own()
    await setDeveloper(world.ctx, 'test', limited.devId, { dataScope: { departments: [1], tags: [] } })
    const refused = await zhangsan.post('/web/developers/scope-requests/ask', {
      devId: limited.devId,
      upstreamPaths: [paths[0]!],
      reason: '考勤',
    })
    expect(refused.retMessage).toContain('数据范围')
    const catalogue = await zhangsan.get('/web/developers/upstream-calls', { devId })
    expect(catalogue.body.list.find((one: { name: string }) => one.name === paths[0])).toMatchObject({
      vendor: 'wecom',
      methods: ['POST'],
      isPersonal: true,
    })
  })

  it('is decided once when two administrators decide it at once', async () => {
    const { devId } = await own()
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const { id } = (await ask(zhangsan, devId, ['pay:read', 'pay:write'])).body
    const codes = (await Promise.all([grant(id), refuse(id, '不需要'), grant(id)])).map(one => one.retCode)
    expect(codes.sort()).toEqual(['0', '1000', '1000'])
  })

  it.each([
    ['what the developer has', ['directory:read'], '对账', '1000', /已有权限/],
    ['what waits already', ['message:send', 'pay:read'], '对账', '1000', /正在等/],
    ['what there is not', ['rule:all'], '对账', '1000', /rule:all/],
    ['nothing', [], '对账', '1001', /scopes/],
    ['without a reason', ['pay:write'], ' ', '1001', /reason/],
  ])('is refused for %s', async (_, scopes, reason, code, why) => {
    const { devId } = await own()
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    await ask(zhangsan, devId, ['pay:read'])
    const answer = await ask(zhangsan, devId, scopes, reason)
    expect([answer.retCode, answer.retMessage]).toEqual([code, expect.stringMatching(why)])
    expect((await requests(devId)).length).toBe(1)
  })

  it('comes from owners only, five at a time', async () => {
    const { devId } = await own()
    expect((await ask(lisi, devId, ['pay:read'])).retCode).toBe('1009')
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const wanted = ['directory:mobile', 'tag:write', 'message:send', 'sms:send', 'pay:read', 'pay:write']
    const codes = await Promise.all(wanted.map(async scope => (await ask(zhangsan, devId, [scope])).retCode))
    expect(codes.sort()).toEqual(['0', '0', '0', '0', '0', '1000'])
  })
})

describe('the end of a scope', () => {
  it('stays with the scope, goes with it, and is lengthened by a request', async () => {
    const { devId } = await own()
    const set = (change: object) => setDeveloper(world.ctx, 'test', devId, change)
    const days = async () => (await detail(devId)).scopeDays
    await set({ scopes: ['directory:read', 'pay:read'], scopeDays: { 'pay:read': '2099-12-31' } })
    await set({ scopes: ['pay:read'] })
    expect(await days()).toEqual({ 'pay:read': '2099-12-31' })
    const zhangsan = await signIn(world, { userId: 'zhangsan' })
    const { id } = (await ask(zhangsan, devId, ['pay:read'])).body
    await grant(id)
    expect(await days()).toEqual({})
    await set({ scopeDays: { 'pay:read': '2099-12-31' } })
    await set({ scopes: [] })
    expect(await days()).toEqual({})
  })
})
