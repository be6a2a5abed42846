import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminCalls } from '../server/features.ts'
import { setRole } from '../server/organisation/people/administrators.ts'
import { type Manager, managerBy } from './admin-token.ts'
import { checkCompat } from './compat-calls.fixture.ts'
import { checkGovernance } from './governance-calls.fixture.ts'
import { type Answer, call, callerOf, startWorld, type World } from './harness.ts'
import { checkApprovals, checkGroupChats, checkMessageCentre } from './message-centre-calls.fixture.ts'

let world: World
let all: Manager
let menu: Server
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 2 })
  await world.connectCallback()
  all = await managerBy(world)
  menu = createServer((_request, response) =>
    response.end('{"menuList":[{"name":"首页","path":"/home","orderNum":1,"children":[]}]}'),
  )
  await new Promise<void>(resolve => menu.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  menu.close()
  await world.close()
})

const called = new Set<string>()
const get = async (path: string, query: Record<string, string | number> = {}) =>
  bodyOf(path, await all.get(path, query))
const post = async (path: string, body: object = {}) => bodyOf(path, await all.post(path, body))
function bodyOf(path: string, answer: Answer) {
  called.add(path)
  expect(answer.retCode, `${path}: ${answer.retMessage}`).toBe('0')
  return answer.body
}
async function lastActs(limit = 1) {
  const { list } = await get('/api/admin/audit', { pageSize: limit })
  return list as { act: string; actor: string; detail: Record<string, unknown> }[]
}

describe('corps by API', () => {
  it('are listed, shown and changed', async () => {
    expect((await get('/api/admin/corps')).list).toMatchObject([{ corpId: world.corpId, members: 20 }])
    expect(await post('/api/admin/corp/set', { settings: { name: '新名', requestLogDays: 3 } })).toEqual({
      saved: true,
      checks: [],
    })
    expect(await get('/api/admin/corp')).toMatchObject({ name: '新名', requestLogDays: 3 })
    expect(await get('/api/admin/siem')).toEqual({ list: [] })
    expect(await lastActs()).toMatchObject([
      { act: 'corp.set', actor: 'admin', detail: { adminToken: `测试 (#${all.id})` } },
    ])
  })

  it('keep their secret when WeCom refuses another, and are examined', async () => {
    const refused = await post('/api/admin/corp/set', { settings: { contactSecret: 'wrong', name: '别的' } })
    expect(refused).toMatchObject({ saved: false, checks: [{ state: 'failed' }] })
    expect((await get('/api/admin/corp')).name).toBe('新名')
    expect((await post('/api/admin/corp/doctor')).checks.length).toBeGreaterThan(3)
    expect(await get('/api/admin/corp/addresses')).toMatchObject({
      address: expect.any(String),
      list: expect.any(Array),
    })
  })

  it('are connected, when WeCom takes the secret', async () => {
    const settings = { newCorpId: 'ww0000', name: '别家', contactSecret: world.sandbox.contactSecret }
    expect(await post('/api/admin/corp/add', settings)).toMatchObject({ saved: false, callback: null })
  })

  it('have message types and group robots', async () => {
    await checkMessageCentre(all, called)
    expect((await get('/api/admin/messageChoices', { userId: 'zhangsan' })).types).toEqual([])
    expect((await get('/api/admin/messageChannels')).list.map((one: { name: string }) => one.name)).toContain(
      'wecom',
    )
  })
  it('govern', () => checkGovernance(all, called, world))
  it('have their features switched', async () => {
    await post('/api/admin/feature/set', { feature: 'mcp', on: false })
    const { list } = await get('/api/admin/features')
    expect(list.find((one: { feature: string }) => one.feature === 'mcp').isOn).toBe(false)
  })
  it('have agents, who keep their secret when none is given', async () => {
    const { agentId, secret } = world.sandbox.agents[0]!
    const added = await post('/api/admin/agent/set', { agentId, name: '门户', uses: ['signin'], secret })
    expect(added).toMatchObject({ saved: true })
    await post('/api/admin/agent/set', { agentId, name: '工作台', uses: ['signin', 'messages'] })
    expect((await get('/api/admin/agents')).list).toMatchObject([{ agentId, name: '工作台' }])
    const menu = { buttons: [{ name: '官网', type: 'view', url: 'https://example.com/' }] }
    expect(await post('/api/admin/agent/menu/publish', { agentId, menu })).toEqual({ n: 1 })
    await checkApprovals(all, called, agentId)
    expect(await post('/api/admin/agent/menu/pull', { agentId })).toEqual({ n: 1 })
    expect(await get('/api/admin/agent/menu', { agentId })).toMatchObject({ n: 1, publishedN: 1, menu })
    const values = await post('/api/admin/agent/callback/set', { agentId })
    expect(values.url).toMatch(/\/api\/callback\/agent\/\w{32}$/)
    const rotated = await post('/api/admin/agent/callback/rotate', { agentId })
    expect([rotated.url === values.url, rotated.token === values.token]).toEqual([true, false])
    expect(await post('/api/admin/agent/callback/rotate', { agentId, keep: true })).toEqual(values)
    const { token, encodingAesKey } = values
    const forward = { agentId, url: `${world.server.url}/none`, token, encodingAesKey }
    expect((await post('/api/admin/agent/forward/set', forward)).problem).toContain('404')
    expect(await get('/api/admin/agent/callback', { agentId })).toMatchObject({ forwardUrl: forward.url })
    await post('/api/admin/agent/forward/stop', { agentId })
    await post('/api/admin/agent/remove', { agentId })
    expect((await get('/api/admin/agents')).list).toEqual([])
    const without = await all.post('/api/admin/agent/set', { agentId, name: '门户', uses: [] })
    expect(without.retCode).toBe('1001')
  })
})

