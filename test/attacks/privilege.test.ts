import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { hashOf, newToken } from '../../server/callers/admin-tokens/token.ts'
import { insertToken } from '../../server/callers/admin-tokens/token-store.ts'
import { requireSecondFactor } from '../../server/callers/sign-in/factor/second-factor.ts'
import { addApp, removeApp } from '../../server/features/apps/apps.ts'
import { applySettings, readSettings } from '../../server/features/settings-file/apply-settings.ts'
import {
  removeRole as removeFixedRole,
  setRole as setFixedRole,
} from '../../server/organisation/people/administrators.ts'
import { givablePoints } from '../../server/organisation/rights/shipped.ts'
import { createOwnRoles } from '../../server/organisation/roles/kept-roles.ts'
import {
  addRole,
  giveRole,
  type RoleSettings,
  removeRole,
  setRole,
  takeRole,
} from '../../server/organisation/roles/own-roles.ts'
import { adminScopes } from '../../server/platform/http/admin/admin-scope.ts'
import { startWorld, type World } from '../harness.ts'
import { type SignedInClient, signIn, signInAs } from '../sign-in.ts'
import { until } from '../until.ts'

/**
 * No role reaches more than it was given, by any way: what somebody with a role of the corp's own, or who once had one, tries.
 * `test/roles.test.ts` has every call; these are the ways around.
 */
let world: World
let holder: SignedInClient
let superAdministrator: SignedInClient
const operator = { actor: 'test', person: undefined }

beforeAll(async () => {
  world = await startWorld()
  superAdministrator = await signInAs(world, 'super', 'lisi')
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.ctx.db.deleteFrom('own_role').execute()
  await world.ctx.reloadConfig(world.corpId)
  holder = await signIn(world, { userId: 'zhangsan' })
})

const departments = () => world.ctx.mirrors.of(world.corpId).tree.order.map(one => one.department.id)

async function give(change: Partial<RoleSettings>, userId = 'zhangsan', end: Date | null = null) {
  const role = {
    name: `r${Math.random()}`,
    points: ['console:use'],
    range: { kind: 'corp' as const },
    until: null,
  }
  const id = await addRole(world.ctx, operator, world.corpId, { ...role, ...change })
  await giveRole(world.ctx, operator, world.corpId, id, userId, end)
  return id
}

const reads = async (path = '/web/directory/summary', query = {}) => (await holder.get(path, query)).status

it('makes no role of points that would give all others, or that are of the installation', async () => {
  for (const point of [
    'role:edit',
    'settings:apply',
    'operator:delete',
    'backup:restore',
    'sign-in:ticket',
  ]) {
    const body = { name: 'x', points: [point], range: { kind: 'corp' } }
    const answer = await superAdministrator.post('/web/roles/save', body)
    expect(answer, point).toMatchObject({ retCode: '1000', retMessage: expect.stringContaining(point) })
  }
  const role = { name: 'x', points: ['no:such'], range: { kind: 'corp' } }
  expect(await superAdministrator.post('/web/roles/save', role)).toMatchObject({ retCode: '1000' })
})

it('neither makes, changes, gives nor views roles by a role, whatever it holds', async () => {
  const id = await give({ points: givablePoints })
  const range = { kind: 'corp' }
  for (const [path, body] of [
    ['/web/roles/save', { name: 'mine', points: ['role:edit'], range }],
    ['/web/roles/save', { id, version: 'x', name: 'mine', points: [...givablePoints], range }],
    ['/web/roles/give', { id, userId: 'zhangsan' }],
    ['/web/roles/take', { id, userId: 'zhangsan' }],
    ['/web/roles/remove', { id, version: 'x' }],
    ['/web/roles/view-as', { as: { level: 'helpDesk' } }],
    ['/web/directory/role-set', { userId: 'zhangsan', level: '2' }],
    ['/web/directory/role-remove', { userId: 'lisi' }],
  ] as const)
    expect(await holder.post(path, body), path).toMatchObject({ status: 403 })
})

it('opens nothing by a point that was written into the database', async () => {
  const id = await give({})
  await world.ctx.db
    .updateTable('own_role')
    .set({ points: ['role:edit', 'operator:read', 'console:use'] })
    .where('id', '=', id)
    .execute()
  await world.ctx.reloadConfig(world.corpId)
  expect(await reads('/web/overview')).toBe(200)
  expect(await holder.post('/web/directory/role-set', { userId: 'zhangsan', level: '2' })).toMatchObject({
    status: 403,
  })
  expect(await reads('/web/operator/corps')).toBe(403)
})

