import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signIn } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { addApp, setApp } from '../apps/apps.ts'
import { moveAddress } from './addresses.ts'
import { heldBackNames, releaseOf } from './claims/release.ts'
import { recentLogouts } from './logouts/store.ts'
import { isServiceOf, readServices } from './services.ts'
import { putAppSession } from './session-store.ts'
import { renewClientSecret, setSignIn } from './set-sign-in.ts'
import type { Setter, SignInSettings } from './setting/settings.ts'
import { whoMay } from './who-may.ts'

let world: World
let appId: string
const by = { actor: 'test', approves: true }
beforeAll(async () => {
  world = await startWorld({ members: 30, departments: 4 })
  appId = (
    await addApp(world.ctx, 'test', world.corpId, { name: '图书馆', homeUrl: 'https://lib.example.com/' })
  ).id
})
afterAll(() => world.close())

const set = (settings: SignInSettings, setter: Setter = by) =>
  setSignIn(world.ctx, setter, world.corpId, appId, settings)
const oidc = { redirectUris: ['https://lib.example.com/callback'] }
const memberNamed = (userId: string) => {
  const member = world.ctx.mirrors.of(world.corpId).members.byKey(userId)
  if (!member) throw new Error(`no ${userId}`)
  return member
}

describe('how an app signs people in', () => {
  it('keeps the client and its secret, and an issuer that stays', async () => {
    const made = await set({ kind: 'oidc', oidc })
    expect(made.clientSecret).toMatch(/^[\w-]{43}$/)
    const clientId = made.signIn?.oidc?.clientId
    const again = await set({ kind: 'oidc', oidc: { refresh: true } })
    expect([again.clientSecret, again.signIn?.oidc?.clientId]).toEqual(['', clientId])
    expect(again.signIn?.oidc?.redirectUris).toEqual(oidc.redirectUris)
    const { issuer } = world.ctx.appSignIns.addressesOf(world.corpId)
    expect(issuer).toBe(`${world.ctx.publicUrl()}/oidc/${world.corpId}`)
    expect(world.ctx.appSignIns.corpAt(issuer)).toBe(world.corpId)
    expect(await renewClientSecret(world.ctx, 'test', world.corpId, appId)).not.toBe(made.clientSecret)
  })

  it.each([
    ['http://lib.example.com/callback'],
    ['https://u:p@lib.example.com/'],
    ['https://lib.example.com/#x'],
    ['https://*.example.com/'],
    ['javascript:alert(1)'],
    ['lib.example.com'],
    ['com.example.app:/callback'],
  ])('refuses the redirect address %s', async uri => {
    await expect(set({ kind: 'oidc', oidc: { redirectUris: [uri] } })).rejects.toMatchObject({ code: '1000' })
  })

  it('takes loopback, and a scheme of its own where that is allowed', async () => {
    const redirectUris = ['http://127.0.0.1/cb', 'http://[::1]:8000/cb', 'com.example.app:/callback']
    const { signIn } = await set({ kind: 'oidc', oidc: { redirectUris, privateSchemes: true } })
    expect(signIn?.oidc?.redirectUris).toEqual(redirectUris)
    await set({ kind: 'oidc', oidc: { ...oidc, privateSchemes: false } })
  })

  it('refuses a save from an outdated form', async () => {
    const { signIn } = await set({ kind: 'oidc', oidc })
    const save = setSignIn(world.ctx, by, world.corpId, appId, { kind: 'oidc' }, (signIn?.version ?? 0) - 1)
    await expect(save).rejects.toMatchObject({ status: 409 })
  })

  it('moves its address only to where wisp can answer', async () => {
    const move = (to: string) => moveAddress(world.ctx, 'test', world.corpId, 'casBase', to)
    const base = world.ctx.publicUrl()
    for (const to of [`${base}/api/cas`, 'https://other.example.com/cas', `${base}/cas?x=1`, `${base}/`])
      await expect(move(to)).rejects.toMatchObject({ code: '1000' })
    await move(`${base}/authserver`)
    expect(world.ctx.appSignIns.addressesOf(world.corpId).casBase).toBe(`${base}/authserver`)
  })
})

