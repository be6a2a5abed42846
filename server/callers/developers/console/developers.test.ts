import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, callerOf, startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { setDeveloper } from '../developer-admin.ts'
import { listDevelopers } from '../overview.ts'
import { allDevelopers, updateDeveloper } from '../store.ts'

describe('the console of developers', () => {
  let world: World
  let as: SignedInClient
  beforeAll(async () => {
    world = await startWorld({ members: 40, departments: 8, tags: 2 })
    as = await signInAs(world, 'super')
  })
  afterAll(() => world.close())

  const form = { name: '报修系统', scopes: ['directory:read'], allowedIps: [], listStyle: 'object' }
  const create = async (change: object = {}) => {
    const answer = await as.post('/web/developers/add', { ...form, ...change })
    expect(answer).toMatchObject({ retCode: '0' })
    return answer.body as { devId: string; devSecret: string }
  }
  const one = async (devId: string) => (await as.get('/web/developers/one', { devId })).body
  const tokenCode = async (devId: string, devSecret: string) =>
    (await call(`${world.server.url}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret })}`))
      .retCode

  it('creates one whose secret is shown once and works', async () => {
    const made = await create()
    expect(made).toEqual({ devId: expect.stringMatching(/^wd/), devSecret: expect.stringMatching(/^.{43}$/) })
    expect(await tokenCode(made.devId, made.devSecret)).toBe('0')
    expect(await one(made.devId)).toMatchObject({
      name: '报修系统',
      enabled: true,
      scopes: ['directory:read'],
      dataScope: null,
      membersVisible: 40,
      secrets: [{ id: expect.any(Number), number: 1, lastUsedAt: expect.any(String) }],
      baseUrl: world.server.url,
    })
    const choices = (await as.get('/web/developers/choices')).body
    expect(choices.scopes).toContain('ticket:issue')
    expect(choices.initialScopes).toEqual(['directory:read'])
    expect(choices.purposes[0]).toMatchObject({
      text: '读通讯录',
      asked: expect.arrayContaining(['directory:mobile']),
    })
  })

  it('offers no scope whose calls do not exist; one that is stored is kept, and not shown', async () => {
    const made = await create({ name: '旧权限' })
    const { ctx, corpId } = world
    const stored = async () =>
      (await allDevelopers(ctx.db)).find(developer => developer.devId === made.devId)?.scopes
    await updateDeveloper(ctx.db, made.devId, { scopes: ['directory:read', 'room:read'] })
    await ctx.reloadConfig()
    const shown = await one(made.devId)
    expect(shown.scopes).toEqual(['directory:read'])
    const [listed] = (await as.get('/web/developers/list', { search: '旧权限' })).body.list
    expect(listed.scopes).toEqual(['directory:read'])
    const byCommand = (await listDevelopers(ctx, corpId)).find(developer => developer.devId === made.devId)
    expect(byCommand?.scopes).toEqual(['directory:read'])
    await setDeveloper(ctx, 'test', made.devId, { scopes: ['tag:write'] })
    expect(await stored()).toEqual(['tag:write', 'room:read'])
    const refused = await as.post('/web/developers/add', { ...form, scopes: ['room:read'] })
    expect([refused.retCode, refused.retMessage]).toEqual(['1000', expect.stringContaining('room')])
    await expect(setDeveloper(ctx, 'test', made.devId, { scopes: ['room:read'] })).rejects.toThrow('room')
  })

  it('lists them paged, sorted, searched, with today’s calls and failures', async () => {
    const made = await create({ name: '统计' })
    const caller = callerOf(world.server.url, made)
    await caller.get('/api/org/tagList')
    await caller.get('/api/user/get', { userId: 'nobody-here' })
    const { body } = await as.get('/web/developers/list', { search: '统计' })
    expect(body).toMatchObject({
      total: 1,
      list: [{ devId: made.devId, callsToday: 3, failuresToday: 1, secrets: 1 }],
    })
    const all = (await as.get('/web/developers/list', { sort: '-callsToday', pageSize: 1 })).body
    expect(all).toMatchObject({ total: 4, list: [{ devId: made.devId }] })
    expect((await as.get('/web/developers/list', { enabled: '0' })).body.total).toBe(0)
    expect((await as.get('/web/developers/list', { search: made.devId.toUpperCase() })).body.total).toBe(1)
    const usage = (await as.get('/web/developers/usage', { devId: made.devId, days: 7 })).body
    expect(usage).toMatchObject({ calls: 3, failures: 1 })
    expect(usage.days).toHaveLength(7)
    expect(usage.days.at(-1)).toMatchObject({ calls: 3, failures: 1 })
    expect(usage.endpoints).toEqual([
      { endpoint: '/api/org/tagList', calls: 1, failures: 0 },
      { endpoint: '/api/token/getDevToken', calls: 1, failures: 0 },
      { endpoint: '/api/user/get', calls: 1, failures: 1 },
    ])
  })

  it('saves a form, counts the data scope, and refuses a stale one', async () => {
    const { devId, devSecret } = await create()
    const mirror = world.ctx.mirrors.of(world.corpId)
    const department = mirror.tree.order.find(node => node.parent)?.department
    const [tag] = mirror.tags.values()
    if (!department || !tag) throw new Error('nothing to choose')
    const dataScope = { departments: [department.id], tags: [tag.id] }
    const counted = await as.get('/web/developers/visible', { departments: department.id, tags: tag.id })
    const { version } = await one(devId)
    const change = { ...form, devId, version, enabled: '1', name: '改名', dataScope, listStyle: 'array' }
    const packets = { packets: 'required', newDevices: '0' }
    const saved = await as.post('/web/developers/save', {
      ...change,
      ...packets,
      allowedIps: ['10.0.0.0/8', '127.0.0.1'],
    })
    expect(saved.body).toMatchObject({
      name: '改名',
      dataScope: {
        departments: [{ id: department.id, name: department.name }],
        tags: [{ id: tag.id, name: tag.name }],
      },
      membersVisible: counted.body.members,
      allowedIps: ['10.0.0.0/8', '127.0.0.1'],
      listStyle: 'array',
      packets: 'required',
      newDevices: false,
    })
    expect(counted.body.members).toBeGreaterThan(0)
    expect(counted.body.members).toBeLessThan(40)
    expect((await as.post('/web/developers/save', change)).retMessage).toContain('已被他人修改')
    const off = { ...form, devId, version: saved.body.version, enabled: '0' }
    expect((await as.post('/web/developers/save', off)).body).toMatchObject({
      enabled: false,
      dataScope: null,
    })
    expect(await tokenCode(devId, devSecret)).toBe('1002')
  })

  it('says in Chinese what is no address', async () => {
    const refused = await as.post('/web/developers/add', { ...form, allowedIps: ['10.0.0.0/99'] })
    expect(refused.retMessage).toMatch(/10\.0\.0\.0\/99 不是 IP 地址或网段，/)
  })

  it('gives samples that the developer may call', async () => {
    const { order } = world.ctx.mirrors.of(world.corpId).tree
    const leaf = order.findLast(node => node.parent && node.children.length === 0)
    if (!leaf) throw new Error('nothing to choose')
    const made = await create({ dataScope: { departments: [leaf.department.id], tags: [] } })
    const { sample } = await one(made.devId)
    expect(sample.orgId).toBe(String(leaf.department.id))
    const caller = callerOf(world.server.url, made)
    expect((await caller.get('/api/org/list', { orgId: sample.orgId })).retCode).toBe('0')
    expect((await caller.get('/api/user/get', { userId: sample.userId })).retCode).toBe('0')
  })

  it('keeps in a data scope what has been deleted in WeCom since', async () => {
    await world.ctx.db
      .updateTable('developer')
      .set({ scope_departments: [999_001], scope_tags: [] })
      .where('dev_id', '=', world.dev.devId)
      .execute()
    await world.ctx.reloadConfig()
    const { version, dataScope } = await one(world.dev.devId)
    expect(dataScope.departments).toEqual([{ id: 999_001, name: '' }])
    const change = { ...form, devId: world.dev.devId, version, enabled: '1' }
    const kept = { ...change, dataScope: { departments: [999_001, 1], tags: [] } }
    expect((await as.post('/web/developers/save', kept)).retCode).toBe('0')
  })

  it('gives a second secret, and lets either die with its tokens', async () => {
    const { devId, devSecret } = await create()
    const token = await callerOf(world.server.url, { devId, devSecret }).token()
    const isAlive = async () => (await call(`${world.server.url}/api/org/tagList?devToken=${token}`)).retCode
    const second = (await as.post('/web/developers/add-secret', { devId })).body
    expect(await tokenCode(devId, second.devSecret)).toBe('0')
    const [old, young] = (await one(devId)).secrets
    expect([old.number, young.number]).toEqual([1, 2])
    expect(await isAlive()).toBe('0')
    const revoke = (secretId: number) => as.post('/web/developers/revoke-secret', { devId, secretId })
    expect((await revoke(old.id)).retCode).toBe('0')
    expect(await isAlive()).toBe('1004')
    expect(await tokenCode(devId, devSecret)).toBe('1003')
    expect((await revoke(old.id)).retCode).toBe('1000')
    expect((await revoke(young.id)).retCode).toBe('0')
    expect((await one(devId)).secrets).toEqual([])
  })

  it.each([
    [{ name: '' }, '1001'],
    [{ listStyle: 'xml' }, '1000'],
    [{ packets: 'sometimes' }, '1000'],
    [{ dataScope: { departments: ['1'], tags: [] } }, '1000'],
    [{ dataScope: 'all' }, '1000'],
  ])('refuses to create with %j', async (change, code) => {
    expect((await as.post('/web/developers/add', { ...form, ...change })).retCode).toBe(code)
  })

  it.each([
    ['one', { devId: 'wd0' }, '1002'],
    ['usage', { devId: 'wd0', days: 7 }, '1002'],
    ['usage', { devId: 'wd0', days: 8 }, '1000'],
    ['list', { sort: 'secret' }, '1000'],
    ['list', { enabled: 'x' }, '1000'],
  ])('refuses %s %j', async (path, query, code) => {
    expect((await as.get(`/web/developers/${path}`, query as Record<string, string>)).retCode).toBe(code)
  })

  it('knows no developer of another corp', async () => {
    const system = await signInAs(world, 'system')
    const add = { newCorpId: 'ww0000', name: '别家', contactSecret: 'x', force: '1' }
    expect((await system.post('/web/corps/add', add)).retCode).toBe('0')
    const made = (await system.post('/web/developers/add', { ...form, corpId: 'ww0000' })).body
    expect((await as.get('/web/developers/one', { devId: made.devId })).retCode).toBe('1002')
    const change = { ...form, devId: made.devId, version: 'v', enabled: '0' }
    expect((await as.post('/web/developers/save', change)).retCode).toBe('1002')
    expect((await as.post('/web/developers/add-secret', { devId: made.devId })).retCode).toBe('1002')
    const secretId = { devId: made.devId, secretId: 1 }
    expect((await as.post('/web/developers/revoke-secret', secretId)).retCode).toBe('1002')
    expect((await system.get('/web/developers/list', { corpId: 'ww0000' })).body.total).toBe(1)
  })

  it('lets no secret into other answers, nor into the audit log', async () => {
    const { devId, devSecret } = await create()
    const { devSecret: second } = (await as.post('/web/developers/add-secret', { devId })).body
    const answers = JSON.stringify([await one(devId), (await as.get('/web/developers/list')).body])
    const audit = JSON.stringify(await world.ctx.db.selectFrom('audit').selectAll().execute())
    expect(audit).toContain('developer.rotate')
    for (const secret of [devSecret, second]) {
      expect(answers).not.toContain(secret)
      expect(audit).not.toContain(secret)
    }
  })

  it('is for nobody below', async () => {
    for (const level of ['graded', 'member', 'nobody'] as const) {
      const other = await signInAs(world, level, 'lisi', [{ departmentId: 1, manage: true }])
      const status = level === 'nobody' ? 401 : 403
      for (const path of ['list', 'one', 'choices', 'visible', 'usage'])
        expect(await other.get(`/web/developers/${path}`), path).toMatchObject({ status })
      for (const path of ['add', 'save', 'add-secret', 'revoke-secret'])
        expect(await other.post(`/web/developers/${path}`), path).toMatchObject({ status })
    }
  })

  it('lends a devToken for the docs, which ends with the secret and is in the audit log', async () => {
    const { devId } = await create({ name: '试调用' })
    const lend = () => as.post('/web/developers/lend-token', { devId })
    const self = async (devToken: string) =>
      call(`${world.server.url}/api/developer/self?devToken=${devToken}`)
    const { devToken, expiresIn } = (await lend()).body
    expect(expiresIn).toBe(7200)
    expect((await self(devToken)).body).toMatchObject({ devId, name: '试调用', scopes: ['directory:read'] })
    const acts = (await as.get('/web/audit', { act: 'developer.lend' })).body.list
    expect(acts[0]).toMatchObject({ target: devId })
    const [secret] = (await one(devId)).secrets
    await as.post('/web/developers/revoke-secret', { devId, secretId: secret.id })
    expect((await self(devToken)).retCode).toBe('1004')
    expect((await lend()).retMessage).toContain('没有有效的密钥')
    await setDeveloper(world.ctx, 'test', devId, { name: '试调用', enabled: false })
    expect((await lend()).retMessage).toContain('已停用')
  })
})