it('ends in an open session, on every node, when it is taken, deleted, changed or over', async () => {
  const { ctx, corpId } = world
  const other = createOwnRoles({ ...ctx, now: ctx.now })
  const memberId = ctx.mirrors.of(corpId).members.byKey('zhangsan')!.id
  const id = await give({ points: ['directory:read'] })
  expect(await reads()).toBe(200)
  await takeRole(ctx, 'test', corpId, id, 'zhangsan')
  expect(await reads()).toBe(403)
  await giveRole(ctx, operator, corpId, id, 'zhangsan', null)
  expect(await reads()).toBe(200)
  await setRole(ctx, operator, corpId, id, { points: ['sync:read'] })
  expect(await reads()).toBe(403)
  await setRole(ctx, operator, corpId, id, { points: ['directory:read'] })
  await other.reload(corpId)
  expect(other.grantsOf(corpId, memberId)).toHaveLength(1)
  await removeRole(ctx, operator, corpId, id)
  expect(await reads()).toBe(403)
  // What tells the other nodes goes with the transaction.
  await other.reload(corpId)
  expect(other.grantsOf(corpId, memberId)).toEqual([])
})

it('ends by the clock, by the earlier of its own end and that of who has it', async () => {
  const { ctx } = world
  const soon = new Date(ctx.now() + 60_000)
  const later = new Date(ctx.now() + 600_000)
  await give({ points: ['directory:read'], until: later }, 'zhangsan', soon)
  const memberId = ctx.mirrors.of(world.corpId).members.byKey('zhangsan')!.id
  let now = ctx.now()
  const kept = createOwnRoles({ ...ctx, now: () => now })
  await kept.reload()
  expect(kept.grantsOf(world.corpId, memberId)).toHaveLength(1)
  now = soon.getTime()
  expect(kept.grantsOf(world.corpId, memberId)).toEqual([])
  await expect(give({ until: new Date(ctx.now() - 1) })).rejects.toThrow('已经过去')
})

it('reaches nothing when all of its range is deleted, also when the id is given again', async () => {
  const { ctx, corpId } = world
  await world.connectCallback()
  const { id } = await world.admin('department/create', { name: '短命', parentid: 1 })
  await world.settle()
  const roleId = await give({
    points: ['directory:read', 'directory:edit'],
    range: { kind: 'departments', departmentIds: [Number(id)] },
  })
  expect(await reads()).toBe(200)
  await world.admin('department/delete', { id })
  await world.settle()
  await world.admin('department/create', { id, name: '别的', parentid: 1 })
  await world.settle()
  await until('known to the node', async () => (await reads()) === 403)
  const shown = await superAdministrator.get('/web/roles/role', { id: roleId })
  expect(shown.body.role).toMatchObject({ state: 'empty', range: { kind: 'departments', departments: [] } })
  const appId = await appOf('短命的应用')
  const ofApp = await give({ points: ['app:read'], range: { kind: 'apps', appIds: [appId], devIds: [] } })
  expect(await reads('/web/apps/app', { id: appId })).toBe(200)
  await removeApp(ctx, 'test', corpId, appId)
  expect((await holder.get('/web/apps/list')).body.list).toEqual([])
  const gone = await superAdministrator.get('/web/roles/role', { id: ofApp })
  expect(gone.body.role).toMatchObject({ state: 'empty', range: { apps: [{ id: appId, name: '' }] } })
})

const appOf = async (name: string) =>
  (await addApp(world.ctx, 'test', world.corpId, { name, url: 'https://app.example/' } as never)).id

it('sees no members, bills or accounts beyond its departments, by lists, search or names', async () => {
  const last = departments().at(-1) ?? 1
  await give({
    points: ['console:use', 'directory:read', 'payment:read', 'official:read'],
    range: { kind: 'departments', departmentIds: [last] },
  })
  const { members } = world.ctx.mirrors.of(world.corpId)
  const outside = [...members.all()].find(one => !one.departments.includes(last) && one.userId === 'lisi')
  expect(outside).toBeDefined()
  expect(await holder.get('/web/directory/member', { userId: 'lisi' })).toMatchObject({ retCode: '1007' })
  const found = await holder.get('/web/console/search', { q: 'lisi' })
  expect(JSON.stringify(found.body)).not.toContain('lisi')
  expect((await holder.get('/web/official/accounts')).body.list ?? []).toEqual([])
  expect(await reads('/web/developers/list')).toBe(403)
})

it('finds by search only what its points list', async () => {
  await give({ points: ['console:use', 'app:read'] })
  await appOf('测试应用甲')
  const { body } = await holder.get('/web/console/search', { q: '测试' })
  expect(body.list.map((one: { kind: string }) => one.kind)).toEqual(['apps'])
  expect((await holder.get('/web/overview')).body).toMatchObject({ withoutMembers: true })
  expect(await holder.get('/web/console/views', { list: '/web/messages/list' })).toMatchObject({
    status: 403,
  })
})