describe('developers by API', () => {
  it('are made with a secret that is told once, changed, and given another', async () => {
    const { devId, devSecret } = await post('/api/admin/developer/add', {
      name: '报修',
      settings: { scopes: ['directory:read'], owners: ['zhangsan'] },
    })
    const codeOf = async (secret: string) =>
      (await callerOf(world.server.url, { devId, devSecret: secret }).get('/api/org/tagList')).retCode
    expect(await codeOf(devSecret)).toBe('0')
    const set = await post('/api/admin/developer/set', { devId, settings: { allowedIps: ['192.0.2.1'] } })
    expect(set).toMatchObject({ allowedIps: ['192.0.2.1'], owners: ['zhangsan'] })
    await post('/api/admin/developer/set', { devId, settings: { allowedIps: [], enabled: false } })
    expect(await get('/api/admin/developer', { devId })).toMatchObject({ enabled: false, name: '报修' })
    await post('/api/admin/developer/set', { devId, settings: { enabled: true } })
    const second = await post('/api/admin/developer/rotate', { devId })
    expect(await post('/api/admin/developer/revoke', { devId })).toEqual({ revoked: 1 })
    expect(await codeOf(second.devSecret)).toBe('0')
    await checkCompat(all, called, devId)
    await checkGroupChats(all, called, { db: world.ctx.db, corpId: world.corpId, devId })
    const answers = JSON.stringify(await get('/api/admin/developers'))
    expect(answers).toContain(devId)
    for (const secret of [devSecret, second.devSecret]) expect(answers).not.toContain(secret)
    expect(Array.isArray((await get('/api/admin/developer/usage', { devId, days: 2 })).list)).toBe(true)
    await post('/api/admin/developer/remove', { devId })
    const refused = new URLSearchParams({ devId, devSecret: second.devSecret })
    expect((await call(`${world.server.url}/api/token/getDevToken?${refused}`)).retCode).toBe('1002')
    expect(await post('/api/admin/developer/restore', { id: devId })).toMatchObject({ name: '报修' })
    expect(await codeOf(second.devSecret)).toBe('0')
  })
})

