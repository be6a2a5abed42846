import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signIn, signInAs } from '../../../../test/sign-in.ts'
import { until } from '../../../../test/until.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import { addApp } from '../../apps/apps.ts'
import { releaseOf } from '../claims/release.ts'
import { putConsent } from '../consent-store.ts'
import { recentLogouts } from '../logouts/store.ts'
import { putAppSession } from '../session-store.ts'
import { putSignIn } from '../set-sign-in.ts'
import { trialAddress, trialClientId } from '../trial/trial.ts'

let world: World
let admin: SignedInClient
let owner: SignedInClient
let dev: Caller
let id: string
let other: string
const homeUrl = 'https://lib.example.com/'
const redirectUris = ['https://lib.example.com/callback']

beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  admin = await signInAs(world, 'super', 'lisi')
  dev = await world.addDeveloper({ name: '图书馆系统', scopes: ['directory:read'], owners: ['zhangsan'] })
  owner = await signIn(world, { userId: 'zhangsan' })
  const add = (name: string, devId: string | null) =>
    addApp(world.ctx, 'test', world.corpId, { name, devId, homeUrl })
  id = (await add('图书馆', dev.devId)).id
  other = (await add('教务', null)).id
})
afterAll(() => world.close())

type Body = Record<string, unknown> & { version: number }
const shown = async () => (await admin.get('/web/apps/sign-in', { id })).body as Body
const save = async (settings: unknown, version?: number) =>
  admin.post('/web/apps/sign-in/save', { id, version: version ?? (await shown()).version, settings })
const memberNamed = (userId: string) => world.ctx.mirrors.of(world.corpId).members.byKey(userId)!
const kinds = async () => {
  const rows = await world.ctx.needsAttention({ corpId: world.corpId, withInstallation: true })
  return rows.filter(one => one.subject === id).map(one => one.kind)
}

/** An alert that was opened meanwhile ends with the next look. */
const nothingLeft = () =>
  until('nothing needs anybody', async () => (await kinds()).length === 0 || undefined)