describe('services of CAS', () => {
  const services = readServices(
    ['https://app.example.edu/portal', 'https://*.cs.example.edu/'],
    'services',
    false,
  )
  it.each([
    ['https://app.example.edu/portal', true],
    ['https://app.example.edu/portal/x?y=1', true],
    ['https://APP.example.edu:443/portal', true],
    ['https://a.cs.example.edu/x', true],
    ['https://app.example.edu/portals', false],
    ['https://app.example.edu/', false],
    ['https://app.example.edu/portal/../admin', false],
    ['https://app.example.edu/portal/%2e%2e/admin', false],
    ['https://app.example.edu/portal/..%2fadmin', false],
    ['https://app.example.edu:8443/portal', false],
    ['http://app.example.edu/portal', false],
    ['https://a.b.cs.example.edu/', false],
    ['https://cs.example.edu/', false],
    ['https://evilcs.example.edu/', false],
    ['https://app.example.edu@evil.com/portal', false],
    ['https://evil.com/https://app.example.edu/portal', false],
    ['javascript:alert(1)', false],
    [`https://app.example.edu/portal/${'x'.repeat(2000)}`, false],
  ])('%s: %s', (given, expected) => {
    expect(isServiceOf(services, given)).toBe(expected)
  })

  it.each([
    ['https://*/'],
    ['https://*.edu/'],
    ['https://a.*.example.edu/'],
    ['http://app.example.edu/'],
    ['https://a/?x=1'],
  ])('refuses %s', given => {
    expect(() => readServices([given], 'services', false)).toThrow()
  })
})

describe('what an app is told of a person', () => {
  it('is what a super administrator has approved', async () => {
    const claims = [
      { name: 'profile', purpose: '显示姓名' },
      { name: 'phone', purpose: '预约通知' },
    ]
    const waiting = await set({ kind: 'oidc', claims }, { actor: 'owner', approves: false })
    expect(waiting.signIn?.claims.map(one => one.approvedBy)).toEqual(['', ''])
    const member = memberNamed('zhangsan')
    const app = world.ctx.apps.get(world.corpId, appId)
    expect(await releaseOf(world.ctx, app, waiting.signIn!, member)).toMatchObject({
      userName: 'zhangsan',
      claims: {},
      released: [],
    })
    const { signIn } = await set({ kind: 'oidc', claims })
    // Without a developer that may read mobile numbers, the phone stays out.
    const release = await releaseOf(world.ctx, app, signIn!, member)
    expect(heldBackNames(world.ctx, app, signIn!)).toEqual(['phone'])
    expect(release).toMatchObject({ released: ['profile'], claims: { preferred_username: 'zhangsan' } })
  })

  it('waits for a person where a program asks, and so does what an owner changed', async () => {
    const program = { actor: 'token', approves: true, isProgram: true } as const
    const owner = { actor: 'owner', approves: false }
    const moved = { redirectUris: ['https://lib.example.com/elsewhere'] }
    const changed = await set({ kind: 'oidc', oidc: moved }, owner)
    expect(changed.signIn?.ownerChange).toMatchObject({ by: 'owner', fields: ['redirectUris'] })
    const email = { name: 'email', purpose: '发送通知' }
    const { signIn } = await set({ kind: 'oidc', claims: [email], leastAcr: 1 }, program)
    expect(signIn?.claims).toMatchObject([{ name: 'email', approvedBy: '' }])
    expect(signIn?.ownerChange).toMatchObject({ by: 'owner', fields: ['redirectUris'] })
    for (const userNameField of ['mobile', 'email', 'attribute:身份证号'])
      await expect(set({ kind: 'oidc', userNameField }, program)).rejects.toThrow('会把个人信息提供给应用')
    expect((await set({ kind: 'oidc', userNameField: 'mobile' })).signIn?.ownerChange).toBeNull()
    const kept = await set({ kind: 'oidc', userNameField: 'mobile', leastAcr: 1 }, program)
    expect(kept.signIn?.userNameField).toBe('mobile')
    await set({ kind: 'oidc', userNameField: 'employeeNumber' }, program)
    await set({ kind: 'oidc', userNameField: 'userid', oidc, claims: [] }, program)
  })

  it('tells no more of groups for a program once a person has approved them', async () => {
    const program = { actor: 'token', approves: true, isProgram: true } as const
    const claims = [{ name: 'groups', purpose: '按组授权' }]
    const of = (...names: string[]) => ({
      departments: names.includes('departments'),
      tags: names.includes('tags'),
      roles: names.includes('roles'),
    })
    // While they wait for approval, whoever approves sees what they are made of.
    await set({ kind: 'oidc', claims, groups: of('departments', 'tags') }, program)
    await set({ kind: 'oidc', claims, groups: of('departments') })
    const more = set({ kind: 'oidc', groups: of('departments', 'tags', 'roles') }, program)
    await expect(more).rejects.toThrow('groups 增加 tags、roles')
    await set({ kind: 'oidc', groups: of('departments', 'roles') })
    await set({ kind: 'oidc', groups: of('roles') }, program)
    await expect(set({ kind: 'oidc', groups: of('tags') }, program)).rejects.toThrow('groups 增加 tags')
    await set({ kind: 'oidc', claims: [], groups: of('departments') })
  })

  it('names nobody by a field that is empty or that two people have', async () => {
    const app = world.ctx.apps.get(world.corpId, appId)
    const { signIn } = await set({ kind: 'oidc', userNameField: 'attribute:工位' })
    const member = memberNamed('zhangsan')
    expect(await releaseOf(world.ctx, app, signIn!, member)).toEqual({ noName: 'username-empty' })
    const attributes = sql<never>`${JSON.stringify([{ name: '工位', value: 'A1', url: '' }])}::jsonb`
    const put = (userId: string) =>
      world.ctx.db
        .updateTable('member')
        .set({ attributes })
        .where('corp_id', '=', world.corpId)
        .where('user_key', '=', userId)
        .execute()
    await put('zhangsan')
    expect(await releaseOf(world.ctx, app, signIn!, member)).toMatchObject({ userName: 'A1' })
    await put('lisi')
    expect(await releaseOf(world.ctx, app, signIn!, member)).toEqual({ noName: 'username-doubled' })
    await set({ kind: 'oidc', userNameField: 'userid' })
  })
})