describe('apps by API', () => {
  it('are added, changed, synced and removed', async () => {
    const base = `http://127.0.0.1:${(menu.address() as AddressInfo).port}`
    const added = await post('/api/admin/app/add', {
      name: '示例',
      settings: {
        homeUrl: `${base}/`,
        visibility: { everyone: false, departments: [], userIds: ['zhangsan'], tags: [] },
      },
    })
    const { id } = added
    expect(added.visibility.userIds).toEqual(['zhangsan'])
    await post('/api/admin/app/set', {
      id,
      settings: { syncMenu: true, syncUrl: `${base}/menu`, category: '后勤' },
    })
    expect(await post('/api/admin/app/sync', { id })).toMatchObject({ outcome: 'new', n: 1 })
    expect(await get('/api/admin/app/menu', { id })).toMatchObject({ n: 1, menuList: [{ name: '首页' }] })
    expect(await post('/api/admin/app/menu/rollback', { id, n: 1 })).toEqual({ n: expect.any(Number) })
    expect((await get('/api/admin/apps')).list).toContainEqual(
      expect.objectContaining({ id, category: '后勤' }),
    )
    await post('/api/admin/app/remove', { id })
    expect((await get('/api/admin/apps')).list.map((one: { id: string }) => one.id)).not.toContain(id)
    expect((await get('/api/admin/deleted')).list[0]).toMatchObject({ kind: 'app', id, name: '示例' })
    expect(await post('/api/admin/app/restore', { id })).toEqual({ id, name: '示例', sameName: [] })
    expect(await get('/api/admin/app/menu', { id })).toMatchObject({ menuList: [{ name: '首页' }] })
  })
})

describe('syncs by API', () => {
  it('are started, followed and compared', async () => {
    const { id } = await post('/api/admin/sync/start', { kind: 'dry-run' })
    await world.ctx.sync.drain(world.corpId)
    expect(await get('/api/admin/sync/run', { id })).toMatchObject({
      id,
      state: 'done',
      requestedBy: 'admin',
    })
    expect((await get('/api/admin/sync/runs', { state: 'done' })).total).toBeGreaterThan(0)
    expect((await get('/api/admin/sync/status')).runs[0]).toMatchObject({ id })
    expect(await get('/api/admin/sync/drift')).toMatchObject({ run: id, total: 0 })
  })

  it('are stopped, and approved where they wait for that', async () => {
    await world.control('faults', { match: '/cgi-bin/', mode: 'code:-1' })
    const { id } = await post('/api/admin/sync/start', { kind: 'full' })
    await post('/api/admin/sync/cancel', { id })
    await world.control('faults', undefined, 'DELETE')
    called.add('/api/admin/sync/approve')
    expect((await all.post('/api/admin/sync/approve', { id })).retMessage).toContain('不在待批准状态')
    await world.ctx.db
      .updateTable('sync_run')
      .set({ state: 'approval', finished_at: null })
      .where('id', '=', id)
      .execute()
    expect(await post('/api/admin/sync/approve', { id })).toEqual({ id })
    await world.ctx.sync.drain(world.corpId)
  })

  it('have the events of the address book', async () => {
    await world.admin('user/update', { userid: 'lisi', name: '李四光' })
    await world.settle()
    const { list } = await get('/api/admin/sync/events', { limit: 5 })
    const { id } = list[0]
    expect((await get('/api/admin/sync/event', { id })).plain).toContain('lisi')
    expect(await post('/api/admin/sync/replay', { from: id })).toEqual({ count: 1 })
  })
})