it('works with the apps and developers of its range alone, and not with what they move to', async () => {
  const { devId } = await world.addDeveloper({ name: '范围内' })
  const other = (await world.addDeveloper({ name: '范围外' })).devId
  const appId = await appOf('范围内的应用')
  const points = [
    'app:read',
    'app:edit',
    'developer:read',
    'developer:log',
    'developer:secret',
    'developer:edit',
  ]
  await give({ points, range: { kind: 'apps', appIds: [appId], devIds: [devId] } })
  const list = (await holder.get('/web/developers/list')).body.list
  expect(list.map((one: { devId: string }) => one.devId)).toEqual([devId])
  expect(await reads('/web/developers/one', { devId: devId })).toBe(200)
  expect(await reads('/web/developers/one', { devId: other })).toBe(403)
  const settings = { devId: other }
  const version = (await holder.get('/web/apps/app', { id: appId })).body.version
  await holder.post('/web/apps/save', { id: appId, version, settings })
  expect(await reads('/web/developers/requests', { devId: other })).toBe(403)
  for (const path of ['/web/developers/save', '/web/developers/remove', '/web/developers/owners/save'])
    expect(await holder.post(path, { devId }), path).toMatchObject({ status: 403 })
  expect(await holder.post('/web/apps/add', { settings: { name: 'x' } })).toMatchObject({ status: 403 })
})

it('lends a devToken no longer than the role lasts', async () => {
  const { devId } = world.dev
  const id = await give({
    points: ['developer:secret'],
    range: { kind: 'apps', appIds: [], devIds: [devId] },
  })
  const { body } = await holder.post('/web/developers/lend-token', { devId })
  const call = async () => {
    const address = `${world.server.url}/api/user/get?userId=zhangsan&devToken=${body.devToken}`
    const answer = (await (await fetch(address)).json()) as { retCode: string }
    return answer.retCode
  }
  expect(await call()).toBe('0')
  await takeRole(world.ctx, 'test', world.corpId, id, 'zhangsan')
  expect(await call()).not.toBe('0')
})

it('does not get at the sign-in of those who have a role', async () => {
  await give({
    points: [
      'sign-in:help',
      'sign-in:log',
      'help-desk:read',
      'help-desk:help',
      'directory:edit',
      'directory:read',
    ],
  })
  for (const [path, body] of [
    ['/web/console/second-factor/reset', { userId: 'lisi' }],
    ['/web/console/sessions/end-person', { userId: 'lisi' }],
    ['/web/console/sessions/end', { id: superAdministrator.sessionId }],
    ['/web/help-desk/reset-second-factor', { userId: 'lisi' }],
    ['/web/help-desk/end-sessions', { userId: 'lisi' }],
    ['/web/directory/supplement-remove', { userId: 'lisi', field: 'mobile' }],
  ] as const)
    expect(await holder.post(path, body), path).toMatchObject({ status: 403 })
  // Nor at that of another who has a role of the corp's own.
  await give({}, 'wangwu')
  expect(await holder.post('/web/console/sessions/end-person', { userId: 'wangwu' })).toMatchObject({
    status: 403,
  })
})

async function tokenOf(userId: string, scopes: readonly string[] = adminScopes): Promise<string> {
  const { ctx, corpId } = world
  const token = newToken()
  await insertToken(ctx.db, {
    hash: hashOf(token),
    name: 't',
    corpId,
    adminName: null,
    memberId: ctx.mirrors.of(corpId).members.byKey(userId)!.id,
    scopes: scopes as never,
    addresses: ['127.0.0.0/8', '::1'],
    createdAt: new Date(ctx.now()),
    expiresAt: new Date(ctx.now() + 3_600_000),
  })
  return token
}

async function manage(token: string, path: string, body?: object) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const given = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  return (await fetch(`${world.server.url}${path}`, { headers, ...given })).json() as Promise<{
    code: string
    message: string
  }>
}