describe('the tab of an app', () => {
  it('begins with a jessionId', async () => {
    expect(await shown()).toMatchObject({ kind: 'jession', version: 0, issuer: '', oidc: null })
  })

  it('shows a secret once, and never again', async () => {
    const { body } = await save({ kind: 'oidc', oidc: { redirectUris } })
    const { clientSecret } = body as { clientSecret: string }
    expect(clientSecret).toMatch(/^[\w-]{43}$/)
    const again = JSON.stringify((await admin.get('/web/apps/sign-in', { id })).body)
    expect(again).toContain('wisp-')
    expect(again).not.toContain(clientSecret)
    expect(again).not.toContain('clientSecret')
    const renewed = await admin.post('/web/apps/sign-in/renew-secret', { id })
    expect((renewed.body as { clientSecret: string }).clientSecret).not.toBe(clientSecret)
  })

  it('refuses an outdated form, a wrong address and a version that is missing', async () => {
    const { version } = await shown()
    const stale = await save({ kind: 'oidc', oidc: { refresh: true } }, version - 1)
    expect(stale.status).toBe(409)
    expect((await save({ kind: 'oidc', oidc: { redirectUris: ['javascript:alert(1)'] } })).retCode).toBe(
      '1000',
    )
    expect((await admin.post('/web/apps/sign-in/save', { id, settings: { kind: 'oidc' } })).retCode).toBe(
      '1001',
    )
    expect((await admin.get('/web/apps/sign-in', { id: 'nothing' })).retCode).toBe('1000')
  })

  it('previews the form as it stands, and stores nothing by that', async () => {
    const settings = { kind: 'oidc', oidc: { redirectUris }, claims: [{ name: 'profile', purpose: '姓名' }] }
    const ask = (userId: string, more = {}) =>
      admin.post('/web/apps/sign-in/release', { id, userId, settings: { ...settings, ...more } })
    const { body } = await ask('zhangsan')
    expect(body).toMatchObject({ userName: 'zhangsan', whyNot: '' })
    const told = JSON.parse((body as { text: string }).text) as Record<string, unknown>
    expect(told).toMatchObject({ preferred_username: 'zhangsan', updated_at: expect.any(Number) })
    expect((await shown())['claims']).toEqual([])
    expect((await ask('zhangsan', { userNameField: 'attribute:工位' })).body).toMatchObject({
      whyNot: '用作用户名的字段是空的',
    })
    const xml = await ask('zhangsan', { kind: 'cas', cas: { services: ['https://a.example/'] } })
    expect((xml.body as { text: string }).text).toContain('<cas:user>zhangsan</cas:user>')
  })

  it('has configurations with its own values', async () => {
    const { list } = (await admin.get('/web/apps/sign-in/configurations', { id })).body as {
      list: { name: string; text: string; isTried: boolean }[]
    }
    const names = ['GitLab', 'Grafana', 'Nextcloud', 'Jenkins', 'Spring Security', 'mod_auth_openidc']
    expect(list.map(one => one.name)).toEqual(names)
    const { oidc, issuer } = (await shown()) as unknown as { oidc: { clientId: string }; issuer: string }
    for (const { text } of list) {
      expect(text).toContain(issuer)
      expect(text).toContain(oidc.clientId)
      expect(text).not.toMatch(/undefined|\$\{/)
    }
  })
})

describe('owners', () => {
  const own = async () =>
    ((await owner.get('/web/developers/app-sign-ins', { devId: dev.devId })).body as { list: Body[] }).list
  const change = async (more: object) => {
    const [app] = await own()
    const given = { devId: dev.devId, id, version: app?.version, addresses: redirectUris, ...more }
    return owner.post('/web/developers/app-sign-ins/save', given)
  }

  it('see their own app alone', async () => {
    expect((await own()).map(one => one['appId'])).toEqual([id])
    expect((await change({ id: other })).retCode).toBe('1000')
  })

  it('change addresses within the rules, of which administrators hear', async () => {
    expect((await change({ addresses: ['http://lib.example.com/'] })).retCode).toBe('1000')
    expect(await kinds()).toEqual([])
    const addresses = ['https://lib.example.com/new']
    expect((await change({ addresses })).retCode).toBe('0')
    expect(await shown()).toMatchObject({
      oidc: { redirectUris: addresses },
      ownerChange: { by: '张三', fields: ['redirectUris'] },
    })
    expect(await kinds()).toEqual(['signInChangedByOwner'])
    const { body } = await admin.get('/web/audit', { act: 'app.sign-in.set' })
    expect((body as { list: unknown[] }).list[0]).toMatchObject({ actorName: '张三' })
    await admin.post('/web/apps/sign-in/review', { id })
    expect(await shown()).toMatchObject({ ownerChange: null })
    await nothingLeft()
  })

  it('ask for claims, which are given once an administrator has approved them', async () => {
    const [app] = await own()
    const asked = {
      devId: dev.devId,
      id,
      version: app?.version,
      names: ['profile', 'email'],
      purpose: '通知',
    }
    expect((await owner.post('/web/developers/app-sign-ins/ask', asked)).retCode).toBe('0')
    expect((await owner.post('/web/developers/app-sign-ins/ask', asked)).status).toBe(409)
    // The alert about the owner's change ends with the look that follows it.
    await expect.poll(kinds).toEqual(['claimsAskedFor'])
    const release = async () => {
      const signIn = world.ctx.appSignIns.of(id)!
      const app = world.ctx.apps.get(world.corpId, id)
      const found = await releaseOf(world.ctx, app, signIn, memberNamed('zhangsan'))
      return 'released' in found ? found.released : found
    }
    expect(await release()).toEqual([])
    // A save for another reason does not approve what waits.
    const claims = [
      { name: 'profile', purpose: '通知', approve: true },
      { name: 'email', purpose: '通知', approve: false },
    ]
    await save({ kind: 'oidc', claims })
    expect(await release()).toEqual(['profile'])
    expect(await kinds()).toEqual(['claimsAskedFor'])
    await save({ kind: 'oidc', claims: claims.slice(0, 1) })
    await nothingLeft()
  })

  it('never get more by changing an address', async () => {
    const before = await shown()
    await change({ addresses: ['https://lib.example.com/third'], relation: 'own', leastAcr: 1 })
    const { claims, relation, leastAcr } = before
    expect(await shown()).toMatchObject({ claims, relation, leastAcr })
  })
})

describe('what a member sees of it', () => {
  it('is given back when they take it back, and the application is told', async () => {
    const { id: memberId } = memberNamed('zhangsan')
    const { corpId } = world
    const claims = ['profile']
    await putConsent(world.ctx.db, { corpId, appId: id, memberId, claims, agreedAt: new Date() })
    const session = { corpId, id: 's1', appId: id, memberId, sessionId: 'none', sid: 'sid1' }
    const logoutUri = 'http://127.0.0.1:9/logout'
    await putAppSession(world.ctx.db, { ...session, protocol: 'oidc', logoutUri }, new Date())
    const list = async () => ((await owner.get('/web/portal/grants')).body as { list: unknown[] }).list
    expect(await list()).toMatchObject([{ appId: id, claims, agreedAt: expect.any(String), lastAt: null }])
    expect((await owner.post('/web/portal/grants/withdraw', { appId: id })).retCode).toBe('0')
    expect(await list()).toEqual([])
    expect((await owner.post('/web/portal/grants/withdraw', { appId: id })).retCode).toBe('1000')
    const told = await recentLogouts(world.ctx.db, corpId, { appId: id, limit: 5, offset: 0 })
    expect(told).toMatchObject([{ sid: 'sid1', cause: 'app' }])
    const { body } = await admin.get('/web/apps/sign-in/logouts', { id })
    expect(body).toMatchObject({ list: [{ userName: '张三', cause: 'app' }] })
    expect((await admin.get('/web/apps/sign-in/sessions', { id })).body).toEqual({ list: [], total: 0 })
  })
})

describe('trying it', () => {
  it('is by a client whose only address is wisp’s own page', async () => {
    const { body } = await admin.get('/web/sign-in/trial', { appId: id })
    const { issuer } = world.ctx.appSignIns.addressesOf(world.corpId)
    const address = trialAddress(issuer, id)
    expect(body).toMatchObject({ kind: 'oidc', base: issuer, address, clientId: trialClientId(id) })
    const client = world.ctx.appSignIns.ofClient(world.corpId, trialClientId(id))
    expect(client).toMatchObject({
      appId: id,
      clientSecret: '',
      oidc: { isPublic: true, redirectUris: [address] },
    })
    expect(world.ctx.appSignIns.ofClient('another', trialClientId(id))).toBeUndefined()
    expect((await admin.get('/web/sign-in/trial', { appId: other })).retCode).toBe('1000')
  })

  it('is by a service of wisp’s own for CAS', async () => {
    const services = ['https://jw.example.com/']
    await runCommand(world.ctx, ['app', 'sign-in', other, '--cas', '--service', services[0]!])
    const { casBase } = world.ctx.appSignIns.addressesOf(world.corpId)
    const ofService = (service: string) => world.ctx.appSignIns.ofService(world.corpId, service)
    expect(ofService('https://jw.example.com/a')?.cas?.services).toEqual(services)
    expect(ofService(trialAddress(casBase, other))).toMatchObject({ appId: other })
    expect(ofService(trialAddress(casBase, id))).toBeUndefined()
    expect(ofService('https://evil.example.com/')).toBeUndefined()
  })
})

describe('opening an app', () => {
  const open = async (device: string) =>
    (await owner.post('/web/portal/open', { appId: id, device })).body as Record<string, unknown>

  it('is in a tab of the browser and without a jessionId, unless it is marked framed', async () => {
    for (const device of ['desktop', 'phone'])
      expect(await open(device)).toMatchObject({ url: homeUrl, tab: true, frame: false })
    expect((await owner.post('/web/portal/ticket', { appId: id })).retCode).toBe('1000')
    await save({ kind: 'oidc', isFramed: true })
    expect(await open('desktop')).toMatchObject({ url: homeUrl, tab: false, frame: true })
    const { ctx, corpId } = world
    await ctx.db.transaction().execute(async tx => {
      await tx.deleteFrom('queue').where('stream', '=', 'alert-check').execute()
      await putSignIn(tx, ctx, { actor: 'test', approves: true }, { corpId, appId: id }, { kind: 'jession' })
      // With the addresses goes what administrators were to check about them.
      const looks = await tx.selectFrom('queue').select('key').where('stream', '=', 'alert-check').execute()
      expect(looks).toHaveLength(1)
    })
    await ctx.reloadConfig(corpId)
    expect((await open('desktop'))['url']).toContain('jessionId=')
  })
})

describe('the command line', () => {
  const wisp = (...words: string[]) => runCommand(world.ctx, words)

  it('sets, shows and renews', async () => {
    const made = await wisp(
      'app',
      'sign-in',
      id,
      '--oidc',
      '--redirect-uri',
      `${redirectUris[0]},${homeUrl}b`,
    )
    expect(made.text).toContain('密钥只显示这一次')
    expect(made.data).toMatchObject({
      kind: 'oidc',
      oidc: { redirectUris: [redirectUris[0], `${homeUrl}b`] },
    })
    const { data, text } = await wisp('app', 'sign-in', id, '--show')
    expect(JSON.stringify(data)).not.toContain('clientSecret')
    expect(text).toContain('OpenID Connect')
    const renewed = await wisp('app', 'sign-in', id, '--renew-secret')
    expect(renewed.data).toMatchObject({ clientSecret: expect.stringMatching(/^[\w-]{43}$/) })
    const asked = await wisp('app', 'sign-in', id, '--public', '--claims', 'profile', '--purpose', '姓名')
    expect(asked.data).toMatchObject({ oidc: { isPublic: true }, claims: [{ name: 'profile' }] })
    await expect(wisp('app', 'sign-in', id, '--oidc', '--cas')).rejects.toThrow('只能选一个')
    await expect(wisp('app', 'sign-in', id, '--service', 'https://a.example/')).rejects.toThrow('--cas')
    await expect(wisp('app', 'sign-in', id, '--claims', 'phone')).rejects.toMatchObject({ code: '1001' })
    await wisp('app', 'sign-in', id, '--none')
    expect(world.ctx.appSignIns.of(id)?.kind).toBe('none')
    await wisp('app', 'sign-in', id, '--jession-id')
    expect(world.ctx.appSignIns.of(id)).toBeUndefined()
  })

  it('moves an address, and says first what breaks', async () => {
    const to = `${world.ctx.publicUrl()}/authserver`
    const warned = await wisp('sign-in', 'address', '--cas', to)
    expect(warned.data).toMatchObject({ breaks: [other] })
    expect(world.ctx.appSignIns.addressesOf(world.corpId).casBase).not.toBe(to)
    await wisp('sign-in', 'address', '--cas', to, '--yes')
    expect(world.ctx.appSignIns.addressesOf(world.corpId).casBase).toBe(to)
    await expect(
      wisp('sign-in', 'address', '--cas', `${world.ctx.publicUrl()}/api/x`, '--yes'),
    ).rejects.toThrow()
  })
})

describe('the corp’s own mail address', () => {
  it('comes with a sync, and alone counts as verified', async () => {
    const { body } = await save({
      kind: 'oidc',
      oidc: { redirectUris },
      claims: [{ name: 'email', purpose: '通知' }],
    })
    expect((body as Body).version).toBeGreaterThan(0)
    const { rows } = await world.ctx.db
      .selectFrom('member')
      .select(['user_key as key', 'biz_mail as bizMail', 'email'])
      .where('left_at', 'is', null)
      .execute()
      .then(all => ({ rows: all }))
    const claimsOf = async (key: string) => {
      const app = world.ctx.apps.get(world.corpId, id)
      const found = await releaseOf(world.ctx, app, world.ctx.appSignIns.of(id)!, memberNamed(key))
      return 'claims' in found ? found.claims : {}
    }
    const [withBiz, without] = [
      rows.find(one => one.bizMail !== ''),
      rows.find(one => one.bizMail === '' && one.email !== ''),
    ]
    expect(withBiz).toBeDefined()
    expect(await claimsOf(withBiz!.key)).toEqual({ email: withBiz!.bizMail, email_verified: true })
    if (without) expect(await claimsOf(without.key)).toEqual({ email: without.email, email_verified: false })
  })
})

describe('a program that is connected by its address', () => {
  it('becomes an app with its secret in one act, which leaves nothing when it is refused', async () => {
    const add = (input: object) => admin.post('/web/apps/programs/add', input)
    const apps = () => world.ctx.apps.ofCorp(world.corpId).map(one => one.name)
    const refused = await add({ program: 'grafana', address: 'http://g.example.com', name: 'Grafana' })
    expect(refused).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringMatching(/redirectUris\[0\] 应为 https/),
    })
    expect(apps()).not.toContain('Grafana')
    const added = await add({ program: 'grafana', address: 'https://g.example.com', name: 'Grafana' })
    const made = added.body as { id: string; clientSecret: string }
    expect(made.clientSecret).toMatch(/^[\w-]{43}$/)
    const { body } = await admin.get('/web/apps/sign-in', { id: made.id })
    expect(body).toMatchObject({
      kind: 'oidc',
      homeUrl: 'https://g.example.com/',
      oidc: { redirectUris: ['https://g.example.com/login/generic_oauth'] },
      claims: [
        { name: 'profile', approvedBy: 'lisi' },
        { name: 'email', purpose: '发送通知' },
      ],
    })
    expect(await add({ program: 'notepad', address: 'https://n.example.com', name: 'x' })).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('grafana'),
    })
  })

  it('is connected for an app that there is, unless somebody else was quicker, and on the command line', async () => {
    const { id: jw } = await addApp(world.ctx, 'test', world.corpId, { name: '教务处', homeUrl })
    const connect = (version: number) =>
      admin.post('/web/apps/programs/connect', {
        id: jw,
        version,
        program: 'phpcas',
        address: 'https://jw.example.com',
      })
    expect((await connect(7)).status).toBe(409)
    expect(await connect(0)).toMatchObject({ retCode: '0', body: { id: jw, clientSecret: '' } })
    expect(world.ctx.appSignIns.of(jw)?.cas?.services).toEqual(['https://jw.example.com/'])
    const said = await runCommand(world.ctx, [
      ...['app', 'sign-in', jw, '--program', 'gitlab'],
      ...['--address', 'https://git.example.com/sub'],
    ])
    expect(said.text).toContain('https://git.example.com/sub/users/auth/openid_connect/callback')
    await admin.post('/web/apps/sign-in/save', { id: jw, version: 2, settings: { kind: 'jession' } })
  })
})