describe('the address book by API', () => {
  it('is searched, read and supplemented', async () => {
    expect((await get('/api/admin/directory/search', { text: '张三' })).members).toMatchObject([
      { userId: 'zhangsan' },
    ])
    expect(await get('/api/admin/directory/member', { userId: 'zhangsan' })).toMatchObject({
      userName: '张三',
    })
    const lines = { list: [{ userId: 'zhangsan', mobile: 'nonsense' }, { userId: 'nobody' }] }
    expect(await post('/api/admin/directory/supplement', lines)).toMatchObject({
      counts: { rows: 2, stored: 0, wrong: 2 },
      problems: [
        { line: 1, column: 'mobile' },
        { line: 2, column: 'userId' },
      ],
    })
    const [one] = world.ctx.mirrors.of(world.corpId).members.all()
    await world.admin('user/update', { userid: one!.userId, email: '' })
    await world.settle()
    const good = { list: [{ userId: one!.userId, email: 'given@example.com' }] }
    expect((await post('/api/admin/directory/supplement', good)).counts).toMatchObject({
      stored: 1,
      emails: 1,
    })
    await world.ctx.sync.drain(world.corpId)
    const emailNow = async () => (await get('/api/admin/directory/member', { userId: one!.userId })).email
    expect(await emailNow()).toBe('given@example.com')
    await post('/api/admin/directory/supplement/remove', { userId: one!.userId, field: 'email' })
    await world.ctx.sync.drain(world.corpId)
    expect(await emailNow()).toBe('')
  })

  it('makes sources of to-dos, and gives them another address', async () => {
    const { id, base } = await post('/api/admin/todo/source/add', {
      kind: 'weaver',
      name: 'OA',
      match: 'userid',
    })
    expect(base).toMatch(/\/api\/todo\/source\/[0-9a-f]{40}$/)
    await post('/api/admin/todo/source/set', { id, settings: { name: '泛微' } })
    expect((await get('/api/admin/todo/sources')).list).toMatchObject([{ id, name: '泛微', enabled: true }])
    expect((await post('/api/admin/todo/source/rotate', { id })).base).not.toBe(base)
    expect(await post('/api/admin/todo/source/replay', {})).toEqual({ applied: 0, left: 0 })
    await post('/api/admin/todo/source/remove', { id })
    expect((await get('/api/admin/todo/sources')).list).toEqual([])
  })

  it('tells the roles, and gives none', async () => {
    await setRole(world.ctx, 'test', world.corpId, 'zhangsan', { level: 2 })
    expect((await get('/api/admin/roles')).list).toMatchObject([{ userId: 'zhangsan', level: 2 }])
    expect((await get('/api/admin/ownRoles')).list).toEqual([])
    for (const path of ['role/set', 'roles', 'token/add', 'tokens', 'second-factor'])
      expect((await all.post(`/api/admin/${path}`, {})).status, path).toBeGreaterThanOrEqual(404)
  })
})

describe('the audit log by API', () => {
  const file = async (query: string) => {
    const headers = { authorization: `Bearer ${all.token}` }
    const response = await fetch(`${world.server.url}/api/admin/audit/export?${query}`, { headers })
    return { type: response.headers.get('content-type') ?? '', text: await response.text() }
  }

  it('is exported as CSV, and as JSON lines that go on where the last ones ended', async () => {
    called.add('/api/admin/audit/export')
    const csv = await file('act=corp.set')
    expect(csv.type).toContain('text/csv')
    expect(csv.text).toContain(`管理令牌：测试 (#${all.id})`)
    const lines = (text: string) =>
      text
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line) as { id: number; act: string })
    const first = lines((await file('format=jsonl')).text)
    expect(first.at(-1)?.act).toBe('export')
    const next = lines((await file(`format=jsonl&afterId=${first.at(-1)?.id}`)).text)
    expect(next.map(one => one.act)).toEqual(['export'])
    const own = await managerBy(world, { corpId: world.corpId, scopes: ['admin:read'] })
    expect((await own.get('/api/admin/audit')).body.list.length).toBeGreaterThan(5)
    const seen = (await own.get('/api/admin/audit', { pageSize: 200 })).body.list as { corpId: string }[]
    expect(new Set(seen.map(one => one.corpId))).toEqual(new Set([world.corpId]))
  })
})

it('has the settings as a file', async () => {
  const { settings } = await get('/api/admin/settings')
  expect(settings).toMatchObject({ format: 'wisp settings', corpId: world.corpId, corp: { name: '新名' } })
  expect(JSON.stringify(settings)).not.toContain(world.sandbox.contactSecret)
})