it('gives a token its scopes within what its maker has at that moment, and ends it with the right to make tokens', async () => {
  const { ctx, corpId } = world
  await setFixedRole(ctx, 'test', corpId, 'zhangsan', { level: 2 })
  const token = await tokenOf('zhangsan')
  expect(await manage(token, '/api/admin/sync/status')).toMatchObject({ retCode: '0' })
  await removeFixedRole(ctx, 'test', corpId, 'zhangsan')
  expect(await manage(token, '/api/admin/sync/status')).toMatchObject({ retCode: '1004' })
  const id = await give({ points: ['role:token', 'sync:read'] })
  expect(await manage(token, '/api/admin/sync/status')).toMatchObject({ retCode: '0' })
  expect(await manage(token, '/api/admin/developers')).toMatchObject({
    retCode: '1009',
    retMessage: expect.stringContaining('developer:read'),
  })
  const settings = { format: 'wisp settings', version: 1, corpId }
  expect(await manage(token, '/api/admin/settings/apply', { settings })).toMatchObject({ retCode: '1009' })
  const last = departments().at(-1) ?? 1
  await setRole(ctx, operator, corpId, id, {
    points: ['role:token', 'sync:read', 'directory:read'],
    range: { kind: 'departments', departmentIds: [last] },
  })
  expect(await manage(token, '/api/admin/sync/status')).toMatchObject({
    retCode: '1009',
    retMessage: expect.stringContaining('范围'),
  })
  expect(await manage(token, '/api/admin/directory/member?userId=lisi')).toMatchObject({ retCode: '1007' })
  await setRole(ctx, operator, corpId, id, { points: ['sync:read'] })
  expect(await manage(token, '/api/admin/sync/status')).toMatchObject({ retCode: '1004' })
})

it('makes no role by a file of settings that a token applies, and none by a file that has more than may be given', async () => {
  const { ctx, corpId } = world
  const roles = [{ name: '文件', points: ['directory:read'], range: 'corp' }]
  const settings = { format: 'wisp settings', version: 1, corpId, roles }
  const token = await tokenOf('lisi')
  expect(await manage(token, '/api/admin/settings/apply', { settings })).toMatchObject({ retCode: '1009' })
  const file = (points: string[]) =>
    readSettings(ctx, JSON.stringify({ ...settings, roles: [{ name: '文件', points }] }), undefined)
  await expect(applySettings(ctx, 'test', file(['role:edit']))).rejects.toThrow('role:edit')
  await applySettings(ctx, 'test', file(['directory:read']))
  expect((await superAdministrator.get('/web/roles')).body.list).toMatchObject([{ name: '文件', holders: 0 }])
})

it('shows a view only what the role has, changes nothing by it, and signs each view', async () => {
  const id = await give(
    {
      points: [
        'console:use',
        'directory:read',
        'message:inspect',
        'todo:read',
        'help-desk:copy',
        'person:copy',
        'person:hold',
      ],
    },
    'wangwu',
  )
  const { body } = await superAdministrator.post('/web/roles/view-as', { as: { role: id } })
  const as = async (path: string, view: string = body.view, client = superAdministrator) =>
    (
      await fetch(`${world.server.url}${path}`, {
        headers: { cookie: client.cookie, 'x-wisp-view-as': view },
      })
    ).status
  expect(await as('/web/directory/summary')).toBe(200)
  for (const path of [
    '/web/developers/list',
    '/web/portal/messages',
    '/web/todos',
    '/web/console/todos',
    '/web/operator/corps',
    '/web/personal/copy/take?id=1',
    '/web/personal/hold/take?id=1',
    '/web/help-desk/copy/take?userId=lisi',
  ])
    expect(await as(path), path).toBe(403)
  expect(await as('/web/directory/members/export')).toBe(403)
  const headers = { 'x-wisp-view-as': body.view }
  expect(await superAdministrator.post('/web/console/views/save', {}, headers)).toMatchObject({ status: 403 })
  const [text = '', signature = ''] = body.view.split('.')
  const forged = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(text, 'base64url').toString()), target: { role: id + 1 } }),
  )
  expect(await as('/web/directory/summary', `${forged.toString('base64url')}.${signature}`)).toBe(403)
  // Another session, and somebody without the right.
  await signInAs(world, 'helpDesk', 'zhangsan')
  expect(await as('/web/directory/summary', body.view, holder)).toBe(403)
  const entry = await world.ctx.db
    .selectFrom('audit')
    .select(['act', 'actor'])
    .where('act', '=', 'own-role.view')
    .execute()
  expect(entry).toEqual([{ act: 'own-role.view', actor: 'lisi' }])
  await removeRole(world.ctx, operator, world.corpId, id)
  expect(await as('/web/directory/summary')).toBe(403)
  await removeFixedRole(world.ctx, 'test', world.corpId, 'zhangsan')
})

it('tells apps and developers nothing of own roles', async () => {
  await give({ points: givablePoints })
  const { body } = await holder.get('/web/portal/me')
  expect(body.roleLevel).toBe(0)
})

it('asks those with own roles for the second factor that administrators must give', async () => {
  await give({ points: ['directory:read'] })
  expect(await reads()).toBe(200)
  const { ctx } = world
  await requireSecondFactor(ctx, 'test', true)
  ctx.sessions.forget()
  expect(await holder.get('/web/directory/summary')).toMatchObject({
    status: 403,
    retMessage: expect.stringContaining('两步验证'),
  })
  expect(await reads('/web/portal/workbench')).toBe(200)
  await requireSecondFactor(ctx, 'test', false)
  ctx.sessions.forget()
})
