import { afterAll, beforeAll, expect, it } from 'vitest'
import { applySettings } from '../../server/features/settings-file/apply-settings.ts'
import { readSettingsFile } from '../../server/features/settings-file/settings-file.ts'
import { setRole } from '../../server/organisation/people/administrators.ts'
import { insertRole, putHolder } from '../../server/organisation/roles/role-store.ts'
import { adminScopes } from '../../server/platform/http/admin/admin-scope.ts'
import { type Manager, managerBy } from '../admin-token.ts'
import { startWorld, type World } from '../harness.ts'
import { type SignedInClient, signIn } from '../sign-in.ts'
import { people, separate, signInSurely } from '../three.fixture.ts'

/**
 * No one of the three administrators reaches more than is theirs, by pages, management, tokens, own roles, looking as another or the help
 * desk; and nobody else reaches what is theirs. `test/three-calls.test.ts` has every call; these are the ways around.
 */
let world: World
let fourth: string
let system: SignedInClient
let security: SignedInClient
let auditor: SignedInClient
let account: SignedInClient
let helpDesk: SignedInClient
let tokenBefore: Manager
beforeAll(async () => {
  world = await startWorld()
  const { ctx, corpId } = world
  const named: readonly string[] = Object.values(people)
  fourth = [...ctx.mirrors.of(corpId).members.all()].find(
    one => !named.includes(one.userId) && one.status === 1,
  )!.userId
  await setRole(ctx, 'test', corpId, people.security, { level: 2 })
  await setRole(ctx, 'test', corpId, fourth, { level: 4 })
  tokenBefore = await managerBy(world, { corpId })
  await separate(world)
  system = await signInSurely(world, people.system)
  security = await signInSurely(world, people.security)
  auditor = await signInSurely(world, people.auditor)
  account = await signInSurely(world, 'admin')
  helpDesk = await signIn(world, { userId: fourth })
})
afterAll(() => world.close())

type Try = readonly [path: string, body?: object]

async function refusedAll(who: SignedInClient, tries: readonly Try[]): Promise<void> {
  for (const [path, body] of tries) {
    const { status, retMessage } = await (body ? who.post(path, body) : who.get(path))
    expect(status, `${path} ${retMessage}`).toBe(403)
  }
}

const rights: readonly Try[] = [
  ['/web/directory/role-set', { userId: 'zhangsan', level: '2' }],
  ['/web/directory/role-remove', { userId: 'lisi' }],
  ['/web/roles/save', { name: 'mine', points: ['audit:read'], range: { kind: 'corp' } }],
  ['/web/roles/give', { id: 1, userId: 'zhangsan' }],
  ['/web/roles/view-as', { as: { level: 'helpDesk' } }],
  ['/web/three/on', { chosen: [], confirm: 'x' }],
]
const logs: readonly Try[] = [
  ['/web/audit'],
  ['/web/audit/export'],
  ['/web/sign-ins'],
  ['/web/console/sessions'],
]
const business: readonly Try[] = [['/web/messages/list'], ['/web/todos/sources'], ['/web/payments/bills']]

it('keeps the system administrator, the local account too, from rights, logs and business', async () => {
  for (const who of [system, account]) {
    await refusedAll(who, rights)
    await refusedAll(who, logs)
  }
  await refusedAll(system, business)
  await refusedAll(account, [['/web/help-desk/person?userId=lisi']])
})

it('keeps the auditor from changing anything', async () => {
  await refusedAll(auditor, rights)
  await refusedAll(auditor, [
    ['/web/console/protection/save', {}],
    ['/web/console/sessions/end-person', { userId: fourth }],
    ['/web/console/second-factor/reset', { userId: fourth }],
    ['/web/messages/content', { id: 1 }],
    ['/web/developers/save', {}],
    ...business,
  ])
  expect((await auditor.get('/web/audit')).status).toBe(200)
})

it('keeps the security administrator from giving rights alone, and from what is about them', async () => {
  const { ctx, corpId } = world
  const self = { userId: people.security, level: '2' }
  expect((await security.post('/web/directory/role-set', self)).status).toBe(403)
  const { body } = await security.post('/web/directory/role-set', { userId: fourth, level: '2' })
  expect(await security.post('/web/three/agree', { id: body.proposed })).toMatchObject({ retCode: '1000' })
  expect(ctx.roles.of(ctx.mirrors.of(corpId).members.byKey(fourth.toLowerCase())!.id)?.level).toBe(4)
  await refusedAll(security, [
    ['/web/three/propose', { kind: 'three.appoint', given: { role: 'security', userId: fourth } }],
    ['/web/three/propose', { kind: 'three.factor', given: { role: 'security', userId: people.security } }],
    ['/web/corps/save', {}],
    ['/web/audit/export'],
    ...business,
  ])
  expect(await security.post('/web/three/refuse', { id: body.proposed })).toMatchObject({ retCode: '0' })
})