describe('to-dos by API', () => {
  it('are set, delegated, and passed on', async () => {
    const { id } = await post('/api/admin/app/add', {
      name: '待办',
      settings: { homeUrl: 'https://oa.example.com/' },
    })
    const settings = { remindMinutes: [-60], mayPassOn: true }
    expect(await post('/api/admin/todo/settings/set', { appId: id, settings })).toMatchObject(settings)
    const quietHours = { days: [1, 2, 3, 4, 5], from: '22:00', to: '08:00', timeZone: 'Asia/Shanghai' }
    expect(await post('/api/admin/todo/quietHours', { quietHours })).toEqual({ quietHours })
    expect(await post('/api/admin/todo/cards', { inWechat: true })).toEqual({ inWechat: true })
    await post('/api/admin/todo/cards', { inWechat: false })
    expect(await get('/api/admin/todo/settings', { appId: id })).toMatchObject({
      quietHours,
      apps: [settings],
    })
    const endsAt = new Date(Date.now() + 3_600_000).toISOString()
    const made = await post('/api/admin/todo/delegate', { from: 'lisi', to: 'zhangsan', endsAt })
    expect(made).toEqual({ id: expect.any(Number), moved: 0 })
    const { list } = await get('/api/admin/todo/delegations')
    expect(list).toMatchObject([{ from: 'lisi', to: 'zhangsan' }])
    expect(await post('/api/admin/todo/delegation/end', { id: made.id })).toEqual({ moved: 0 })
    const now = new Date()
    const meant = world.ctx.mirrors.of(world.corpId).members.byKey('wangwu')!
    const row = {
      kind: 'todo',
      state: 'open',
      title: 'x',
      pc_url: 'https://oa.example.com/',
      mobile_url: '',
    } as const
    const more = { sender: '', process: '', step: '', content: '', priority: 0, finish_by: 'app' } as const
    const times = {
      due_at: null,
      version: null,
      created_at: now,
      changed_at: now,
      read_at: null,
      ended_at: null,
    }
    const whose = { corp_id: world.corpId, app_id: id, todo_no: '1', member_id: meant.id }
    await world.ctx.db
      .insertInto('todo')
      .values({ ...whose, ...row, ...more, ...times })
      .execute()
    await world.admin('user/delete', { userid: 'wangwu' })
    await world.settle()
    expect(await get('/api/admin/todo/leaver', { userId: 'wangwu' })).toMatchObject({ apps: [{ count: 1 }] })
    expect(await post('/api/admin/todo/passOn', { from: 'wangwu', to: 'lisi' })).toEqual({ passedOn: 1 })
  })
})