describe('who may enter', () => {
  it('asks for the app, its visibility and the state of the person', async () => {
    const { id } = memberNamed('zhangsan')
    const ask = () => whoMay(world.ctx, world.corpId, appId, id)
    expect(await ask()).toMatchObject({ member: { userId: 'zhangsan' } })
    const nobody = { everyone: false, departments: [], memberIds: [memberNamed('lisi').id], tags: [] }
    await setApp(world.ctx, 'test', world.corpId, appId, { visibility: nobody })
    expect(await ask()).toMatchObject({ whyNot: 'not-visible' })
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: false })
    expect(await ask()).toMatchObject({ whyNot: 'app-off' })
    const everyone = { everyone: true, departments: [], memberIds: [], tags: [] }
    await setApp(world.ctx, 'test', world.corpId, appId, { enabled: true, visibility: everyone })
    expect(await whoMay(world.ctx, 'another', appId, id)).toMatchObject({ whyNot: 'no-app' })
  })
})

describe('the end of a session', () => {
  it('is told to the applications that it signed somebody in to', async () => {
    const session = await signIn(world, { userId: 'zhangsan' })
    const member = memberNamed('zhangsan')
    const { sessionId } = (await world.ctx.db
      .selectFrom('session')
      .select('id as sessionId')
      .where('member_id', '=', member.id)
      .where('ended_at', 'is', null)
      .executeTakeFirst()) ?? { sessionId: '' }
    const told = { corpId: world.corpId, appId, memberId: member.id, sessionId, protocol: 'oidc' as const }
    await putAppSession(
      world.ctx.db,
      { ...told, id: 'one', sid: 'sid1', logoutUri: 'http://127.0.0.1:9/logout' },
      new Date(),
    )
    await putAppSession(world.ctx.db, { ...told, id: 'two', sid: 'sid2', logoutUri: '' }, new Date())
    await session.post('/web/sign-out')
    const rows = await until('the logout is attempted', async () => {
      const found = await recentLogouts(world.ctx.db, world.corpId, { appId, limit: 10, offset: 0 })
      return found[0]?.attempts ? found : undefined
    })
    expect(rows).toMatchObject([{ sid: 'sid1', cause: 'sign-out' }])
  })
})