it('shows the security administrator nothing of what the three did', async () => {
  const { ctx, corpId } = world
  const written = async (actor: string) =>
    ctx.db
      .insertInto('audit')
      .values({
        corp_id: corpId,
        actor,
        act: 'app.set',
        target: `of ${actor}`,
        detail: JSON.stringify({}),
        at: new Date(ctx.now()),
      } as never)
      .returning('id')
      .executeTakeFirstOrThrow()
  const [ofThree, ofOther] = [await written(people.system), await written(fourth)]
  await written('cli')
  const list = (who: SignedInClient) =>
    who.get('/web/audit').then(({ body }) => body.list.map((one: { actor: string }) => one.actor) as string[])
  expect(await list(auditor)).toEqual(expect.arrayContaining([people.system, people.security, 'cli', fourth]))
  expect(
    [...new Set(await list(security))].filter(one =>
      [...Object.values(people), 'admin', 'cli'].includes(one),
    ),
  ).toEqual([])
  expect(await list(security)).toContain(fourth)
  expect(await security.get('/web/audit/entry', { id: ofThree.id })).toMatchObject({ retCode: '1000' })
  expect(await security.get('/web/audit/entry', { id: ofOther.id })).toMatchObject({ retCode: '0' })
  expect(await security.get('/web/audit/proof', { id: ofThree.id })).not.toMatchObject({ retCode: '0' })
  const found = await security.get('/web/console/search', { q: people.system })
  expect(found.body.list.filter((one: { kind: string }) => one.kind === 'audit')).toEqual([])
  const manager = await managerBy(world, { corpId, member: people.security })
  const { body } = await manager.get('/api/admin/audit')
  expect(JSON.stringify(body)).not.toContain(`of ${people.system}`)
  expect(await manager.get('/api/admin/audit/export')).toMatchObject({ retCode: '1009' })
})

it('gives tokens no more than their makers have at that moment', async () => {
  const { corpId } = world
  expect(await tokenBefore.get('/api/admin/sync/status')).toMatchObject({ retCode: '1004' })
  for (const member of [people.system, people.auditor, fourth]) {
    const dead = await managerBy(world, { corpId, member })
    expect(await dead.get('/api/admin/three'), member).toMatchObject({ retCode: '1004' })
  }
  const ofSecurity = await managerBy(world, { corpId, member: people.security, scopes: adminScopes })
  for (const path of ['/api/admin/sync/status', '/api/admin/settings'])
    expect(await ofSecurity.get(path), path).toMatchObject({ retCode: '1009' })
  const ofAccount = await managerBy(world)
  for (const path of ['/api/admin/audit', '/api/admin/roles', '/api/admin/protection'])
    for (const query of [{}, { corpId }])
      expect(await ofAccount.get(path, query), path).toMatchObject({ retCode: '1009' })
  const appoint = { kind: 'three.appoint', given: { role: 'auditor', userId: fourth } }
  const code = { code: '000000', corpId }
  for (const who of [ofSecurity, ofAccount]) {
    expect(await who.post('/api/admin/three/propose', { ...appoint, ...code })).toMatchObject({
      retCode: '1009',
    })
    for (const path of ['/api/admin/three/agree', '/api/admin/three/refuse'])
      expect(await who.post(path, { id: 1, ...code }), path).toMatchObject({ retCode: '1009' })
  }
  const settings = { format: 'wisp settings', version: 1, corpId }
  expect(await ofAccount.post('/api/admin/settings/apply', { settings })).toMatchObject({ retCode: '1009' })
})

it('gives nothing of the three by a role of the corp, not by one that was written into the database', async () => {
  const { ctx, corpId } = world
  const points = [
    'role:edit',
    'role:read',
    'audit:read',
    'audit:export',
    'sign-in:help',
    'three:agree',
    'app:read',
  ]
  const given = { range: { kind: 'corp' as const }, until: null, groups: [], changedAt: new Date() }
  const role = { name: 'r', points, ...given }
  const roleId = await insertRole(ctx.db, corpId, role)
  for (const userId of [fourth, people.system]) {
    const memberId = ctx.mirrors.of(corpId).members.byKey(userId.toLowerCase())!.id
    await putHolder(ctx.db, corpId, { roleId, memberId, until: null, givenBy: 't', givenAt: new Date() })
  }
  await ctx.reloadConfig(corpId)
  for (const who of [helpDesk, system]) await refusedAll(who, [...logs, ...rights])
  expect((await helpDesk.get('/web/apps/list')).status).toBe(200)
  const roles = [{ name: '文件', points: ['directory:read'], range: 'corp' }]
  const text = JSON.stringify({ format: 'wisp settings', version: 1, corpId, roles })
  const answer = await applySettings(ctx, 'test', readSettingsFile(text, ctx.offered.settings)).catch(
    (error: Error) => error,
  )
  expect(JSON.stringify(answer instanceof Error ? answer.message : answer)).toContain('三员')
})

it('does not get at the sign-in of one of the three by the help desk, unlocking or another mobile', async () => {
  const { auditor: userId } = people
  await refusedAll(helpDesk, [
    ['/web/help-desk/reset-second-factor', { userId }],
    ['/web/help-desk/end-sessions', { userId }],
  ])
  await refusedAll(security, [
    ['/web/console/second-factor/reset', { userId }],
    ['/web/console/sessions/end-person', { userId }],
    ['/web/console/sessions/end', { id: auditor.sessionId }],
  ])
  await refusedAll(system, [['/web/directory/supplement-remove', { userId, field: 'mobile' }]])
  // Everybody else is unlocked as before.
  expect((await security.post('/web/console/sessions/end-person', { userId: fourth })).status).toBe(200)
})

it('looks as nobody else: a view shows no more than the one who looks has', async () => {
  const { body, status } = await security.post('/web/roles/view-as', { as: { level: 'helpDesk' } })
  const view = status === 200 ? String(body?.view ?? '') : 'x.y'
  const headers = { cookie: security.cookie, 'x-wisp-view-as': view }
  const answer = await fetch(`${world.server.url}/web/help-desk/find?q=x`, { headers })
  expect(answer.status).toBe(403)
})

it('needs two factors of each of the three, the local account too', async () => {
  const once = await signIn(world, { userId: people.security })
  await refusedAll(once, [['/web/audit'], ['/web/three'], ['/web/three/agree', { id: 1 }]])
  const byPassword = await signIn(world, { admin: 'admin' })
  await refusedAll(byPassword, [['/web/three'], ['/web/corps/one']])
})