describe('what the console sets by its own forms', () => {
  const signIn = '/api/admin/app/signIn'
  const setSignIn = '/api/admin/app/signIn/set'

  it('is how an app signs people in, whose new claims wait for a person', async () => {
    const { id } = await post('/api/admin/app/add', {
      name: '考勤',
      settings: { homeUrl: 'https://k.example.com/' },
    })
    expect(await get(signIn, { id })).toMatchObject({ id, kind: 'jession', clientId: '' })
    const redirectUris = ['https://k.example.com/callback']
    const claims = [{ name: 'email', purpose: '发送通知' }]
    const made = await post(setSignIn, {
      id,
      settings: { kind: 'oidc', oidc: { redirectUris }, claims },
    })
    expect(made).toMatchObject({ kind: 'oidc', oidc: { redirectUris }, claims, waiting: ['email'] })
    expect(made.clientSecret).toMatch(/^[\w-]{43}$/)
    expect(made.issuer).toContain('/oidc')
    const again = await post(setSignIn, { id, settings: { kind: 'oidc', leastAcr: 2 } })
    expect(again).toMatchObject({ leastAcr: 2, oidc: { redirectUris }, clientSecret: '', waiting: ['email'] })
    const renewed = await post('/api/admin/app/signIn/renewSecret', { id })
    expect(renewed).toEqual({ clientId: made.clientId, clientSecret: expect.stringMatching(/^[\w-]{43}$/) })
    const services = ['https://k.example.com/cas/']
    expect(await post(setSignIn, { id, settings: { kind: 'cas', cas: { services } } })).toMatchObject({
      kind: 'cas',
      cas: { services, ticketSeconds: 10 },
    })
    const refused = await all.post(setSignIn, { id, settings: { kind: 'cas', cas: { service: [] } } })
    expect(refused.retMessage).toContain('没有参数 settings.cas.service（是不是 services？）')
  })

  it('is which calls of vendors a developer has passed on, and not what it may refund', async () => {
    const { devId } = await post('/api/admin/developer/add', { name: '代调用' })
    const set = (settings: object) => all.post('/api/admin/developer/set', { devId, settings })
    const upstreamPaths = ['wecom/oa/meetingroom/list']
    const refundLimits = { each: 0, day: 0 }
    expect((await set({ upstreamPaths })).body).toMatchObject({ upstreamPaths, refundLimits })
    expect((await set({ refundLimits: { each: 100, day: 200 } })).retMessage).toContain(
      '没有参数 settings.refundLimits',
    )
    expect((await set({ upstreamPaths: ['wecom/checkin/getcheckindata'] })).retMessage).toContain('明确批准')
    expect((await set({ upstreamPaths: ['wecom/none'] })).retMessage).toContain('目录里没有')
  })

  it('is a whole file, by a token with all scopes', async () => {
    const apply = '/api/admin/settings/apply'
    const { settings } = await get('/api/admin/settings')
    expect(await post(apply, { settings })).toEqual({ dryRun: false, differences: [] })
    const [app] = settings.appSignIns.filter((one: { kind: string }) => one.kind === 'cas')
    const { developers } = settings
    const file = {
      format: settings.format,
      version: 1,
      corpId: world.corpId,
      corp: { name: '另一个名字' },
      appSignIns: [{ ...app, cas: { ...app.cas, ticketSeconds: 30 } }],
      developers: [{ ...developers.at(-1), upstreamPaths: [] }],
    }
    const wanted = ['corp.name', 'developers.upstreamPaths', 'appSignIns.cas']
    const fields = ({ differences }: { differences: { section: string; field: string }[] }) =>
      differences.map(one => `${one.section}.${one.field}`)
    expect(fields(await post(apply, { settings: file, dryRun: true }))).toEqual(wanted)
    expect((await get('/api/admin/settings')).settings).toEqual(settings)
    expect(fields(await post(apply, { settings: file }))).toEqual(wanted)
    expect(await get(signIn, { id: app.id })).toMatchObject({ cas: { ticketSeconds: 30 } })
    expect(fields(await post(apply, { settings: file }))).toEqual([])
    expect((await all.post(apply, { settings: { ...file, corp: { nme: 'x' } } })).retMessage).toContain(
      'corp.nme',
    )
    const refunds = (developer: object) => ({
      ...file,
      corp: { name: '第三个名字' },
      developers: [{ ...developer, refundLimits: { each: 1, day: 1 } }],
    })
    for (const developer of [developers.at(-1), { name: '收银' }])
      for (const dryRun of [true, false])
        expect(await all.post(apply, { settings: refunds(developer), dryRun })).toMatchObject({
          retCode: '1009',
          retMessage: expect.stringContaining('refundLimits 须由超级管理员在控制台或命令行设置；没有改动'),
        })
    expect((await get('/api/admin/settings')).settings.corp.name).toBe('另一个名字')
    const some = await managerBy(world, { scopes: ['admin:read', 'admin:apps', 'admin:developers'] })
    expect(await some.post(apply, { settings: file })).toMatchObject({
      retCode: '1009',
      retMessage: expect.stringContaining('缺少 admin:directory、admin:sync'),
    })
  })
})

it('reached every call with success', () => {
  expect([...called].sort()).toEqual(adminCalls.map(one => one.path).sort())
})
